"""The ceremony, the checkpoints and the public bundle at the command line"""

import json
import re
import subprocess

import pytest
from django.core.management import call_command
from django.db import connection

from randomization.verify import verify
from tests import cast
from tests.commands.test_operating import refused
from trial import append_only
from trial.models import AuditEvent, LedgerHead
from trial.models.allocation import Sealing, SeedShare
from trial.services import ceremony, checkpoint
from trial.services import study as studies


@pytest.fixture
def open_study(db):
    """A study whose allocation is not sealed yet."""
    return cast.loaded_study()


def said(capsys, *command):
    call_command(*command)
    return capsys.readouterr().out


def step(capsys, who, *rest):
    return said(capsys, "ceremony", "REASSURE", "--as", who, *rest)


def test_two_members_seal_the_allocation_step_by_step(open_study, capsys, tmp_path):
    share, certificate = tmp_path / "share.txt", tmp_path / "certificate.pdf"
    made = said(capsys, "seed_share", "REASSURE", "--out", str(share))
    promised = re.search(r"[0-9a-f]{64}", made)[0]

    step(capsys, "cal", "promise", promised)
    assert "Publish this hash now" in step(capsys, "finn", "begin")
    step(capsys, "cal", "give", str(share))
    sealed = step(capsys, "finn", "seal", "--beacon", "3 17 22")
    step(capsys, "finn", "certificate", str(certificate))

    assert Sealing.objects.get().commitment in sealed
    assert Sealing.objects.get().beacon == "3 17 22"
    assert certificate.read_bytes().startswith(b"%PDF")
    assert share.stat().st_mode & 0o777 == 0o600


def test_a_ceremony_is_aborted_with_a_reason(open_study, capsys):
    step(capsys, "finn", "begin")
    step(capsys, "finn", "abort", "The wrong protocol was loaded.")
    assert not SeedShare.objects.filter(aborted_at=None).exists()


def test_whoever_does_not_work_in_the_study_takes_no_step(open_study, capsys):
    line = refused(capsys, "ceremony", "REASSURE", "--as", "eve", "begin")
    assert line == "eve: nobody of this name works in a study REASSURE"


def test_a_step_that_is_not_theirs_is_refused_and_recorded(open_study, capsys, clock):
    line = refused(capsys, "ceremony", "REASSURE", "--as", "cal", "begin")
    assert line == "The role statistician may not seal the allocation."
    assert AuditEvent.objects.last().body == {"act": "begin", "refusal": "NotPermitted"}


def test_a_file_without_a_share_is_named(open_study, capsys, tmp_path):
    file = tmp_path / "share.txt"
    file.write_text("not a share")
    line = refused(capsys, "ceremony", "REASSURE", "--as", "cal", "give", str(file))
    assert line == f"{file}: no share can be read from it"


def test_a_certificate_that_cannot_be_written_is_named(study, capsys, tmp_path):
    line = refused(capsys, "ceremony", "REASSURE", "--as", "finn", "certificate", str(tmp_path))
    assert line == f"{tmp_path}: Is a directory"


DICE = "1234561 3355" * 10


def test_a_share_may_be_thrown_with_dice(capsys, tmp_path):
    one, two = tmp_path / "one.txt", tmp_path / "two.txt"
    for file in (one, two):
        made = said(capsys, "seed_share", "DEMO", "--out", str(file), "--dice", DICE)
    assert one.read_text() == two.read_text()
    assert ceremony.promised("DEMO", bytes.fromhex(one.read_text())) in made


@pytest.mark.parametrize("dice", ["", "123456", DICE + "7", DICE[:50]])
def test_too_few_throws_or_none_of_a_die_are_refused(capsys, tmp_path, dice):
    line = refused(capsys, "seed_share", "DEMO", "--out", str(tmp_path / "share"), f"--dice={dice}")
    assert line == "--dice: 100 or more digits from 1 to 6 are needed"
    assert not (tmp_path / "share").exists()


def test_no_share_takes_the_place_of_another(capsys, tmp_path):
    (tmp_path / "share").write_text("mine")
    line = refused(capsys, "seed_share", "DEMO", "--out", str(tmp_path / "share"))
    assert line == f"{tmp_path / 'share'}: File exists"
    assert (tmp_path / "share").read_text() == "mine"


