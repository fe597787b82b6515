"""From snapshot to result: rehearsed blind, run after the unblinding, and never the other way round"""

import json
from collections import Counter
from datetime import timedelta

import pytest

from tests import cast
from trial import unblinded
from trial.models import AnalysisRun, AuditEvent
from trial.refusals import (
    AlreadyDone,
    AlreadyUnblinded,
    InvalidInput,
    NotFound,
    NotLocked,
    NotPermitted,
    SnapshotNotFinal,
    StillBlind,
)
from trial.services import analysis, snapshot
from trial.services import study as studies

pytestmark = pytest.mark.slow

LATER = cast.AT + timedelta(days=100)


@pytest.fixture
def answered(ann, bob):
    """Eighteen participants at two sites who answered week 6, each in their own way."""
    for number in range(18):
        by = (ann, bob)[number % 2]
        participant = cast.randomized(by, high=number % 3 == 0)
        cast.read_report(participant)
        cast.answer(participant, "W6", at=cast.AT + timedelta(days=40 + number % 3), high=number % 4 == 0)
        if number % 5 != 4:
            cast.answer(participant, "W1", at=cast.AT + timedelta(days=7), high=number % 7 < 3)
            cast.answer(participant, "W12", at=cast.AT + timedelta(days=84), high=number % 7 > 3)


def files(run):
    return {file.name: bytes(file.content) for file in run.files.all()}


def taken(cal, name="Final"):
    return snapshot.take(name=name, by=cal, at=LATER)


def unblind(paul, finn):
    studies.lock(by=paul, at=LATER)
    finn.study.refresh_from_db()
    studies.unblind(reason="The analysis is due.", by=finn, at=LATER)


def test_a_rehearsal_gives_the_whole_report_and_reads_no_arm(study, answered, cal, monkeypatch):
    def closed(*, by):
        raise AssertionError("a rehearsal asked for the arms")

    monkeypatch.setattr(unblinded, "arms", closed)
    run = analysis.rehearse(snapshot=taken(cal), by=cal, at=LATER)
    assert {"report.pdf", "results.json", "dataset.csv", "codebook.csv", "figures/flow.svg"} <= set(
        files(run)
    )
    assert run.label == AnalysisRun.Label.REHEARSAL
    assert "rehearsal" in run.summary
    assert AuditEvent.objects.filter(study=study, action="REHEARSED").exists()


def test_made_up_arms_keep_the_ratio_and_are_the_same_each_time(answered, cal):
    frozen = taken(cal)
    arms = analysis.made_up_arms(frozen)
    assert Counter(arms.values()) == {"factual": 9, "reassuring": 9}
    assert analysis.made_up_arms(frozen) == arms


def test_the_real_run_uses_the_arms_as_they_were(study, answered, cal, paul, finn):
    frozen = taken(cal)
    unblind(paul, finn)
    cal.study.refresh_from_db()
    run = analysis.run(snapshot=frozen, by=cal, at=LATER)
    results = json.loads(files(run)["results.json"])
    assert [result["id"] for result in results][:4] == ["primary", "pain", "function", "self-efficacy"]
    assert all(result["status"] == "prespecified" for result in results)
    arms = unblinded.arms(by=cal)
    assert len(arms) == 18
    lines = files(run)["dataset.csv"].decode().splitlines()
    told = {line.split(",")[1].removeprefix("REASSURE-"): line.split(",")[-1] for line in lines[1:]}
    assert told == arms
    assert AuditEvent.objects.get(study=study, action="ANALYSED").body == {"snapshot": frozen.sha256}


def test_while_the_study_is_blind_there_are_only_rehearsals(answered, cal):
    with pytest.raises(StillBlind):
        analysis.run(snapshot=taken(cal), by=cal, at=LATER)
    with pytest.raises(StillBlind):
        unblinded.arms(by=cal)


def test_after_the_unblinding_there_are_no_rehearsals(answered, cal, paul, finn):
    frozen = taken(cal)
    unblind(paul, finn)
    cal.study.refresh_from_db()
    with pytest.raises(AlreadyUnblinded):
        analysis.rehearse(snapshot=frozen, by=cal, at=LATER)


def test_a_snapshot_that_is_not_what_was_locked_is_not_analysed(answered, ann, cal, paul, finn):
    early = taken(cal, "Early")
    cast.randomized(ann)
    unblind(paul, finn)
    cal.study.refresh_from_db()
    with pytest.raises(SnapshotNotFinal):
        analysis.run(snapshot=early, by=cal, at=LATER)


def test_only_the_statistician_analyses_and_only_their_own_study(answered, cal, paul):
    frozen = taken(cal)
    with pytest.raises(NotPermitted):
        analysis.rehearse(snapshot=frozen, by=paul, at=LATER)
    other = cast.loaded_study(replace={'code = "REASSURE"': 'code = "OTHER"'})
    with pytest.raises(NotFound):
        analysis.rehearse(snapshot=frozen, by=cast.who(other, "cal"), at=LATER)


def test_a_study_is_unblinded_after_the_lock_by_the_custodian_with_a_reason_and_once(study, paul, finn, cal):
    with pytest.raises(NotLocked):
        studies.unblind(reason="Curiosity.", by=finn, at=LATER)
    studies.lock(by=paul, at=LATER)
    with pytest.raises(NotPermitted):
        studies.unblind(reason="Curiosity.", by=cal, at=LATER)
    with pytest.raises(InvalidInput, match="please say why"):
        studies.unblind(reason=" ", by=finn, at=LATER)
    studies.unblind(reason="Analyse fällig.", by=finn, at=LATER)
    with pytest.raises(AlreadyUnblinded):
        studies.unblind(reason="Again.", by=finn, at=LATER)
    assert AuditEvent.objects.get(study=study, action="UNBLINDED").body == {"reason": "Analyse f\\xe4llig."}


def test_a_study_is_locked_once(paul):
    studies.lock(by=paul, at=LATER)
    with pytest.raises(AlreadyDone):
        studies.lock(by=paul, at=LATER)
