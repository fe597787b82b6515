"""Sealing the allocation, and giving each participant the next slot of their stratum, once and for ever."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from randomization import commitment as sealing
from randomization.design import PermutedBlocks
from randomization.encoding import canon
from trial import vault
from trial.models import AuditEvent, IdempotencyKey, Membership, Participant, Study
from trial.models.allocation import Allocation, Sealing, StratumPointer
from trial.permissions import Permission, require
from trial.refusals import AlreadyRandomized, AlreadySealed, InvalidInput, KeyReused
from trial.selectors import participant as participants
from trial.services import ledger
from trial.services.act import act

SEED_BYTES = 32


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is told after a randomization: that it happened, and a commitment to what it was; no arm.

    `leaf` is the salted hash of the slot's arm and `entry` the ledger entry's hash: kept by whoever
    randomized, they later prove that nothing was changed (docs/allocation.md).
    """

    participant: str
    randomized_at: str
    leaf: str
    entry_number: int
    entry: str
    replayed: bool = False


@act
def seal(*, seed: bytes, by: Membership, at: datetime) -> str:
    """Fix the secret that all allocations follow from; returns the public commitment to it."""
    require(by, Permission.SEAL)
    if len(seed) != SEED_BYTES:
        raise InvalidInput("seed", f"the secret must be {SEED_BYTES} bytes")
    study = Study.objects.select_for_update().get(pk=by.study_id)
    if study.sealed_at is not None:
        raise AlreadySealed
    config = config_of(study)
    commitment = sealing.commitment(config, seed).hex()
    Sealing.objects.create(
        study=study,
        sealed_config=vault.seal(canon(config)),
        sealed_seed=vault.seal(seed),
        commitment=commitment,
        at=at,
    )
    study.sealed_at = at
    study.save(update_fields=["sealed_at"])
    ledger.record(AuditEvent.Action.SEALED, study.code, by=by, at=at, commitment=commitment)
    return commitment


def seal_with_new_secret(*, by: Membership, at: datetime) -> str:
    """Seal with a secret that is drawn here and shown to nobody; returns the public commitment to it."""
    return seal(seed=secrets.token_bytes(SEED_BYTES), by=by, at=at)


def design_of(study: Study) -> PermutedBlocks:
    """The protocol's design as the library knows it."""
    protocol = study.protocol
    return PermutedBlocks(
        arms=tuple(arm.code for arm in protocol.arms),
        ratio=tuple(arm.ratio for arm in protocol.arms),
        block_sizes=protocol.randomization.block_sizes,
    )


def config_of(study: Study) -> Mapping[str, object]:
    """What the commitment binds (docs/allocation.md)."""
    design = design_of(study)
    return {
        "study": study.code,
        "alg": "PB-v1",
        "arms": list(design.arms),
        "ratio": list(design.ratio),
        "blocks": list(design.block_sizes),
        "factors": study.protocol.factor_levels,
        "protocol_sha256": study.protocol_sha256,
    }


@act
def randomize(*, participant: Participant, by: Membership, at: datetime, key: str | None = None) -> Receipt:
    """Give the participant the next slot of their stratum.

    The same `key` again gives the same receipt, marked as replayed: a lost reply is asked for again
    without a second allocation. Every obstacle is a refusal, and nothing changes.
    """
    require(by, Permission.RANDOMIZE, site=participant.site)
    if key is not None and (earlier := _replay(participant, by, key)):
        return earlier
    participant = Participant.objects.select_for_update().get(pk=participant.pk)
    if Allocation.objects.filter(participant=participant).exists():
        raise AlreadyRandomized
    if obstacles := participants.obstacles(participant):
        raise obstacles[0]
    stratum = participants.stratum(participant)
    assert stratum is not None  # otherwise the baseline would have been an obstacle
    leaf = _allocate(participant, stratum, at)
    participant.randomized_at = at
    participant.save(update_fields=["randomized_at"])
    event = ledger.record(AuditEvent.Action.RANDOMIZED, participant.code, by=by, at=at, leaf=leaf)
    receipt = Receipt(participant.code, at.isoformat(), leaf, event.seq, event.h)
    if key is not None:
        _keep(participant, by, key, receipt, at)
    return receipt


def _allocate(participant: Participant, stratum: Mapping[str, str], at: datetime) -> str:
    """Take the next slot of the stratum; the caller holds the study's ledger head."""
    study = participant.study
    pointer, _ = StratumPointer.objects.select_for_update().get_or_create(
        study=study, stratum=canon(dict(stratum)).decode()
    )
    slot = pointer.used + 1
    seed = vault.unseal(Sealing.objects.get(study=study).sealed_seed)
    arm = design_of(study).arm_at(seed, stratum, slot)
    leaf = sealing.leaf(seed, stratum, slot, arm).hex()
    Allocation.objects.create(
        study=study,
        participant=participant,
        stratum=pointer.stratum,
        slot=slot,
        sealed_arm=vault.seal_arm(arm),
        leaf=leaf,
        at=at,
    )
    pointer.used = slot
    pointer.save(update_fields=["used"])
    return leaf


def _fingerprint(participant: Participant, by: Membership) -> str:
    return hashlib.sha256(f"randomize {participant.public_id} {by.pk}".encode()).hexdigest()


def _replay(participant: Participant, by: Membership, key: str) -> Receipt | None:
    earlier = IdempotencyKey.objects.filter(study=participant.study, key=key).first()
    if earlier is None:
        return None
    if earlier.fingerprint != _fingerprint(participant, by):
        raise KeyReused
    return Receipt(**{**earlier.reply, "replayed": True})


def _keep(participant: Participant, by: Membership, key: str, receipt: Receipt, at: datetime) -> None:
    IdempotencyKey.objects.create(
        study=participant.study,
        key=key,
        fingerprint=_fingerprint(participant, by),
        reply=asdict(receipt),
        at=at,
    )
