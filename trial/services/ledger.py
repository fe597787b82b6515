"""Writing the study's append-only ledger, and checking that nobody changed it."""

from __future__ import annotations

from datetime import UTC, datetime

from randomization import ledger as chain
from trial.models import AuditEvent, LedgerHead, Study
from trial.permissions import Actor


def begin(study: Study) -> None:
    """Give a new study its empty ledger."""
    LedgerHead.objects.create(study=study, seq=0, h=chain.GENESIS)


def lock(study: Study) -> LedgerHead:
    """Hold the ledger's head until the transaction ends: one act of a study after the other."""
    head = LedgerHead.objects.select_for_update().get(study=study)
    head.study = study
    return head


def record(
    action: AuditEvent.Action, subject: str, *, by: Actor, at: datetime, **body: str | int
) -> AuditEvent:
    """Append an entry; the caller holds the head. The body never holds an arm, a name or an answer.

    The order is that of the numbers; an entry that is older than the one before it is flagged (T64, F9).
    """
    head = LedgerHead.objects.get(study=by.study)
    if head.at is not None and at < head.at:
        body["clock_back"] = 1
    event = AuditEvent(
        study=by.study,
        seq=head.seq + 1,
        prev=head.h,
        at=at.astimezone(UTC),
        actor=by.actor_name,
        role=by.actor_role,
        action=action,
        object=subject,
        body=body,
    )
    event.h = chain.entry_hash(entry(event))
    event.save(force_insert=True)
    LedgerHead.objects.filter(pk=head.pk).update(seq=event.seq, h=event.h, at=at)
    return event


def entry(event: AuditEvent) -> dict[str, object]:
    """What is hashed of an event: all of it but the hash itself."""
    return {
        "seq": event.seq,
        "prev": event.prev,
        "ts": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor,
        "role": event.role,
        "action": event.action,
        "object": event.object,
        "body": event.body,
    }


def first_fault(study: Study) -> str | None:
    """One line that names the first bad entry, or None when the chain holds up to its head."""
    entries = [{**entry(event), "h": event.h} for event in AuditEvent.objects.filter(study=study)]
    head = LedgerHead.objects.get(study=study)
    fault = chain.verify_chain(entries)
    if fault is None and (len(entries), entries[-1]["h"] if entries else chain.GENESIS) != (head.seq, head.h):
        return f"entry {len(entries)}: the ledger ends here, its head is at {head.seq}"
    return fault


def words(text: str) -> str:
    """Free text as it stands in the ledger: ASCII, so that every language hashes the same bytes."""
    return text.strip().encode("ascii", "backslashreplace").decode("ascii")


def length(study: Study) -> int:
    """How many entries the ledger has."""
    return LedgerHead.objects.get(study=study).seq
