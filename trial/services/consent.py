"""Consent, and the end of taking part."""

from __future__ import annotations

from datetime import datetime

from trial.models import AuditEvent, Consent, Membership, Participant, Withdrawal
from trial.permissions import Permission, require
from trial.refusals import (
    AlreadyDone,
    HasWithdrawn,
    InvalidInput,
    NotConsented,
    NotEligible,
    Refusal,
    StudyLocked,
)
from trial.selectors import participant as participants
from trial.services import ledger
from trial.services.act import act


@act
def record(*, participant: Participant, version: str, by: Membership, at: datetime) -> Consent:
    """The participant signed this version of the consent form."""
    require(by, Permission.CONSENT, site=participant.site)
    wanted = participant.study.protocol.consent.version
    if version != wanted:
        raise InvalidInput("version", f"the consent form in force is {wanted}")
    if refusal := _why_not(participant):
        raise refusal
    consent = Consent.objects.create(participant=participant, version=version, at=at)
    ledger.record(AuditEvent.Action.CONSENTED, participant.code, by=by, at=at, version=version)
    return consent


def _why_not(participant: Participant) -> Refusal | None:
    if participant.study.locked_at is not None:
        return StudyLocked()
    if Consent.objects.filter(participant=participant).exists():
        return AlreadyDone("Consent was recorded before.")
    if not participant.eligible:
        return NotEligible()
    return participants.gate(participant)


@act
def withdraw(*, participant: Participant, reason: str, by: Membership, at: datetime) -> Withdrawal:
    """The participant stops: no more questions or links; what was answered is kept."""
    require(by, Permission.CONSENT, site=participant.site)
    if not Consent.objects.filter(participant=participant).exists():
        raise NotConsented
    if Withdrawal.objects.filter(participant=participant).exists():
        raise HasWithdrawn
    if reason not in Withdrawal.Reason.values:
        raise InvalidInput("reason", "please choose one of the reasons")
    withdrawal = Withdrawal.objects.create(participant=participant, reason=reason, at=at)
    participant.links.update(uses_left=0)
    ledger.record(AuditEvent.Action.WITHDRAWN, participant.code, by=by, at=at, reason=reason)
    return withdrawal
