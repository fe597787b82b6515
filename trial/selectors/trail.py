"""The audit trail as it is read: who did what, when. It tells that there was an allocation, never which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from trial import signing
from trial.models import AuditEvent, LedgerHead, Membership, Participant, Study
from trial.permissions import Permission, require
from trial.refusals import NotRandomized

Action = AuditEvent.Action

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
    "root": "root",
    "party": "party",
    "after": "after entry",
    "witnessed": "witnessed up to entry",
    "burned": "slots burned in each stratum",
    "clinician": "clinician",
    "alarm": "another one within a week",
    "clock_back": "the clock went back",
    "other_person": "another person of the same name",
    "factor": "factor",
    "was": "was",
    "correct": "should be",
    "sha256": "SHA-256",
    "answers_sha256": "SHA-256",
    "protocol_sha256": "protocol SHA-256",
    "snapshot": "snapshot SHA-256",
}

YES_OR_NO = {"eligible", "may_continue", "late", "alarm", "clock_back", "other_person"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the ledger holds of a randomization, for the coordinator's own records; no arm."""

    number: int
    entry: str
    leaf: str
    signature: str


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
    return receipt_of(event)


def receipt_of(event: AuditEvent) -> Receipt:
    """The receipt of a randomization's entry, signed anew: the signature is always the same."""
    return Receipt(event.seq, event.h, event.body["leaf"], signing.signature(receipt_text(event)))


def receipt_text(event: AuditEvent) -> bytes:
    """What a receipt's signature signs: `participant leaf number hash`, with single spaces."""
    return f"{event.object} {event.body['leaf']} {event.seq} {event.h}".encode()


@dataclass(frozen=True, slots=True)
class Ceremony:
    """How far the seed ceremony has come: the hash that each party has published, who has given a share."""

    server: str = ""
    statistician: str = ""
    given: bool = False
    aborted: int = 0


def ceremony(study: Study) -> Ceremony:
    """The newest attempt; `aborted` counts those before it."""
    steps = {Action.SHARE_PROMISED, Action.SHARE_GIVEN, Action.CEREMONY_ABORTED}
    found = Ceremony()
    for event in AuditEvent.objects.filter(study=study, action__in=steps):
        if event.action == Action.CEREMONY_ABORTED:
            found = Ceremony(aborted=found.aborted + 1)
        elif event.body["party"] == 1:
            found = replace(found, server=event.body["commitment"])
        elif event.action == Action.SHARE_PROMISED:
            found = replace(found, statistician=event.body["commitment"])
        else:
            found = replace(found, given=True)
    return found


@dataclass(frozen=True, slots=True)
class Published:
    """What is published when the allocation is sealed; the root is empty where there is no list of slots."""

    commitment: str
    root: str
    at: datetime


def published(study: Study) -> Published | None:
    """The public commitment to the sealed allocation, and the root of its slots; None before the sealing."""
    event = AuditEvent.objects.filter(study=study, action=Action.SEALED).first()
    if event is None:
        return None
    return Published(event.body["commitment"], event.body.get("root", ""), event.at)
