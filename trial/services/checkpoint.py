"""Checkpoints: what the ledger's head is, signed, and left where whoever owns the database does not reach.

The chain alone does not show a ledger that was rewritten from some entry on, cut at its end, or restored from
an old backup. A checkpoint that left the machine does (integrity.md 5.4, T61, T62).
"""

from __future__ import annotations

import base64
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from trial import signing
from trial.models import AuditEvent, LedgerHead, Study
from trial.refusals import BehindCheckpoint, MailNotSent, Unwitnessed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A ledger's head at some time: the number of entries and the hash of the last."""

    seq: int
    h: str
    at: str


class NoteError(ValueError):
    """A note is not a checkpoint of this study that this key has signed."""


def origin(study: Study) -> str:
    """The name under which a study's checkpoints are signed."""
    return f"{urlsplit(settings.BASE_URL).netloc}/{study.code}"


def note_of(study: Study, checkpoint: Checkpoint) -> str:
    """The signed note of a checkpoint: origin, number, hash (base64), time."""
    h = base64.b64encode(bytes.fromhex(checkpoint.h)).decode()
    return signing.note(origin(study), f"{origin(study)}\n{checkpoint.seq}\n{h}\n{checkpoint.at}\n")


def read(study: Study, note: str) -> Checkpoint:
    """The checkpoint of a note; `NoteError` when it is not signed by us, or of another study."""
    text = signing.opened(note, origin(study), signing.public_key())
    lines = (text or "").split("\n")
    if len(lines) != 5 or lines[0] != origin(study):
        raise NoteError("it is not a checkpoint of this study that this server has signed")
    return Checkpoint(int(lines[1]), base64.b64decode(lines[2]).hex(), lines[3])


def when_due(head: LedgerHead, at: datetime) -> None:
    """Leave a checkpoint when enough entries have come since the last; the caller holds the head.

    A folder that cannot be written to stops nobody at once: `require_witness` does, after a while.
    """
    if head.seq - head.witnessed >= settings.CHECKPOINT_EVERY:
        try:
            leave(head, at)
        except OSError:
            log.exception("No checkpoint of %s could be left", head.study.code)


def leave(head: LedgerHead, at: datetime) -> str:
    """Write the head's note to the folder, and remember that it is there; returns the note."""
    checkpoint = Checkpoint(head.seq, head.h, _when(at))
    note = note_of(head.study, checkpoint)
    _keep(_folder(head.study) / f"{head.seq:09d}-{head.h[:8]}.txt", note)
    LedgerHead.objects.filter(pk=head.pk).update(witnessed=head.seq)
    head.witnessed = head.seq
    return note


def mail(study: Study, note: str) -> None:
    """Send a note to the witnesses; `MailNotSent` when that fails."""
    message = EmailMessage(f"Checkpoint of {study.code}", note, to=settings.CHECKPOINT_MAILS)
    try:
        message.send()
    except OSError as error:
        raise MailNotSent from error


def kept(study: Study) -> Iterator[Checkpoint]:
    """The checkpoints in the folder, the newest first; a file that is none of ours is `NoteError`."""
    for path in _files(study):
        try:
            yield read(study, path.read_text())
        except ValueError as error:
            raise NoteError(f"{path.name}: {error}") from error


def standing(study: Study) -> Iterator[Checkpoint]:
    """The same without those that two persons have declared lost (`services.gap`)."""
    closed = AuditEvent.objects.filter(study=study, action=AuditEvent.Action.GAP_CLOSED)
    gaps = [(event.body["after"], event.body["witnessed"], _when(event.at)) for event in closed]
    for found in kept(study):
        if not any(after < found.seq <= last and found.at <= at for after, last, at in gaps):
            yield found


def fault(study: Study, checkpoint: Checkpoint) -> str | None:
    """One line when the ledger is not the one that the checkpoint was made of, or no longer is."""
    event = AuditEvent.objects.filter(study=study, seq=checkpoint.seq).first()
    if event is None:
        return f"the ledger ends before entry {checkpoint.seq}, which a checkpoint of {checkpoint.at} has"
    if event.h != checkpoint.h:
        return f"entry {checkpoint.seq} is not the one that a checkpoint of {checkpoint.at} has"
    return None


def require_witness(head: LedgerHead) -> None:
    """Refuse to randomize on a ledger that is behind what was witnessed, or that nobody has witnessed."""
    try:
        newest = next(standing(head.study), None)
    except NoteError as error:
        raise BehindCheckpoint from error
    if newest is not None and fault(head.study, newest):
        raise BehindCheckpoint
    if head.seq - head.witnessed > settings.UNWITNESSED_LIMIT:
        raise Unwitnessed


def _when(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _folder(study: Study) -> Path:
    return Path(settings.CHECKPOINT_FOLDER) / study.code


def _files(study: Study) -> list[Path]:
    return sorted(_folder(study).glob("*.txt"), reverse=True)


def _keep(path: Path, note: str) -> None:
    """Written whole, under a name of its own, and on the disk before anybody relies on it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    with draft.open("w") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
