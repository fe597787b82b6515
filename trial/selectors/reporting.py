"""What the authors have to write and the certifiers to check, before anyone is randomized. No names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from trial.models import CriticalFinding, Membership, Participant, ReportVersion
from trial.permissions import Permission, require
from trial.selectors.participant import has


@dataclass(frozen=True, slots=True)
class Task:
    """One participant, what is to be done about their report, and whether it is this person's turn."""

    participant: Participant
    words: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Text:
    """One wording of a participant's report: its name, and its version if it is written."""

    wording: str
    label: str
    version: ReportVersion | None


def to_write(by: Membership) -> list[Task]:
    """Everyone who takes part: those whose report is still to be written first."""
    require(by, Permission.WRITE_REPORT)
    return _sorted([_writing(participant) for participant in _taking_part(by)])


def to_check(by: Membership) -> list[Task]:
    """Everyone eligible: those who wait for a check, a closed loop or a certificate first."""
    require(by, Permission.CERTIFY_REPORT)
    return _sorted([_checking(participant, by) for participant in _possible(by)])


def texts(participant: Participant) -> list[Text]:
    """Every wording of the protocol, written or not, in the protocol's order."""
    versions = {
        version.wording: version for version in participant.versions.select_related("certified_by__member")
    }
    return [Text(arm.code, arm.label, versions.get(arm.code)) for arm in participant.study.protocol.arms]


def findings(participant: Participant) -> list[str]:
    """The findings in words, in the order of the report."""
    return [
        ", ".join(filter(None, [f"{_name(finding.kind)} {finding.level}", finding.side, finding.grade]))
        for finding in participant.findings.all()
    ]


def _name(kind: str) -> str:
    return kind.replace("-", " ").capitalize()


def critical_finding(participant: Participant) -> CriticalFinding | None:
    """The participant's critical finding, open or closed."""
    return CriticalFinding.objects.filter(participant=participant).first()


def _possible(by: Membership) -> QuerySet[Participant]:
    return (
        by.study.participants.filter(eligible=True, decline=None, withdrawal=None)
        .select_related("consent", "red_flag_check", "critical_finding", "report")
        .prefetch_related("versions")
    )


def _taking_part(by: Membership) -> QuerySet[Participant]:
    return _possible(by).filter(consent__isnull=False)


def _sorted(tasks: Sequence[Task]) -> list[Task]:
    return sorted(tasks, key=lambda task: (not task.mine, task.participant.code))


def _writing(participant: Participant) -> Task:
    wanted, written, certified = _counted(participant)
    if not has(participant, "report"):
        return Task(participant, "Enter the report", mine=True)
    if written < wanted:
        return Task(participant, f"Write ({written} of {wanted})", mine=True)
    if certified < wanted:
        return Task(participant, "With the certifier", mine=False)
    return Task(participant, "Certified", mine=False)


def _checking(participant: Participant, by: Membership) -> Task:
    if not has(participant, "red_flag_check"):
        return Task(participant, "Check for critical findings", mine=True)
    finding: CriticalFinding | None = getattr(participant, "critical_finding", None)
    if finding is not None and finding.is_open:
        return Task(participant, "Close the critical finding", mine=True)
    if finding is not None and not finding.may_continue:
        return Task(participant, "Routed to clinical care", mine=False)
    wanted, written, certified = _counted(participant)
    if written > certified:
        return Task(participant, f"Certify ({certified} of {wanted})", mine=True)
    return Task(participant, "Certified" if certified == wanted else "Waiting for the author", mine=False)


def _counted(participant: Participant) -> tuple[int, int, int]:
    """How many versions are wanted, written, certified."""
    versions = list(participant.versions.all())
    certified = sum(version.certified_at is not None for version in versions)
    return len(participant.study.protocol.arms), len(versions), certified
