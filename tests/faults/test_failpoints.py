"""Failpoints: nothing outside of a campaign, and what was asked for inside one"""

import subprocess
import sys

import pytest
from django.db import OperationalError

from trial import checks, failpoints


def test_without_a_plan_nothing_happens():
    for name in failpoints.NAMES:
        failpoints.reach(name)


def test_every_third_time_it_acts(tmp_path):
    failpoint = failpoints.planned("after-lock:3:raise", tmp_path)["after-lock"]
    acted = []
    for _ in range(7):
        try:
            failpoint.reach()
            acted.append(False)
        except OperationalError:
            acted.append(True)

    assert acted == [False, False, True, False, False, True, False]
    assert (tmp_path / "after-lock.fired").read_text() == "raise\nraise\n"


def test_the_acts_take_turns(tmp_path, monkeypatch):
    monkeypatch.setattr(failpoints, "DAWDLING", 0)
    failpoint = failpoints.planned("before-commit:1:raise/sleep", tmp_path)["before-commit"]
    with pytest.raises(OperationalError):
        failpoint.reach()
    failpoint.reach()
    with pytest.raises(OperationalError):
        failpoint.reach()


def test_a_process_that_dies_has_noted_it_before(tmp_path):
    script = (
        "import pathlib, sys; from trial import failpoints;"
        "failpoints.planned('after-commit:1:exit', pathlib.Path(sys.argv[1]))['after-commit'].reach()"
    )
    died = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)

    assert died.returncode == failpoints.STATUS
    assert (tmp_path / "after-commit.fired").read_text() == "exit\n"


@pytest.mark.parametrize("plan", ["nowhere:1:exit", "after-lock:0:exit", "after-lock:1:explode"])
def test_a_plan_that_means_nothing_is_refused(plan, tmp_path):
    with pytest.raises(ValueError, match="not a failpoint"):
        failpoints.planned(plan, tmp_path)


def test_production_refuses_to_run_with_failpoints(settings):
    settings.PRODUCTION, settings.TESTING = True, True

    assert [fault.id for fault in checks.no_failpoint_is_set_in_production(None)] == ["trial.E004"]


@pytest.mark.parametrize(("production", "testing"), [(True, False), (False, True), (False, False)])
def test_otherwise_there_is_nothing_to_say(settings, production, testing):
    settings.PRODUCTION, settings.TESTING = production, testing

    assert checks.no_failpoint_is_set_in_production(None) == []
