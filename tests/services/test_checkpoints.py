"""Checkpoints: what left the machine shows records that were rewritten, cut off or restored (T61, T62)"""

from itertools import pairwise

import pytest
from django.db import transaction

from tests import cast
from trial import signing
from trial.models import AuditEvent, LedgerHead
from trial.refusals import BehindCheckpoint, MailNotSent, Unwitnessed
from trial.services import allocation, checkpoint, ledger


def head_of(study):
    return LedgerHead.objects.select_related("study").get(study=study)


def leave(study, at=cast.AT):
    with transaction.atomic():
        return checkpoint.leave(ledger.lock(study), at)


def cut(study, entries):
    """What a restored backup looks like: the last entries are gone, and the head is where it was."""
    gone = AuditEvent.objects.filter(study=study).order_by("-seq")[:entries]
    AuditEvent.objects.filter(pk__in=[event.pk for event in gone])._raw_delete("default")
    last = AuditEvent.objects.filter(study=study).last()
    LedgerHead.objects.filter(study=study).update(seq=last.seq, h=last.h)


def test_a_checkpoint_is_a_signed_note_of_the_head(study, witness):
    note = leave(study)

    head = head_of(study)
    assert (witness / "REASSURE" / f"{head.seq:09d}-{head.h[:8]}.txt").read_text() == note
    assert checkpoint.read(study, note) == checkpoint.Checkpoint(
        head.seq, head.h, "2031-03-03T10:00:00+00:00"
    )
    origin, seq, _, at, empty, signed, end = note.split("\n")
    assert (origin, seq, at, empty, end) == (
        "localhost:8000/REASSURE",
        str(head.seq),
        "2031-03-03T10:00:00+00:00",
        "",
        "",
    )
    assert signed.startswith("— localhost:8000/REASSURE ")


@pytest.mark.parametrize(
    "tamper",
    [
        lambda note: note.replace("REASSURE\n", "OTHER\n", 1),
        lambda note: note.replace("2031", "2030"),
        lambda note: note[:-10] + "AAAAAAAA=\n",
        lambda note: note.rstrip("\n"),
        lambda note: note[:-2] + "!\n",
        lambda note: note.replace(" localhost", " elsewhere"),
        lambda note: note.split("\n\n")[0],
        lambda note: "",
    ],
)
def test_a_note_that_was_changed_is_none_of_ours(study, tamper):
    note = tamper(leave(study))
    with pytest.raises(checkpoint.NoteError, match="not a checkpoint of this study"):
        checkpoint.read(study, note)


def test_a_note_of_another_form_is_refused_although_it_is_signed(study):
    note = signing.note(checkpoint.origin(study), "only a line\n")
    with pytest.raises(checkpoint.NoteError):
        checkpoint.read(study, note)


def test_a_checkpoint_is_left_whenever_enough_entries_have_come(study, ann, settings, witness):
    settings.CHECKPOINT_EVERY = 5
    for _ in range(12):
        cast.screened(ann)

    files = sorted(path.name for path in (witness / "REASSURE").iterdir())
    numbers = [int(name.partition("-")[0]) for name in files]
    assert len(numbers) >= 2
    assert all(later - earlier == 5 for earlier, later in pairwise(numbers[1:]))
    assert head_of(study).witnessed == numbers[-1]


def test_a_folder_that_cannot_be_written_to_stops_nobody_at_once(study, ann, settings, witness, caplog):
    settings.CHECKPOINT_EVERY = 1
    witness.write_text("a file in the place of the folder")

    cast.screened(ann)

    assert "No checkpoint of REASSURE could be left" in caplog.text


def test_without_a_witness_for_too_long_nobody_is_randomized(ann, settings, witness):
    settings.CHECKPOINT_EVERY = settings.UNWITNESSED_LIMIT = 5
    witness.write_text("a file in the place of the folder")
    participant = cast.certified(ann)

    with pytest.raises(Unwitnessed):
        allocation.randomize(participant=participant, by=ann, at=cast.AT)

    witness.unlink()
    assert allocation.randomize(participant=participant, by=ann, at=cast.AT)


def test_after_an_old_backup_nobody_is_randomized(owner, study, ann):
    """Integrity.md T62: the last allocations cannot be erased and drawn again."""
    participant = cast.certified(ann)
    cast.screened(ann)
    leave(study)
    cut(study, 1)
    assert ledger.first_fault(study) is None  # the chain alone does not show it

    with pytest.raises(BehindCheckpoint):
        allocation.randomize(participant=participant, by=ann, at=cast.AT)

    assert AuditEvent.objects.last().body["refusal"] == "BehindCheckpoint"


def test_a_ledger_that_was_rewritten_is_behind_too(owner, study, ann):
    """All hashes made anew: only the witness shows it."""
    participant = cast.certified(ann)
    leave(study)
    cut(study, 1)
    cast.screened(ann)

    with pytest.raises(BehindCheckpoint):
        allocation.randomize(participant=participant, by=ann, at=cast.AT)


def test_a_witness_that_was_tampered_with_stops_the_randomization(study, ann, witness):
    participant = cast.certified(ann)
    leave(study)
    (path,) = (witness / "REASSURE").iterdir()
    path.write_text("rubbish")

    with pytest.raises(BehindCheckpoint):
        allocation.randomize(participant=participant, by=ann, at=cast.AT)


def test_a_checkpoint_is_mailed_to_the_witnesses(study, settings, mailoutbox):
    settings.CHECKPOINT_MAILS = ["board@example.org"]
    note = leave(study)

    checkpoint.mail(study, note)

    assert (mailoutbox[0].to, mailoutbox[0].body) == (["board@example.org"], note)


def test_a_mail_that_cannot_be_sent_is_said(study, settings):
    """A mail server that nobody listens at, on this machine."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    settings.CHECKPOINT_MAILS = ["board@example.org"]
    with pytest.raises(MailNotSent):
        checkpoint.mail(study, "note")
