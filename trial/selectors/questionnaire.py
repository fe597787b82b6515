"""A visit's questionnaires as a participant meets them: screens of a few questions, and how far they came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from instruments import catalogue
from instruments.answers import Missing
from instruments.model import Choice, Instrument, Item, ScaleKind
from trial.models import Assessment, Participant
from trial.protocol import Visit
from trial.selectors import answers
from trial.selectors.answers import Answer

MOST = 5  # questions on a screen of a phone
MOST_YES_NO = 6  # the same when there are two choices only


@dataclass(frozen=True, slots=True)
class Question:
    """An item and its newest answer; None as long as nothing was said about it."""

    number: int
    item: Item
    answer: Answer | None

    @property
    def code(self) -> str:
        return self.item.code

    @property
    def is_scale(self) -> bool:
        """Whether it is a row of numbers between two labelled ends."""
        return self.item.scale.kind is ScaleKind.NUMBERS

    @property
    def is_left_out(self) -> bool:
        return isinstance(self.answer, Missing)

    @property
    def chosen(self) -> Choice | None:
        """The choice that was made, if one was."""
        return next((choice for choice in self.item.choices if choice.value == self.answer), None)


@dataclass(frozen=True, slots=True)
class Screen:
    """Some questions of one questionnaire; `part` counts the questionnaires, `number` the screens."""

    number: int
    part: int
    parts: int
    total: int  # questions of the whole questionnaire
    instrument: Instrument
    questions: tuple[Question, ...]
    sent: bool

    @property
    def first(self) -> int:
        return self.questions[0].number

    @property
    def last(self) -> int:
        return self.questions[-1].number

    @property
    def is_passed(self) -> bool:
        """Whether each question was answered or deliberately left out, or all was sent."""
        return self.sent or all(question.answer is not None for question in self.questions)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """All screens of a visit, in the protocol's order."""

    visit: Visit
    screens: tuple[Screen, ...]

    @property
    def furthest(self) -> int | None:
        """The first screen that is not passed; None when only the sending is left."""
        return next((screen.number for screen in self.screens if not screen.is_passed), None)

    @property
    def is_begun(self) -> bool:
        return any(question.answer is not None for screen in self.screens for question in screen.questions)

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        return tuple({screen.part: screen.instrument for screen in self.screens}.values())

    @property
    def minutes(self) -> int:
        """About how long it takes to answer all of it."""
        return sum(instrument.minutes for instrument in self.instruments)

    def screen(self, number: int) -> Screen | None:
        """The screen of this number, if it may be shown: all before it are passed, and it is not sent."""
        furthest = self.furthest or len(self.screens)
        if not 1 <= number <= furthest or self.screens[number - 1].sent:
            return None
        return self.screens[number - 1]


def of(participant: Participant, visit: Visit) -> Questionnaire:
    """The visit's questionnaires with the participant's answers so far."""
    begun = participant.assessments.filter(visit=visit.code).prefetch_related("responses")
    known = {assessment.instrument: assessment for assessment in begun}
    screens: list[Screen] = []
    for part, code in enumerate(visit.instruments, start=1):
        screens += _screens(part, len(visit.instruments), len(screens), code, known.get(code))
    return Questionnaire(visit, tuple(screens))


def _screens(part: int, parts: int, before: int, code: str, begun: Assessment | None) -> Sequence[Screen]:
    """The screens of one questionnaire, in the version that was begun; `before` screens came earlier."""
    instrument = catalogue.load(code, begun.instrument_version if begun else None)
    current: Mapping[str, Answer] = answers.newest(begun.responses.all()) if begun else {}
    questions = [
        Question(number, item, current.get(item.code))
        for number, item in enumerate(instrument.items, start=1)
    ]
    sent = begun is not None and begun.submitted_at is not None
    return [
        Screen(before + count, part, parts, len(questions), instrument, chunk, sent)
        for count, chunk in enumerate(_chunks(questions), start=1)
    ]


def _chunks(questions: Sequence[Question]) -> list[tuple[Question, ...]]:
    """As few screens as possible, and those as even as possible."""
    short = all(len(question.item.choices) == 2 for question in questions)
    count = -(-len(questions) // (MOST_YES_NO if short else MOST))
    size, longer = divmod(len(questions), count)
    ends = list(accumulate(size + (number < longer) for number in range(count)))
    return [tuple(questions[start:end]) for start, end in zip([0, *ends], ends, strict=False)]
