"""`make demo`: a whole trial with simulated people, from protocol to paper"""

import csv
import io
import json
import os
import re
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from pypdf import PdfReader

from randomization.verify import verify
from tests import cast
from trial.models import Study
from trial.services import ledger

PEOPLE = 16
RESULT = re.compile(
    r"^Catastrophizing .*: adjusted difference -?\d+\.\d\d "
    r"\(95 % CI -?\d+\.\d\d to -?\d+\.\d\d\), p (=|<) 0\.\d{3}, n = \d+$"
)


pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("demo")]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """A small demonstration, once for all these tests: what it wrote and what it said."""
    folder, said = tmp_path_factory.mktemp("demo"), io.StringIO()
    elsewhere = override_settings(CHECKPOINT_FOLDER=folder / "checkpoints")
    with elsewhere, django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", str(cast.PROTOCOL), participants=PEOPLE, out=folder, stdout=said)
        yield folder, said.getvalue()
        transaction.set_rollback(True)


def test_the_demonstration_ends_with_the_primary_result_and_its_files(demo):
    folder, said = demo
    assert RESULT.match(said.splitlines()[-1])
    results = json.loads((folder / "results.json").read_text())
    fields = {"id", "visit", "arm", "reference", "estimate", "se", "df", "lower", "upper", "p", "n"}
    assert fields <= results[0].keys()
    assert len(list((folder / "figures").glob("*.svg"))) >= 4
    with (folder / "dataset.csv").open() as file:
        columns = csv.DictReader(file).fieldnames
    with (folder / "codebook.csv").open() as file:
        assert {row["column"] for row in csv.DictReader(file)} == set(columns)


def test_the_report_says_on_every_page_that_the_people_are_made_up(demo):
    pages = PdfReader(demo[0] / "report.pdf").pages
    assert all("Synthetic data" in page.extract_text() for page in pages)
    assert "eassuring" in pages[0].extract_text()  # the study's own title


def test_the_allocation_of_the_demonstration_can_be_checked_by_anyone(demo):
    assert verify(json.loads((demo[0] / "allocation.json").read_text())) is None
    assert len(PdfReader(demo[0] / "certificate.pdf").pages) == 1


def test_the_demonstration_leaves_a_finished_study_and_a_running_one(demo):
    finished, running = Study.objects.order_by("pk")
    assert finished.unblinded_at
    assert not running.locked_at
    assert finished.participants.filter(randomized_at__isnull=False).count() == PEOPLE
    assert ledger.first_fault(finished) is None
    assert ledger.first_fault(running) is None


def test_the_demonstration_prints_a_sign_in_for_each_role_and_three_links(demo):
    card = (demo[0] / "sign-in.txt").read_text()
    for name in ("coordinator01", "author", "certifier", "statistician", "custodian", "monitor"):
        assert f"  {name} " in card
    assert len(re.findall(r"http://\S+/p/\S+", card)) == 3
    assert "Synthetic data" in card


def test_the_same_seed_gives_the_same_trial(demo, tmp_path):
    """A second run in a process and a database of its own: equal data and results, byte for byte."""
    again = tmp_path / "again"
    environment = os.environ | {
        "TRIAL_VAR": str(tmp_path / "var"),
        "DATABASE_URL": f"sqlite:///{tmp_path}/again.sqlite3",
    }
    for command in (
        ["migrate", "--verbosity", "0"],
        ["demo", str(cast.PROTOCOL), "--participants", str(PEOPLE), "--out", str(again)],
    ):
        subprocess.run(
            [sys.executable, cast.PROTOCOL.parent.parent / "manage.py", *command],
            env=environment,
            check=True,
            capture_output=True,
        )
    for name in ("dataset.csv", "results.json", "flow.json"):
        assert (again / name).read_bytes() == (demo[0] / name).read_bytes()
