"""Freezing the data: the blinded dataset of a moment, kept with the hash of its bytes."""

from __future__ import annotations

import hashlib
from datetime import datetime

from trial.models import AuditEvent, Membership, Snapshot
from trial.permissions import Permission, require
from trial.refusals import InvalidInput
from trial.selectors import dataset, flow
from trial.services import ledger
from trial.services.act import act

LONGEST_NAME = 60


@act
def take(*, name: str, by: Membership, at: datetime) -> Snapshot:
    """Freeze the dataset under a name that is used once."""
    require(by, Permission.SNAPSHOT)
    if not name.strip() or len(name) > LONGEST_NAME:
        raise InvalidInput("name", f"please give a name of at most {LONGEST_NAME} characters")
    if Snapshot.objects.filter(study=by.study, name=name).exists():
        raise InvalidInput("name", "there is a snapshot of this name already")
    content = dataset.csv(dataset.frame(by.study))
    snapshot = Snapshot.objects.create(
        study=by.study,
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        dataset=content,
        flow=flow.facts(by.study),
        at=at,
        by=by.actor_name,
    )
    ledger.record(AuditEvent.Action.SNAPSHOT_TAKEN, by.study.code, by=by, at=at, sha256=snapshot.sha256)
    return snapshot
