"""What must be true of the database after any campaign (integrity.md 3.1, I1 to I5)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection
from django.db.models import Model

from randomization import commitment
from randomization.design import arm_at
from randomization.encoding import canon
from randomization.permuted_blocks import PermutedBlocks
from trial import vault
from trial.models import AuditEvent, IdempotencyKey, Study
from trial.models.allocation import Allocation, Sealing, StratumPointer
from trial.services import allocation, design, ledger

ONCE: Sequence[tuple[type[Model], set[str]]] = (
    (Allocation, {"participant_id"}),
    (Allocation, {"study_id", "stratum", "slot"}),
    (StratumPointer, {"study_id", "stratum"}),
    (AuditEvent, {"study_id", "seq"}),
    (IdempotencyKey, {"study_id", "key"}),
)
DURABLE: Mapping[str, Mapping[str, set[str]]] = {
    "sqlite": {"synchronous": {"2", "3"}, "journal_mode": {"wal"}},
    "postgresql": {"synchronous_commit": {"on", "remote_apply"}, "fsync": {"on"}, "full_page_writes": {"on"}},
}


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
        "strata out of balance": _unbalanced(study, rows),
        "dates that are not the allocation's": _dates(study, rows),
        "doubles that the database would take": _missing_constraints(),
        "disk that is not waited for": _not_durable(),
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
    rule, wrong = design.rule_of(study.protocol), []
    for row in rows:
        stratum = allocation.participants.stratum(row.participant)
        arm = arm_at(rule, seed, stratum, row.slot)
        leaf = commitment.leaf(seed, stratum, row.slot, arm).hex()
        told = (vault.unseal_arm(row.sealed_arm), row.leaf, row.stratum)
        if told != (arm, leaf, canon(stratum).decode()):
            wrong.append(row.participant.code)
    return wrong


def _unbalanced(study: Study, rows: list[Allocation]) -> list[str]:
    """Strata in which one arm was ever ahead of the other by more than half of the largest block (I7)."""
    rule, ahead = design.rule_of(study.protocol), defaultdict(Counter[str])
    assert isinstance(rule, PermutedBlocks)
    assert len(set(rule.ratio)) == 1
    found = set()
    for row in sorted(rows, key=lambda row: row.slot):
        ahead[row.stratum][vault.unseal_arm(row.sealed_arm)] += 1
        counts = [ahead[row.stratum][arm] for arm in rule.arms]
        if max(counts) - min(counts) > max(rule.block_sizes) // 2:
            found.add(row.stratum)
    return sorted(found)


def _dates(study: Study, rows: list[Allocation]) -> list[str]:
    """Participants who are randomized in one table and not, or at another time, in the other (I11)."""
    told = dict(study.participants.exclude(randomized_at=None).values_list("pk", "randomized_at"))
    return [str(pk) for pk in told.items() ^ {row.participant_id: row.at for row in rows}.items()]


def _missing_constraints() -> list[str]:
    """What the database itself must make impossible, whatever the code does (I3)."""
    with connection.cursor() as cursor:
        return [
            f"{model._meta.db_table} {sorted(columns)}"
            for model, columns in ONCE
            if not any(
                constraint["unique"] and set(constraint["columns"]) == columns
                for constraint in connection.introspection.get_constraints(
                    cursor, model._meta.db_table
                ).values()
            )
        ]


def _not_durable() -> dict[str, str]:
    """Settings with which an answered request would not survive a power cut (F8)."""
    with connection.cursor() as cursor:
        now = {}
        for name in DURABLE[connection.vendor]:
            cursor.execute(f"{'PRAGMA' if connection.vendor == 'sqlite' else 'SHOW'} {name}")
            now[name] = str(cursor.fetchone()[0])
    return {name: value for name, value in now.items() if value not in DURABLE[connection.vendor][name]}


def _unrecorded(study: Study, rows: list[Allocation]) -> list[str]:
    """Allocations without exactly one entry, and entries without an allocation (I11)."""
    events = AuditEvent.objects.filter(study=study, action=AuditEvent.Action.RANDOMIZED)
    recorded = Counter((event.object, event.body["leaf"]) for event in events)
    there = Counter((row.participant.code, row.leaf) for row in rows)
    return [code for code, _ in (recorded - there) + (there - recorded)]


def _broken_commitment(study: Study, seed: bytes) -> bool:
    published = Sealing.objects.get(study=study).commitment
    return commitment.commitment(allocation.config_of(study), seed).hex() != published
