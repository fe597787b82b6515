"""Visits: when each is due, whether it is done, and what a participant has to answer now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from trial.models import Participant, Study
from trial.protocol import Visit
from trial.selectors.participant import has


class State(StrEnum):
    """Where a visit stands, in words that a coordinator reads."""

    NOT_YET = "not yet"
    OPEN = "due now"
    LATE = "late"
    DONE = "done"
    DONE_LATE = "done late"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class VisitStatus:
    """One visit of one participant; the dates are None as long as the anchor has not happened."""

    visit: Visit
    state: State
    opens: date | None
    due: date | None
    closes: date | None
    answered: int
    asked: int

    @property
    def can_answer(self) -> bool:
        return self.state in {State.OPEN, State.LATE}


def today(study: Study, at: datetime) -> date:
    """The date in the study's time zone."""
    return at.astimezone(ZoneInfo(study.protocol.study.timezone)).date()


def statuses(participant: Participant, at: datetime) -> list[VisitStatus]:
    """Every visit of the protocol for this participant."""
    return [_status(participant, visit, at) for visit in participant.study.protocol.visits]


def status(participant: Participant, code: str, at: datetime) -> VisitStatus:
    """One visit; KeyError when the protocol has none of that code."""
    return _status(participant, participant.study.protocol.visit(code), at)


def due(participant: Participant, at: datetime) -> list[VisitStatus]:
    """The visits that can be answered now, the earliest first."""
    return [status for status in statuses(participant, at) if status.can_answer]


def _anchor(participant: Participant, visit: Visit) -> datetime | None:
    if visit.anchor == "consent":
        return participant.consent.at if has(participant, "consent") else None
    return participant.randomized_at


def _status(participant: Participant, visit: Visit, at: datetime) -> VisitStatus:
    done = [a for a in participant.assessments.all() if a.visit == visit.code and a.submitted_at is not None]
    asked = len(visit.instruments)
    anchor = _anchor(participant, visit)
    if anchor is None:
        return VisitStatus(visit, State.NOT_YET, None, None, None, len(done), asked)
    protocol = participant.study.protocol
    opens, due_on, closes = protocol.window(visit.code, today(participant.study, anchor))
    state = _state(participant, visit, at, opens, closes)
    if len(done) == asked:
        state = State.DONE_LATE if any(a.late for a in done) else State.DONE
    return VisitStatus(visit, state, opens, due_on, closes, len(done), asked)


def _state(participant: Participant, visit: Visit, at: datetime, opens: date, closes: date) -> State:
    if has(participant, "withdrawal") or participant.study.locked_at is not None:
        return State.STOPPED
    if visit.anchor == "consent" and participant.randomized_at is not None:
        return State.STOPPED  # a baseline answered after the allocation is no baseline
    now = today(participant.study, at)
    if now < opens:
        return State.NOT_YET
    return State.LATE if now > closes else State.OPEN


def start_of(day: date, study: Study) -> datetime:
    """Midnight of a date in the study's time zone."""
    return datetime.combine(day, time(), ZoneInfo(study.protocol.study.timezone))
