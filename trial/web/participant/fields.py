"""A screen's questions as the page shows them: what is ticked, and what is wrong beside it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from trial.selectors.questionnaire import Question, Screen

LEFT_OUT = "You did not answer this question. You can leave it out."


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer; `end` says what the end of a scale means."""

    value: int
    label: str
    end: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A question with its options; `error` must be mended, `prompt` need not."""

    question: Question
    options: tuple[Option, ...]
    error: str = ""
    prompt: str = ""

    @property
    def message(self) -> str:
        return self.error or self.prompt


def given(screen: Screen, posted: Mapping[str, str]) -> dict[str, str]:
    """What was sent for the questions of this screen; whatever else was sent is not looked at."""
    return {
        question.code: posted[question.code] for question in screen.questions if posted.get(question.code)
    }


def fields(
    screen: Screen,
    *,
    posted: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    prompts: Collection[str] = (),
) -> list[Field]:
    """The screen's questions, with what was posted before what is kept."""
    return [
        Field(
            question,
            _options(question, (posted or {}).get(question.code)),
            error=_sentence((errors or {}).get(question.code, "")),
            prompt=LEFT_OUT if question.code in prompts else "",
        )
        for question in screen.questions
    ]


def _options(question: Question, posted: str | None) -> tuple[Option, ...]:
    kept = "" if question.chosen is None else str(question.chosen.value)
    chosen = kept if posted is None else posted
    return tuple(
        Option(
            value=choice.value,
            label=str(choice.value) if question.is_scale else choice.label,
            end=choice.label if question.is_scale else "",
            is_chosen=str(choice.value) == chosen,
        )
        for choice in question.item.choices
    )


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}. Please choose one of the answers." if reason else ""
