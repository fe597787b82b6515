"""The public bundle: after the unblinding, all that anyone needs to check the allocation again."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from randomization.bundle import Drawn, Shares, bundle
from randomization.verify import verify
from trial import vault
from trial.models import AuditEvent, Membership, Study
from trial.models.allocation import Allocation, Sealing, SeedShare
from trial.permissions import Actor, Permission, require
from trial.refusals import NotVerifiable, StillBlind
from trial.services import allocation, checkpoint, ledger
from trial.services.act import act


@act
def publish(*, by: Actor, at: datetime) -> bytes:
    """The bundle as JSON; `randomization/verify.py` and `verify.js` check it, and it was checked before.

    The custodian, or an operator at the command line; `StillBlind` until the study is unblinded.
    """
    if isinstance(by, Membership):
        require(by, Permission.UNBLIND)
    study = Study.objects.get(pk=by.study.pk)
    if study.unblinded_at is None:
        raise StillBlind("The allocation is published after the unblinding.")
    content = _bundle(study)
    if fault := verify(content):
        raise NotVerifiable(f"The allocation does not verify, so it is not published: {fault}.")
    data = json.dumps(content, indent=1, sort_keys=True).encode() + b"\n"
    digest = hashlib.sha256(data).hexdigest()
    ledger.record(AuditEvent.Action.REVEALED, study.code, by=by, at=at, sha256=digest)
    return data


def _bundle(study: Study) -> dict[str, object]:
    sealed = Sealing.objects.get(study=study)
    events = list(AuditEvent.objects.filter(study=study))
    found = bundle(
        allocation.config_of(study),
        vault.unseal(sealed.sealed_seed),
        _shares(study, sealed),
        _draws(study, events),
        [{**ledger.entry(event), "h": event.h} for event in events],
        [(kept.seq, kept.h) for kept in checkpoint.standing(study)],
        allocation.tree(study),
    )
    plain: dict[str, object] = json.loads(json.dumps(found))  # as whoever reads the file has it
    return plain


def _shares(study: Study, sealed: Sealing) -> Shares:
    promised = SeedShare.objects.filter(study=study, aborted_at=None).order_by("party")
    first, second = (bytes.fromhex(share.commitment) for share in promised)
    return Shares(*allocation.shares(study), sealed.beacon.encode(), (first, second))


def _draws(study: Study, events: list[AuditEvent]) -> list[Drawn]:
    numbers = [event.seq for event in events if event.action == AuditEvent.Action.RANDOMIZED]
    rows = Allocation.objects.filter(study=study).order_by("pk")
    return [
        Drawn(json.loads(row.stratum), row.slot, vault.unseal_arm(row.sealed_arm), row.leaf, number)
        for row, number in zip(rows, numbers, strict=True)
    ]
