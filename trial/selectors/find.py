"""One object by its public identifier: of the member's own study, or there is no such thing."""

from __future__ import annotations

from uuid import UUID

from trial.models import AnalysisFile, AnalysisRun, Membership, Participant, ReportVersion, Snapshot
from trial.permissions import Permission, require
from trial.refusals import NotFound, StillBlind


def participant(by: Membership, public_id: UUID) -> Participant:
    """A participant of the study, at whichever site: the service or page then asks for the permission."""
    found = (
        by.study.participants.select_related("site", "consent", "withdrawal", "decline", "delivery", "report")
        .prefetch_related("assessments", "links")
        .filter(public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def version(of: Participant, public_id: UUID) -> ReportVersion:
    """One of the participant's versions, with its participant."""
    found = of.versions.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def snapshot(by: Membership, public_id: UUID) -> Snapshot:
    """A snapshot of the study."""
    found = by.study.snapshots.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def run(by: Membership, public_id: UUID) -> AnalysisRun:
    """A run of the plan: rehearsals for those who analyse, the real one after the unblinding."""
    found = (
        AnalysisRun.objects.select_related("snapshot")
        .filter(snapshot__study=by.study, public_id=public_id)
        .first()
    )
    if found is None:
        raise NotFound
    check_may_see(by, found)
    return found


def check_may_see(by: Membership, run: AnalysisRun) -> None:
    """Made-up arms are for those who rehearse; real ones for those who may see results, once unblinded."""
    if run.label == AnalysisRun.Label.REHEARSAL:
        return require(by, Permission.ANALYSE)
    require(by, Permission.SEE_RESULTS)
    if by.study.unblinded_at is None:
        raise StillBlind
    return None


def file(run: AnalysisRun, name: str) -> AnalysisFile:
    """A file of a run."""
    found = run.files.filter(name=name).first()
    if found is None:
        raise NotFound
    return found