def test_a_checkpoint_of_every_study_is_left_and_mailed(study, capsys, settings, witness, mailoutbox):
    cast.loaded_study(replace={'code = "REASSURE"': 'code = "OTHER"'})
    settings.CHECKPOINT_MAILS = ["board@example.org"]

    lines = said(capsys, "checkpoint").splitlines()

    head = LedgerHead.objects.get(study=study)
    assert lines[1] == f"REASSURE: checkpoint of entry {head.seq}, mailed to board@example.org"
    assert lines[0].startswith("OTHER: checkpoint of entry ")
    assert len(mailoutbox) == 2
    assert head.witnessed == head.seq


def test_without_witnesses_a_checkpoint_says_so(study, capsys):
    assert said(capsys, "checkpoint", "REASSURE").endswith("mailed to nobody; set CHECKPOINT_MAILS\n")


def test_a_checkpoint_of_no_study_is_refused(study, capsys):
    assert refused(capsys, "checkpoint", "NOBODY") == "NOBODY: there is no study of this code"


def test_before_any_study_there_is_nothing_to_witness(db, capsys):
    assert said(capsys, "checkpoint") == "There is no study yet.\n"


def test_a_checkpoint_that_cannot_be_kept_is_named(study, capsys, witness):
    witness.write_text("a file in the place of the folder")
    assert refused(capsys, "checkpoint").startswith(f"{witness / 'REASSURE'}: ")


def test_a_checkpoint_that_cannot_be_mailed_is_named(study, capsys, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    settings.CHECKPOINT_MAILS = ["board@example.org"]
    assert refused(capsys, "checkpoint") == "REASSURE: The mail could not be sent. Please try again."


def test_a_witnesss_copy_finds_what_was_cut_off(study, ann, capsys, witness, tmp_path):
    cast.screened(ann)
    call_command("checkpoint")
    capsys.readouterr()
    (path,) = (witness / "REASSURE").iterdir()
    copy = path.rename(tmp_path / "copy.txt")
    append_only.lift(connection)
    last = AuditEvent.objects.last()
    AuditEvent.objects.filter(pk=last.pk)._raw_delete("default")
    LedgerHead.objects.update(seq=last.seq - 1, h=last.prev)

    assert "everything fits" in said(capsys, "verify", "REASSURE")
    with pytest.raises(Exception, match=f"the ledger ends before entry {last.seq}"):
        call_command("verify", "REASSURE", "--checkpoint", str(copy))


@pytest.fixture
def opened(study, ann, paul, finn):
    cast.randomized(ann)
    studies.lock(by=paul, at=cast.AT)
    studies.unblind(reason="The analysis is due.", by=finn, at=cast.AT)
    return study


@pytest.mark.node
def test_the_bundle_is_written_and_verifies_in_both_languages(opened, capsys, tmp_path):
    file = tmp_path / "bundle.json"
    call_command("reveal", "REASSURE", "--out", str(file))

    assert verify(json.loads(file.read_text())) is None
    script = cast.PROTOCOL.parent.parent / "randomization" / "verify.js"
    checked = subprocess.run(["node", script, file], capture_output=True, text=True, check=True)
    assert checked.stdout == f"{file}: everything holds\n"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("NOBODY", "--out", "bundle.json"), "NOBODY: there is no study of this code"),
        (("REASSURE", "--out", "nowhere/bundle.json"), "nowhere: there is no such folder"),
        (("REASSURE", "--out", "bundle.json"), "The allocation is published after the unblinding."),
    ],
)
def test_a_bundle_that_may_not_be_written_is_refused(study, capsys, arguments, line):
    assert refused(capsys, "reveal", *arguments) == line


def test_the_grants_let_the_web_server_add_but_not_change_what_is_append_only(capsys):
    lines = said(capsys, "grants", "web").splitlines()
    (added,) = [line for line in lines if line.startswith("GRANT SELECT, INSERT ON")]
    (changed,) = [line for line in lines if "UPDATE" in line]
    for table in append_only.TABLES:
        assert re.search(rf"\b{table}\b", added)
        assert not re.search(rf"\b{table}\b", changed)
    assert "trial_ledgerhead" in changed


@pytest.mark.parametrize("role", ["", "web; DROP TABLE x", "Web"])
def test_a_name_that_is_no_role_is_refused(capsys, role):
    assert "a role's name has small letters" in refused(capsys, "grants", role)


def test_a_checkpoint_is_of_its_own_study(study):
    other = cast.loaded_study(replace={'code = "REASSURE"': 'code = "OTHER"'})
    call_command("checkpoint")
    newest = next(checkpoint.kept(study))
    with pytest.raises(checkpoint.NoteError):
        checkpoint.read(other, checkpoint.note_of(study, newest))
