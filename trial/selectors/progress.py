"""How far the study has come, by site and by visit. Nothing by arm, nothing by stratum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

from trial.models import Membership, Participant, Study
from trial.permissions import Permission, require
from trial.selectors import participant as participants
from trial.selectors import visits
from trial.selectors.participant import has


@dataclass(frozen=True, slots=True)
class Counts:
    """One site, or all of them: people, and visits that were sent in of those that are due by now."""

    screened: int = 0
    eligible: int = 0
    consented: int = 0
    randomized: int = 0
    withdrawn: int = 0
    visits_done: int = 0
    visits_due: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))


@dataclass(frozen=True, slots=True)
class VisitCounts:
    """One visit of the protocol, at all sites that are seen: sent in, late among them, due by now."""

    label: str
    done: int
    late: int
    due: int


@dataclass(frozen=True, slots=True)
class Progress:
    """The sites in the order of their codes, their sum, and the visits."""

    sites: Sequence[tuple[str, Counts]]
    total: Counts
    visits: Sequence[VisitCounts]
    planned: int


@dataclass(frozen=True, slots=True)
class _Person:
    """A participant and, for each visit, whether it is due by now and how it was done."""

    participant: Participant
    visits: Sequence[_VisitFacts]


@dataclass(frozen=True, slots=True)
class _VisitFacts:
    due: bool
    done: bool
    late: bool


def progress(by: Membership, at: datetime) -> Progress:
    """What the member may see: a coordinator the own site, everyone else all of them."""
    require(by, Permission.SEE_PROGRESS)
    people = _people(by, at)
    sites = [
        (str(site), sum((_counts(one) for one in people if one.participant.site_id == site.pk), Counts()))
        for site in by.study.sites.all()
        if by.site_id in {None, site.pk}
    ]
    total = sum((counts for _, counts in sites), Counts())
    planned = by.study.protocol.study.planned
    return Progress(sites, total, _by_visit(by.study, people), planned)


def _people(by: Membership, at: datetime) -> list[_Person]:
    people = []
    for participant in participants.seen_by(by).prefetch_related("assessments"):
        participant.study = by.study  # one parsed protocol for all
        statuses = visits.statuses(participant, at)
        people.append(_Person(participant, [_facts(participant, status, at) for status in statuses]))
    return people


def _facts(participant: Participant, status: visits.VisitStatus, at: datetime) -> _VisitFacts:
    """A visit is due when its day has come, unless the participant or the study had stopped by then."""
    done = 0 < status.asked == status.answered
    due = done or (status.due is not None and status.asked > 0 and status.due <= _last_day(participant, at))
    return _VisitFacts(due, done, done and status.state is visits.State.DONE_LATE)


def _last_day(participant: Participant, at: datetime) -> date:
    """Today, or the day on which the participant or the study stopped."""
    ends = [at]
    if participant.study.locked_at is not None:
        ends.append(participant.study.locked_at)
    if has(participant, "withdrawal"):
        ends.append(participant.withdrawal.at)
    return visits.today(participant.study, min(ends))


def _counts(one: _Person) -> Counts:
    return Counts(
        screened=1,
        eligible=int(one.participant.eligible),
        consented=int(has(one.participant, "consent")),
        randomized=int(one.participant.randomized_at is not None),
        withdrawn=int(has(one.participant, "withdrawal")),
        visits_done=sum(visit.done for visit in one.visits),
        visits_due=sum(visit.due for visit in one.visits),
    )


def _by_visit(study: Study, people: Sequence[_Person]) -> list[VisitCounts]:
    found = []
    for number, visit in enumerate(study.protocol.visits):
        facts = [one.visits[number] for one in people]
        found.append(
            VisitCounts(
                label=visit.label,
                done=sum(fact.done for fact in facts),
                late=sum(fact.late for fact in facts),
                due=sum(fact.due for fact in facts),
            )
        )
    return found
