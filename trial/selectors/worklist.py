"""What is to be done next for each participant, and which of it today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.dateformat import format as written

from trial.models import Membership, Participant
from trial.permissions import Permission, require
from trial.refusals import NotCertified, NotChecked, RoutedToCare
from trial.selectors import participant as participants
from trial.selectors import visits
from trial.selectors.participant import has


class State(StrEnum):
    """Where a participant stands today, in the order in which a coordinator looks."""

    DO = "to-do"
    LATE = "late"
    DUE = "due"
    WAITING = "waiting"
    LATER = "later"
    ENDED = "ended"


LABELS: Mapping[State, str] = {
    State.DO: "To do",
    State.LATE: "Late",
    State.DUE: "Questions due",
    State.WAITING: "Waiting",
    State.LATER: "Nothing due",
    State.ENDED: "Ended",
}
ORDER = tuple(State)


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next, in words; `page` names the page on which a coordinator does it, if it is theirs."""

    state: State
    words: str
    page: str = ""

    @property
    def label(self) -> str:
        return LABELS[self.state]


@dataclass(frozen=True, slots=True)
class Row:
    """A participant of the list and their next step."""

    participant: Participant
    step: Step


def rows(by: Membership, at: datetime) -> list[Row]:
    """Every participant that the member may see, those with something to do first."""
    require(by, Permission.SEE_PARTICIPANTS)
    seen = (
        participants.seen_by(by)
        .select_related(
            "site", "consent", "withdrawal", "decline", "delivery", "red_flag_check", "critical_finding"
        )
        .prefetch_related("assessments", "links")
    )
    found = []
    for participant in seen:
        participant.study = by.study  # one parsed protocol for all
        found.append(Row(participant, step(participant, at)))
    return sorted(found, key=lambda row: (ORDER.index(row.step.state), row.participant.code))


def counts(found: list[Row]) -> dict[State, int]:
    """How many participants there are in each state."""
    number = Counter(row.step.state for row in found)
    return {state: number[state] for state in ORDER}


def step(participant: Participant, at: datetime) -> Step:
    """The next step: the first rule that has something to say."""
    found = (rule(participant, at) for rule in RULES)
    return next(one for one in found if one is not None)


def _ended(participant: Participant, at: datetime) -> Step | None:
    for is_over, words in (
        (not participant.eligible, "Not eligible"),
        (has(participant, "decline"), "Does not take part"),
        (has(participant, "withdrawal"), "Withdrawn"),
        (participant.study.locked_at is not None, "The study is locked"),
    ):
        if is_over:
            return Step(State.ENDED, words)
    return None


def _consent(participant: Participant, at: datetime) -> Step | None:
    if has(participant, "consent"):
        return None
    refusal = participants.gate(participant)
    if refusal is None:
        return Step(State.DO, "Consent", "consent")
    if isinstance(refusal, RoutedToCare):
        return Step(State.ENDED, "Routed to clinical care")
    waiting = "radiologist" if isinstance(refusal, NotChecked) else "treating clinician: critical finding"
    return Step(State.WAITING, f"Waiting for {waiting}")


def _link(participant: Participant, at: datetime) -> Step | None:
    """There is something to answer or to read, and no link that leads there."""
    unread = participant.randomized_at is not None and not has(participant, "delivery")
    is_needed = unread or visits.due(participant, at)
    if not is_needed or any(link.expires_at > at and link.uses_left for link in participant.links.all()):
        return None
    return Step(State.DO, "Send link", "send-link")


def _randomization(participant: Participant, at: datetime) -> Step | None:
    if participant.randomized_at is not None:
        return None
    baseline = visits.status(participant, participant.study.protocol.baseline.code, at)
    if baseline.answered < baseline.asked:
        late = baseline.state is visits.State.LATE
        so_far = f"({baseline.answered} of {baseline.asked})"
        words = (
            f"{baseline.visit.label} late {so_far}"
            if late
            else f"{baseline.visit.label} not complete {so_far}"
        )
        return Step(State.LATE if late else State.WAITING, words)
    obstacles = participants.obstacles(participant)
    if not obstacles:
        return Step(State.DO, "Randomize", "randomize")
    waiting = "Waiting for report" if isinstance(obstacles[0], NotCertified) else str(obstacles[0])
    return Step(State.WAITING, waiting)


def _visit(participant: Participant, at: datetime) -> Step | None:
    """The visit whose window is open, else the newest that was missed so far."""
    can_answer = visits.due(participant, at)
    for status in can_answer:
        if status.state is visits.State.OPEN:
            return Step(State.DUE, f"{status.visit.label} due until {_day(status.closes, participant, at)}")
    return Step(State.LATE, f"{can_answer[-1].visit.label} late") if can_answer else None


def _report(participant: Participant, at: datetime) -> Step | None:
    return None if has(participant, "delivery") else Step(State.WAITING, "Report not opened yet")


def _later(participant: Participant, at: datetime) -> Step | None:
    for status in visits.statuses(participant, at):
        if status.state is visits.State.NOT_YET:
            return Step(State.LATER, f"{status.visit.label} opens {_day(status.opens, participant, at)}")
    return None


def _finished(participant: Participant, at: datetime) -> Step | None:
    return Step(State.ENDED, "All visits done")


RULES: tuple[Callable[[Participant, datetime], Step | None], ...] = (
    _ended,
    _consent,
    _link,
    _randomization,
    _visit,
    _report,
    _later,
    _finished,
)


def _day(day: date | None, participant: Participant, at: datetime) -> str:
    """A date as it is spoken, with the year only when it is another one."""
    assert day is not None  # a visit that is open or to come has its dates
    same_year = day.year == visits.today(participant.study, at).year
    return written(day, "j F" if same_year else "j F Y")
