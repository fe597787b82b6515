"""The operator's commands: a study is begun, people get their one role, the records are checked"""

import getpass

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests import cast
from trial.models import AuditEvent, Member, Membership, Study


def refused(capsys, *command):
    """The one line that a refused command prints; it ends with status 2."""
    with pytest.raises(SystemExit) as ended:
        call_command(*command)
    assert ended.value.code == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    return said[0]


@pytest.fixture
def password(monkeypatch):
    """What is typed when a password is asked for."""

    def typed(text):
        monkeypatch.setattr(getpass, "getpass", lambda prompt: text)

    typed(cast.PASSWORD)
    return typed


def test_a_protocol_file_begins_a_study(db, capsys):
    call_command("load_study", str(cast.PROTOCOL))
    study = Study.objects.get()
    assert capsys.readouterr().out == f"Loaded REASSURE, protocol SHA-256 {study.protocol_sha256}\n"
    assert list(study.sites.values_list("code", flat=True)) == ["01", "02", "03"]
    assert AuditEvent.objects.get().action == "LOADED"


def test_a_study_is_begun_once(study, capsys):
    assert refused(capsys, "load_study", str(cast.PROTOCOL)) == "There is a study REASSURE already."


def test_a_protocol_with_a_fault_begins_nothing(db, capsys, tmp_path):
    broken = tmp_path / "broken.toml"
    broken.write_text(cast.PROTOCOL.read_text().replace('code = "REASSURE"', "code = 7"))
    assert refused(capsys, "load_study", str(broken)).startswith("broken.toml:study.code: ")
    assert not Study.objects.exists()


def test_a_protocol_file_that_is_not_there_is_named(db, capsys):
    assert refused(capsys, "load_study", "nowhere.toml") == "nowhere.toml: No such file or directory"


def test_a_person_gets_a_sign_in_and_a_role(study, password, capsys):
    call_command("add_member", "REASSURE", "zoe", "coordinator", site="02", name="Zoe Zimmer")
    assert capsys.readouterr().out == "zoe is coordinator of REASSURE\n"
    membership = Membership.objects.get(member__username="zoe")
    assert (membership.site.code, membership.member.name) == ("02", "Zoe Zimmer")
    assert membership.member.check_password(cast.PASSWORD)
    assert AuditEvent.objects.filter(action="MEMBER_ADDED", body__member="zoe").exists()


def test_nobody_has_two_roles_in_a_study(study, capsys):
    line = refused(capsys, "add_member", "REASSURE", "ann", "statistician")
    assert line == "This person has a role in the study already; nobody has two."


def test_a_refused_second_role_is_recorded(study, capsys, clock):
    refused(capsys, "add_member", "REASSURE", "ann", "statistician")
    assert AuditEvent.objects.latest("seq").body == {"act": "add_member", "refusal": "AlreadyDone"}


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("NOBODY", "zoe", "monitor"), "NOBODY: there is no study of this code"),
        (("REASSURE", "zoe", "coordinator"), "--site: a coordinator has one, nobody else"),
        (
            ("REASSURE", "zoe", "monitor", "--site", "01"),
            "--site: a coordinator has one, nobody else",
        ),
        (("REASSURE", "zoe", "coordinator", "--site", "77"), "--site: REASSURE has no site 77"),
    ],
)
def test_a_role_that_cannot_be_given_is_named(study, capsys, arguments, line):
    assert refused(capsys, "add_member", *arguments) == line
    assert not Member.objects.filter(username="zoe").exists()


def test_a_weak_password_is_refused(study, password, capsys):
    password("short")
    line = refused(capsys, "add_member", "REASSURE", "zoe", "monitor")
    assert line.startswith("password: This password is too short")
    assert not Member.objects.filter(username="zoe").exists()


def test_records_that_fit_are_said_to_fit(ann, capsys):
    cast.randomized(ann)
    call_command("verify", "REASSURE")
    entries = AuditEvent.objects.count()
    assert capsys.readouterr().out == f"REASSURE: everything fits, {entries} entries\n"


def test_a_changed_entry_is_named(owner, ann):
    cast.screened(ann)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE trial_auditevent SET actor = 'eve' WHERE seq = 3")
    with pytest.raises(CommandError, match="entry 3: its content is not what was written") as error:
        call_command("verify", "REASSURE")
    assert error.value.returncode == 1


def test_a_checkpoint_that_cannot_be_read_is_named(study, capsys):
    line = refused(capsys, "verify", "REASSURE", "--checkpoint", "nowhere.txt")
    assert "nowhere.txt" in line


def test_a_study_that_does_not_exist_has_no_ledger(db, capsys):
    assert refused(capsys, "verify", "NOBODY") == "NOBODY: there is no study of this code"
