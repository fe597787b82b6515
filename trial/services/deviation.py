"""Errors after the randomization are recorded beside it: no slot comes back, and no arm changes."""

from __future__ import annotations

from datetime import datetime

from trial.models import AuditEvent, Deviation, Membership, Participant
from trial.permissions import Permission, require
from trial.refusals import InvalidInput, NotRandomized
from trial.selectors import participant as participants
from trial.services import ledger
from trial.services.act import act

LONGEST = 500


@act
def flag_error(*, participant: Participant, reason: str, by: Membership, at: datetime) -> Deviation:
    """Somebody was randomized who should not have been: they stay in their arm, as analysed by intention."""
    _check(participant, reason, by)
    flagged = Deviation.objects.create(
        participant=participant,
        kind=Deviation.Kind.ERROR,
        reason=reason.strip(),
        by=by.actor_name,
        at=at,
    )
    ledger.record(
        AuditEvent.Action.ERROR_FLAGGED, participant.code, by=by, at=at, reason=ledger.words(reason)
    )
    return flagged


@act
def suspect_unblinding(*, participant: Participant, reason: str, by: Membership, at: datetime) -> Deviation:
    """Somebody of the team may have learned a wording: how, and never which (T28)."""
    _check(participant, reason, by)
    suspected = Deviation.objects.create(
        participant=participant,
        kind=Deviation.Kind.SUSPECTED,
        reason=reason.strip(),
        by=by.actor_name,
        at=at,
    )
    ledger.record(
        AuditEvent.Action.UNBLINDING_SUSPECTED, participant.code, by=by, at=at, reason=ledger.words(reason)
    )
    return suspected


@act
def correct_factor(
    *, participant: Participant, factor: str, correct: str, reason: str, by: Membership, at: datetime
) -> Deviation:
    """A stratification factor was wrong: the right level is recorded, the slot stays as it was given."""
    _check(participant, reason, by)
    stratum, levels = participants.stratum(participant) or {}, participant.study.protocol.factor_levels
    if factor not in stratum:
        raise InvalidInput("factor", "the randomization has no such factor")
    if correct not in levels[factor] or correct == stratum[factor]:
        raise InvalidInput("correct", "please choose another level of this factor")
    corrected = Deviation.objects.create(
        participant=participant,
        kind=Deviation.Kind.FACTOR,
        factor=factor,
        was=stratum[factor],
        correct=correct,
        reason=reason.strip(),
        by=by.actor_name,
        at=at,
    )
    ledger.record(
        AuditEvent.Action.FACTOR_CORRECTED,
        participant.code,
        by=by,
        at=at,
        factor=factor,
        was=stratum[factor],
        correct=correct,
        reason=ledger.words(reason),
    )
    return corrected


def _check(participant: Participant, reason: str, by: Membership) -> None:
    require(by, Permission.RECORD_DEVIATION, site=participant.site)
    if participant.randomized_at is None:
        raise NotRandomized
    if not reason.strip() or len(reason) > LONGEST:
        raise InvalidInput("reason", f"please say what happened, in at most {LONGEST} characters")
