"""The seed ceremony: two parties, each with a share of the secret, so that neither alone can choose it.

Each publishes a hash of its share before either share is shown (integrity.md 5.2). The server's share is
kept encrypted and shown to nobody; the statistician's is made elsewhere and handed in. An aborted ceremony
stays in the ledger: to abort after seeing the other share would be the one choice left.
"""

from __future__ import annotations

import re
from datetime import datetime

from randomization.commitment import share_commitment
from randomization.stream import SEED_BYTES
from trial import vault
from trial.models import AuditEvent, Membership, Study
from trial.models.allocation import SeedShare
from trial.permissions import Permission, require
from trial.refusals import AlreadyDone, AlreadySealed, InvalidInput, ShareNotPromised
from trial.services import ledger
from trial.services.act import act

SERVER, STATISTICIAN = SeedShare.Party.SERVER, SeedShare.Party.STATISTICIAN


@act
def begin(*, share: bytes, by: Membership, at: datetime) -> str:
    """Keep the server's share, encrypted; returns the hash that promises it, which may be published."""
    require(by, Permission.SEAL)
    _require_open(by.study)
    if len(share) != SEED_BYTES:
        raise InvalidInput("share", f"a share has {SEED_BYTES} bytes")
    commitment = share_commitment(by.study.code, SERVER, share).hex()
    _keep(SERVER, commitment, share, by, at)
    ledger.record(AuditEvent.Action.SHARE_GIVEN, by.study.code, by=by, at=at, commitment=commitment, party=1)
    return commitment


@act
def promise(*, commitment: str, by: Membership, at: datetime) -> None:
    """The statistician's hash of their share (`manage.py seed_share`), before the share itself."""
    require(by, Permission.GIVE_SHARE)
    _require_open(by.study)
    if not re.fullmatch(r"[0-9a-f]{64}", commitment):
        raise InvalidInput("commitment", "the hash of a share is 64 digits and letters from a to f")
    _keep(STATISTICIAN, commitment, None, by, at)
    ledger.record(
        AuditEvent.Action.SHARE_PROMISED, by.study.code, by=by, at=at, commitment=commitment, party=2
    )


@act
def give(*, share: bytes, by: Membership, at: datetime) -> None:
    """The statistician's share itself, when both are promised; it must be the one that was promised."""
    require(by, Permission.GIVE_SHARE)
    _require_open(by.study)
    mine = _current(by.study, STATISTICIAN)
    if mine is None or _current(by.study, SERVER) is None:
        raise ShareNotPromised
    if mine.sealed_share is not None:
        raise AlreadyDone("The share was given already.")
    if len(share) != SEED_BYTES:
        raise InvalidInput("share", f"a share has {SEED_BYTES} bytes")
    if promised(by.study.code, share) != mine.commitment:
        raise InvalidInput("share", "this is not the share that was promised")
    mine.sealed_share = vault.seal(share)
    mine.save(update_fields=["sealed_share"])
    ledger.record(
        AuditEvent.Action.SHARE_GIVEN, by.study.code, by=by, at=at, commitment=mine.commitment, party=2
    )


@act
def abort(*, reason: str, by: Membership, at: datetime) -> None:
    """Start again with new shares; the old ones stay on record, and so does the reason."""
    require(by, Permission.SEAL)
    _require_open(by.study)
    if not reason.strip():
        raise InvalidInput("reason", "please say why the ceremony starts again")
    if not SeedShare.objects.filter(study=by.study, aborted_at=None).update(aborted_at=at):
        raise ShareNotPromised("No ceremony has begun.")
    ledger.record(
        AuditEvent.Action.CEREMONY_ABORTED, by.study.code, by=by, at=at, reason=ledger.words(reason)
    )


def promised(study: str, share: bytes) -> str:
    """The hash with which the statistician promises a share."""
    return share_commitment(study, STATISTICIAN, share).hex()


def _require_open(study: Study) -> None:
    if Study.objects.values_list("sealed_at", flat=True).get(pk=study.pk) is not None:
        raise AlreadySealed


def _keep(party: SeedShare.Party, commitment: str, share: bytes | None, by: Membership, at: datetime) -> None:
    if _current(by.study, party) is not None:
        raise AlreadyDone("This party has promised its share already.")
    SeedShare.objects.create(
        study=by.study,
        party=party,
        commitment=commitment,
        sealed_share=None if share is None else vault.seal(share),
        by=by.actor_name,
        at=at,
    )


def _current(study: Study, party: SeedShare.Party) -> SeedShare | None:
    return SeedShare.objects.filter(study=study, party=party, aborted_at=None).first()
