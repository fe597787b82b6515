"""The command that analyses a dataset from elsewhere, without any database"""

import hashlib
import json
from io import StringIO

import pytest
from django.core.management import call_command

from tests.spec.analysis.drawn import EXAMPLES

pytestmark = pytest.mark.slow

DATA = EXAMPLES / "data" / "antidepressant_data.csv"
PLAN = EXAMPLES / "antidepressant.toml"


def analyse(*arguments):
    out = StringIO()
    call_command("analyse", *map(str, arguments), stdout=out)
    return out.getvalue()


def refused(capsys, *arguments):
    """The one line on standard error, with exit status 2 and nothing on standard output."""
    with pytest.raises(SystemExit) as stopped:
        analyse(*arguments)
    told = capsys.readouterr()
    assert (stopped.value.code, told.out) == (2, "")
    (line,) = told.err.splitlines()
    return line


def test_it_writes_a_folder_and_tells_the_primary_result(tmp_path):
    """statsmodels 0.15: -2.6575 (-4.9813 to -0.3336), p 0.02534, 129 rows (tests/oracles holds it)."""
    told = analyse(DATA, PLAN, "--out", tmp_path / "out").splitlines()
    assert told[-1] == (
        "Change in HAMD17 at Visit 7, Drug less Placebo: "
        "adjusted difference -2.66 (95 % CI -4.98 to -0.33), p = 0.025, n = 129"
    )
    made = json.loads((tmp_path / "out" / "provenance.json").read_text())
    assert made["data_sha256"] == hashlib.sha256(DATA.read_bytes()).hexdigest()
    assert (made["label"], made["data"]) == ("post hoc", "antidepressant_data.csv")
    assert {"Python", "numpy", "reportlab"} <= set(made["software"])


def test_a_plan_that_was_registered_is_prespecified(tmp_path, capsys):
    sha256 = hashlib.sha256(PLAN.read_bytes()).hexdigest()
    analyse(DATA, PLAN, "--out", tmp_path / "out", "--registered", sha256.upper())
    assert json.loads((tmp_path / "out" / "provenance.json").read_text())["label"] == "prespecified"
    line = refused(capsys, DATA, PLAN, "--out", tmp_path / "other", "--registered", "0" * 64)
    assert line.startswith(f"--registered: the plan's SHA-256 is {sha256}; it is not")


def test_bad_input_is_one_line_and_writes_nothing(tmp_path, capsys):
    broken = tmp_path / "broken.toml"
    broken.write_text(PLAN.read_text().replace('"ancova"', '"ancvoa"', 1))
    out = tmp_path / "out"
    plan_line = refused(capsys, DATA, broken, "--out", out)
    assert plan_line == 'broken.toml:analyses[0].method: unknown method "ancvoa"; known: ancova'
    data = tmp_path / "data.csv"
    data.write_text(DATA.read_text().replace('"DRUG"', '"PILL"', 1))
    assert refused(capsys, data, PLAN, "--out", out).startswith(
        'data.csv:2: THERAPY: "PILL" is not in the plan'
    )
    assert refused(capsys, tmp_path / "no.csv", PLAN, "--out", out).endswith(
        "no.csv: cannot be read: No such file or directory"
    )
    assert refused(capsys, DATA, PLAN, "--out", tmp_path).endswith(
        "holds other files; name a new or empty folder"
    )
    assert not out.exists()


def test_a_place_that_cannot_be_written_is_one_line(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    line = refused(capsys, DATA, PLAN, "--out", tmp_path / "file" / "out")
    assert line.endswith("cannot be written: File exists")
