"""Going on after an old backup had to be restored: two persons declare it, and lost slots are burned.

Who was randomized in the lost records had a slot that nobody may get again. How many there were cannot be
known, so as many slots are burned in every stratum as entries may be lost (integrity.md F13, T62).
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import F

from trial.models import AuditEvent, LedgerHead, Membership, Study
from trial.models.allocation import StratumPointer
from trial.permissions import Permission, require
from trial.refusals import InvalidInput, NoGap, SecondPerson
from trial.services import allocation, checkpoint, ledger
from trial.services.act import act


@act
def declare(*, reason: str, by: Membership, at: datetime) -> None:
    """The first person says what happened. Until a second one confirms it, nobody is randomized."""
    require(by, Permission.CLOSE_GAP)
    if not reason.strip():
        raise InvalidInput("reason", "please say how the records were lost")
    witnessed = _witnessed(by.study)
    head = LedgerHead.objects.get(study=by.study)
    ledger.record(
        AuditEvent.Action.GAP_DECLARED,
        by.study.code,
        by=by,
        at=at,
        reason=ledger.words(reason),
        after=head.seq,
        witnessed=witnessed,
    )


@act
def confirm(*, by: Membership, at: datetime) -> int:
    """The second person confirms it; returns how many slots of each stratum were burned."""
    require(by, Permission.CLOSE_GAP)
    declared = AuditEvent.objects.filter(study=by.study, action=AuditEvent.Action.GAP_DECLARED).last()
    if declared is None or declared.body["witnessed"] != _witnessed(by.study):
        raise NoGap("Nobody has declared what was lost.")
    if declared.actor == by.actor_name:
        raise SecondPerson
    after, witnessed = declared.body["after"], declared.body["witnessed"]
    burned: int = max(witnessed - after, 0) + settings.CHECKPOINT_EVERY
    _burn(by.study, burned)
    ledger.record(
        AuditEvent.Action.GAP_CLOSED,
        by.study.code,
        by=by,
        at=at,
        after=after,
        witnessed=witnessed,
        burned=burned,
    )
    return burned


def _witnessed(study: Study) -> int:
    """The newest entry that was witnessed and that the ledger does not have; `NoGap` if there is none."""
    for kept in checkpoint.standing(study):
        if checkpoint.fault(study, kept):
            return kept.seq
    raise NoGap


def _burn(study: Study, number: int) -> None:
    for name in allocation.pointers(study):
        StratumPointer.objects.get_or_create(study=study, stratum=name)
    StratumPointer.objects.filter(study=study).update(used=F("used") + number)
