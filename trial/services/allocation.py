"""Sealing the allocation, and giving each participant the next slot of their stratum, once and for ever."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from randomization import commitment as sealing
from randomization.bundle import tree_root
from randomization.config import described
from randomization.design import Stratum, arm_at, strata
from randomization.encoding import canon
from randomization.minimization import Draw, Minimization
from trial import failpoints, vault
from trial.models import AuditEvent, IdempotencyKey, LedgerHead, Membership, Participant, Study
from trial.models.allocation import Allocation, Sealing, SeedShare, StratumPointer
from trial.permissions import Permission, require
from trial.refusals import (
    AlreadyRandomized,
    AlreadySealed,
    InvalidInput,
    KeyReused,
    KnownPerson,
    SharesMissing,
)
from trial.selectors import participant as participants
from trial.selectors import trail
from trial.services import checkpoint, design, ledger
from trial.services.act import act

TREE_SLOTS = 200  # of each stratum, under the root that is published when the allocation is sealed
LONGEST_BEACON = 200
ALL = ""  # the pointer of a rule without lists: one count for the whole study


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is told after a randomization: that it happened, and a commitment to what it was; no arm.

    `leaf` is the salted hash of the slot's arm and `entry` the ledger entry's hash, signed: kept by whoever
    randomized, they later prove that nothing was changed (docs/allocation.md).
    """

    participant: str
    randomized_at: str
    leaf: str
    entry_number: int
    entry: str
    signature: str
    replayed: bool = False


@act
def seal(*, by: Membership, at: datetime, beacon: str = "") -> str:
    """Fix the secret that all allocations follow from; returns the public commitment to it.

    The secret follows from both parties' shares (`services.ceremony`) and from a public beacon, if one is
    given: a line that nobody could know when the shares were promised, such as a lottery's numbers.
    """
    require(by, Permission.SEAL)
    study = Study.objects.select_for_update().get(pk=by.study_id)
    if study.sealed_at is not None:
        raise AlreadySealed
    if not beacon.isascii() or len(beacon) > LONGEST_BEACON:
        raise InvalidInput("beacon", f"at most {LONGEST_BEACON} plain letters, digits and signs")
    config = config_of(study)
    seed = sealing.seed_from_shares(study.code, config, *shares(study), beacon.encode())
    commitment = sealing.commitment(config, seed).hex()
    root = _root(study, config, seed)
    Sealing.objects.create(
        study=study,
        sealed_config=vault.seal(canon(config)),
        sealed_seed=vault.seal(seed),
        beacon=beacon,
        commitment=commitment,
        root=root,
        at=at,
    )
    study.sealed_at = at
    study.save(update_fields=["sealed_at"])
    published = {"commitment": commitment, **({"root": root} if root else {})}
    ledger.record(AuditEvent.Action.SEALED, study.code, by=by, at=at, **published)
    return commitment


def shares(study: Study) -> tuple[bytes, bytes]:
    """Both parties' shares, in the clear; `SharesMissing` unless both are given."""
    rows = SeedShare.objects.filter(study=study, aborted_at=None, sealed_share__isnull=False)
    found = {row.party: vault.unseal(row.sealed_share) for row in rows if row.sealed_share is not None}
    if found.keys() != set(SeedShare.Party):
        raise SharesMissing
    return found[SeedShare.Party.SERVER], found[SeedShare.Party.STATISTICIAN]


def tree(study: Study) -> tuple[tuple[Stratum, ...], int] | None:
    """The strata and the slots of each whose leaves stand under the published root; None without a list."""
    if isinstance(design.rule_of(study.protocol), Minimization):
        return None
    return strata({name: tuple(levels) for name, levels in study.protocol.factor_levels.items()}), TREE_SLOTS


def pointers(study: Study) -> list[str]:
    """The names of everything that slots are counted in: each stratum, or the whole study at once."""
    listed = tree(study)
    return [_name(stratum) for stratum in listed[0]] if listed else [ALL]


def _root(study: Study, config: Mapping[str, object], seed: bytes) -> str:
    listed = tree(study)
    return tree_root(config, seed, *listed).hex() if listed else ""


def config_of(study: Study) -> Mapping[str, object]:
    """What the commitment binds (docs/allocation.md)."""
    return {
        "study": study.code,
        **described(design.rule_of(study.protocol)),
        "factors": {name: list(levels) for name, levels in study.protocol.factor_levels.items()},
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
    if known := _known_as(participant):
        raise KnownPerson(f"This person is already randomized, as {known}. Nobody gets a second allocation.")
    checkpoint.require_witness(LedgerHead.objects.select_related("study").get(study=participant.study))
    stratum = participants.stratum(participant)
    assert stratum is not None  # otherwise the baseline would have been an obstacle
    leaf = _allocate(participant, stratum, at)
    participant.randomized_at = at
    participant.save(update_fields=["randomized_at"])
    event = ledger.record(AuditEvent.Action.RANDOMIZED, participant.code, by=by, at=at, leaf=leaf)
    receipt = _receipt(event)
    if key is not None:
        _keep(participant, by, key, receipt, at)
    return receipt


def _known_as(participant: Participant) -> str:
    """The code under which the same person was randomized before; empty if there is none."""
    same = Participant.objects.filter(
        study=participant.study, person=participant.person, randomized_at__isnull=False
    )
    return same.values_list("code", flat=True).first() or ""


def _receipt(event: AuditEvent) -> Receipt:
    told = trail.receipt_of(event)
    return Receipt(
        event.object, event.at.isoformat(), told.leaf, told.number, told.entry, signature=told.signature
    )


def _allocate(participant: Participant, stratum: Stratum, at: datetime) -> str:
    """Take the next slot; the caller holds the study's ledger head."""
    study = participant.study
    rule, seed = design.rule_of(study.protocol), vault.unseal(Sealing.objects.get(study=study).sealed_seed)
    pointer, _ = StratumPointer.objects.select_for_update().get_or_create(
        study=study, stratum=ALL if isinstance(rule, Minimization) else _name(stratum)
    )
    failpoints.reach("after-slot-read")
    slot = pointer.used + 1
    if isinstance(rule, Minimization):
        arm = _minimized(study, rule, seed, slot, stratum)
    else:
        arm = arm_at(rule, seed, stratum, slot)
    leaf = sealing.leaf(seed, stratum, slot, arm).hex()
    Allocation.objects.create(
        study=study,
        participant=participant,
        stratum=_name(stratum),
        slot=slot,
        sealed_arm=vault.seal_arm(arm),
        leaf=leaf,
        at=at,
    )
    failpoints.reach("after-insert")
    pointer.used = slot
    pointer.save(update_fields=["used"])
    return leaf


def _name(stratum: Stratum) -> str:
    return canon(dict(stratum)).decode()


def _minimized(study: Study, rule: Minimization, seed: bytes, number: int, factors: Stratum) -> str:
    """The arm of draw `number`: it follows from the draws before, with their factors as they were then."""
    margins = rule.margins()
    for earlier in draws(study):
        margins.add(earlier.factors, rule.arms.index(earlier.arm))
    return rule.arm_for(seed, number, margins, factors)


def draws(study: Study) -> list[Draw]:
    """Every allocation so far in its order, in the clear: for the next draw, and for checking them all."""
    rows = Allocation.objects.filter(study=study).order_by("pk").values_list("stratum", "sealed_arm")
    return [Draw(json.loads(stratum), vault.unseal_arm(sealed)) for stratum, sealed in rows]


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
