"""The gate in the wall: every read that tells an arm, and the reason why it may."""

from __future__ import annotations

from trial import vault
from trial.models import Membership, Participant, ReportVersion
from trial.models.allocation import Allocation
from trial.permissions import Permission, require
from trial.refusals import NotRandomized, StillBlind


def arms(*, by: Membership) -> dict[str, str]:
    """Participant code → arm, for those who may see results, once the study is unblinded."""
    require(by, Permission.SEE_RESULTS)
    if by.study.unblinded_at is None:
        raise StillBlind
    allocations = Allocation.objects.filter(study=by.study).select_related("participant")
    return {row.participant.code: vault.unseal_arm(row.sealed_arm) for row in allocations}


def arm_in_emergency(participant: Participant, *, by: Membership) -> str:
    """One participant's arm, for a clinician who needs it now; `services.emergency` has recorded it."""
    require(by, Permission.UNBLIND_ONE, study=participant.study)
    allocation = Allocation.objects.filter(participant=participant).first()
    if allocation is None:
        raise NotRandomized
    return vault.unseal_arm(allocation.sealed_arm)


def version_for(participant: Participant) -> ReportVersion:
    """The version that the participant is to read: for the participant alone."""
    allocation = Allocation.objects.filter(participant=participant).first()
    if allocation is None:
        raise NotRandomized
    return participant.versions.get(wording=vault.unseal_arm(allocation.sealed_arm))
