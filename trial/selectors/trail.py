"""The audit trail as it is read: who did what, when. It tells that there was an allocation, never which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from trial.models import AuditEvent, LedgerHead, Membership, Participant, Study
from trial.permissions import Permission, require
from trial.refusals import NotRandomized

# What of an entry's body is shown. A wording is not among them, although every participant has all of them.
SHOWN: Mapping[str, str] = {
    "act": "act",
    "refusal": "refusal",
    "reason": "reason",
    "version": "version",
    "eligible": "eligible",
    "flags": "red flags",
    "may_continue": "may continue",
    "visit": "visit",
    "instrument": "questionnaire",
    "late": "late",
    "member": "member",
    "as_role": "role",
    "days": "days",
    "leaf": "leaf",
    "commitment": "commitment",
    "sha256": "SHA-256",
    "answers_sha256": "SHA-256",
    "protocol_sha256": "protocol SHA-256",
    "snapshot": "snapshot SHA-256",
}

YES_OR_NO = {"eligible", "may_continue", "late"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the ledger holds of a randomization, for the coordinator's own records; no arm."""

    number: int
    entry: str
    leaf: str


def events(by: Membership, *, action: str = "", about: str = "") -> QuerySet[AuditEvent]:
    """The entries, newest first; of one kind, or about one participant, if asked for."""
    require(by, Permission.READ_TRAIL)
    found = AuditEvent.objects.filter(study=by.study).order_by("-seq")
    if action:
        found = found.filter(action=action)
    return found.filter(object=about) if about else found


def details(event: AuditEvent) -> list[tuple[str, str]]:
    """What an entry says beyond who, what and when."""
    return [(SHOWN[name], _in_words(name, value)) for name, value in event.body.items() if name in SHOWN]


def _in_words(name: str, value: str | int) -> str:
    return ("no", "yes")[int(value)] if name in YES_OR_NO else str(value)


def head(study: Study) -> LedgerHead:
    """The newest entry's number and hash: noted elsewhere, they show later that nothing was cut off."""
    return LedgerHead.objects.get(study=study)


def receipt(participant: Participant) -> Receipt:
    """What was told when the participant was randomized."""
    event = AuditEvent.objects.filter(
        study=participant.study, action=AuditEvent.Action.RANDOMIZED, object=participant.code
    ).first()
    if event is None:
        raise NotRandomized
    return Receipt(event.seq, event.h, event.body["leaf"])


def commitment(study: Study) -> str:
    """The public commitment to the sealed allocation; empty when it is not sealed."""
    event = AuditEvent.objects.filter(study=study, action=AuditEvent.Action.SEALED).first()
    return str(event.body["commitment"]) if event is not None else ""
