"""What the flow diagram is counted from: everyone who was assessed, and what became of them. No arm."""

from __future__ import annotations

from collections import Counter
from typing import TypedDict

from trial.models import CriticalFinding, Decline, Participant, Study
from trial.selectors.dataset import usubjid
from trial.selectors.participant import has
from trial.selectors.visits import today

INELIGIBLE = "Not meeting the eligibility criteria"
NOT_RANDOMIZED = "Other: not randomized before the snapshot"
CRITICAL = "Critical finding, routed to clinical care"


class Randomized(TypedDict):
    """One randomized participant: did they get their version, why did they stop, before which visit?"""

    participant: str
    received: bool
    withdrawn: str
    left: str


class Facts(TypedDict):
    """The counts before the allocation, and the randomized one by one."""

    assessed: int
    excluded: dict[str, int]
    critical: int
    randomized: list[Randomized]


def facts(study: Study) -> Facts:
    """The facts of this moment; each person who was assessed is counted exactly once."""
    people = list(
        study.participants.select_related("decline", "critical_finding", "delivery", "withdrawal").order_by(
            "code"
        )
    )
    left_out = Counter(_why_left_out(person) for person in people if person.randomized_at is None)
    critical = left_out.pop(CRITICAL, 0)
    return Facts(
        assessed=len(people),
        excluded=dict(sorted(left_out.items())),
        critical=critical,
        randomized=[_randomized(study, person) for person in people if person.randomized_at is not None],
    )


def _why_left_out(person: Participant) -> str:
    if not person.eligible:
        return INELIGIBLE
    if has(person, "decline"):
        return str(Decline.Reason(person.decline.reason).label)
    finding: CriticalFinding | None = getattr(person, "critical_finding", None)
    if finding is not None and not finding.may_continue:
        return CRITICAL
    return NOT_RANDOMIZED


def _randomized(study: Study, person: Participant) -> Randomized:
    withdrawn = has(person, "withdrawal")
    return Randomized(
        participant=usubjid(study, person.code),
        received=has(person, "delivery"),
        withdrawn=str(person.withdrawal.get_reason_display()) if withdrawn else "",
        left=_left(study, person) if withdrawn else "",
    )


def _left(study: Study, person: Participant) -> str:
    """The first visit that was due after the withdrawal: from there on no form was expected."""
    assert person.randomized_at is not None
    anchor, stopped = today(study, person.randomized_at), today(study, person.withdrawal.at)
    protocol = study.protocol
    due = (v.code for v in protocol.follow_ups if protocol.window(v.code, anchor).due >= stopped)
    return next(due, "")
