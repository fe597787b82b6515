"""manage.py check_protocol: a sentence for a good file, one line for each faulty one"""

import subprocess
import sys

import pytest
from django.core.management import call_command

from tests.spec.protocol.edits import EXAMPLES, GOOD, ROOT, edited
from trial.management import refuse

REASSURE = EXAMPLES / "reassure.toml"


@pytest.fixture
def broken(tmp_path):
    """Nobody is to be randomized."""
    path = tmp_path / "broken.toml"
    path.write_text(edited("planned = 120", "planned = 0"), encoding="utf-8")
    return path


def test_a_good_protocol_gives_one_sentence_with_its_hash(capsys):
    call_command("check_protocol", REASSURE)

    said = capsys.readouterr()
    assert said.out.count("\n") == 1
    assert "3 sites, 2 arms, 4 visits, 6 strata; SHA-256 " in said.out
    assert "Factual or reassuring wording of lumbar MRI reports: a randomized trial" in said.out
    assert said.err == ""


def test_each_faulty_file_gives_its_line_and_the_status_is_two(capsys, broken, tmp_path):
    with pytest.raises(SystemExit) as end:
        call_command("check_protocol", broken, REASSURE, tmp_path / "none.toml")

    said = capsys.readouterr()
    assert end.value.code == 2
    assert said.out.count("\n") == 1
    assert said.err.splitlines() == [
        f"{broken}:study.planned: must lie between 1 and 1000000",
        f"{tmp_path}/none.toml:file: cannot be read: No such file or directory",
    ]


def test_it_needs_no_database_and_writes_nothing(broken, tmp_path):
    """As a program of its own, with a database that cannot be opened."""
    done = subprocess.run(
        [sys.executable, ROOT / "manage.py", "check_protocol", broken],
        env={"DATABASE_URL": "postgres://nobody@localhost:1/none", "TRIAL_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{broken}:study.planned: must lie between 1 and 1000000\n"
    assert [path.name for path in tmp_path.iterdir()] == ["broken.toml"]
    assert broken.read_text(encoding="utf-8") != GOOD


def test_a_refusal_is_the_lines_alone(capsys):
    with pytest.raises(SystemExit) as end:
        refuse("one", "two")
    assert end.value.code == 2
    assert capsys.readouterr().err == "one\ntwo\n"
