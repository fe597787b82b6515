"""What must be true of the database after any campaign (integrity.md 3.1, I1 to I5)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from randomization import commitment
from randomization.encoding import canon
from trial import vault
from trial.models import AuditEvent, Study
from trial.models.allocation import Allocation, Sealing, StratumPointer
from trial.services import allocation, ledger


def faults(study: Study, receipts: Iterable[allocation.Receipt], seed: bytes) -> Mapping[str, object]:
    """Every violated invariant under its name; all empty when the record is whole."""
    rows = list(Allocation.objects.filter(study=study).select_related("participant__site"))
    return {
        "lost": _lost(study, receipts),
        "strata whose slots are not 1..n": _slots(rows),
        "pointers that are not at the last slot": _pointers(study, rows),
        "participants with two allocations": _twice(str(row.participant_id) for row in rows),
        "arms that are not the sequence's": _arms(study, rows, seed),
        "allocations without one entry": _unrecorded(study, rows),
        "chain": ledger.first_fault(study),
        "commitment": _broken_commitment(study, seed),
    }


def _lost(study: Study, receipts: Iterable[allocation.Receipt]) -> list[str]:
    """Receipts whose entry does not stand in the ledger as it was told (I1)."""
    entries = {
        (event.seq, event.h, event.object, event.body.get("leaf"))
        for event in AuditEvent.objects.filter(study=study, action=AuditEvent.Action.RANDOMIZED)
    }
    told = [(receipt.entry_number, receipt.entry, receipt.participant, receipt.leaf) for receipt in receipts]
    return [one[2] for one in told if one not in entries]


def _slots(rows: list[Allocation]) -> dict[str, list[int]]:
    used: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        used[row.stratum].append(row.slot)
    return {
        stratum: sorted(slots)
        for stratum, slots in used.items()
        if sorted(slots) != list(range(1, len(slots) + 1))
    }


def _pointers(study: Study, rows: list[Allocation]) -> list[str]:
    used = Counter(row.stratum for row in rows)
    at = {pointer.stratum: pointer.used for pointer in StratumPointer.objects.filter(study=study)}
    return [stratum for stratum in used if at.get(stratum) != used[stratum]]


def _twice(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _arms(study: Study, rows: list[Allocation], seed: bytes) -> list[str]:
    """Allocations whose arm is not what the sealed secret says of their slot (I4)."""
    design, wrong = allocation.design_of(study), []
    for row in rows:
        stratum = allocation.participants.stratum(row.participant)
        arm = design.arm_at(seed, stratum, row.slot)
        leaf = commitment.leaf(seed, stratum, row.slot, arm).hex()
        told = (vault.unseal_arm(row.sealed_arm), row.leaf, row.stratum)
        if told != (arm, leaf, canon(stratum).decode()):
            wrong.append(row.participant.code)
    return wrong


def _unrecorded(study: Study, rows: list[Allocation]) -> list[str]:
    """Allocations without exactly one entry, and entries without an allocation (I11)."""
    events = AuditEvent.objects.filter(study=study, action=AuditEvent.Action.RANDOMIZED)
    recorded = Counter((event.object, event.body["leaf"]) for event in events)
    there = Counter((row.participant.code, row.leaf) for row in rows)
    return [code for code, _ in (recorded - there) + (there - recorded)]


def _broken_commitment(study: Study, seed: bytes) -> bool:
    published = Sealing.objects.get(study=study).commitment
    return commitment.commitment(allocation.config_of(study), seed).hex() != published
