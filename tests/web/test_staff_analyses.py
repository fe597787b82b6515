"""The statistician's pages: snapshots, the blind rehearsal, and the result after the unblinding"""

import csv
import io
import random
from datetime import timedelta

import pytest

from instruments import catalogue
from tests import cast
from tests.web.desk import Desk, recorded, refusals, words
from trial.models import AnalysisRun, Snapshot
from trial.services import assessment, snapshot
from trial.services import study as studies

DAY = timedelta(days=1)
DAYS = {"BL": 0, "W1": 7, "W6": 42, "W12": 84}


@pytest.fixture
def answered(study):
    """Fifteen participants at three sites who answered every visit, each in their own way."""
    for number in range(15):
        by = cast.who(study, ("ann", "bob", "dan")[number % 3])
        pat = cast.consented(by)
        _answer(pat, "BL", number)
        cast.write_report(pat, study)
        cast.allocation.randomize(participant=pat, by=by, at=cast.AT)
        for visit in ("W1", "W6", "W12"):
            _answer(cast.fresh(pat), visit, number)


def _answer(pat, visit, number):
    chance, at = random.Random(f"{visit} {number}"), cast.AT + DAYS[visit] * DAY
    for code in pat.study.protocol.visit(visit).instruments:
        items = catalogue.load(code).items
        given = {item.code: chance.randint(item.minimum, item.maximum) for item in items}
        assessment.answer(visit=visit, instrument=code, given=given, by=pat, at=at)
        assessment.submit(visit=visit, instrument=code, by=pat, at=at)


@pytest.fixture
def taken(cal):
    return snapshot.take(name="After lock", by=cal, at=cast.AT)


def _rows(response):
    return list(csv.reader(io.StringIO(response.content.decode())))


# Snapshots -----------------------------------------------------------------------------------------


def test_a_snapshot_is_taken_and_named_by_its_hash(study, ann, cal, clock):
    cast.randomized(ann)
    response = Desk(cal).client.post(Desk(cal).address("snapshots"), {"name": "First look"}, follow=True)

    assert "The snapshot “First look” is taken." in words(response)
    assert Snapshot.objects.get().sha256 in words(response)
    assert recorded(study)[0] == ("cal", "SNAPSHOT_TAKEN", "REASSURE")
    assert "First look" in words(Desk(cal).get("snapshots"))


def test_a_name_is_used_once(cal, taken, clock):
    response = Desk(cal).post("snapshots", name="After lock")

    assert response.status_code == 400
    assert "There is a snapshot of this name already." in words(response)


def test_the_dataset_is_downloaded_with_its_codebook(ann, cal):
    cast.randomized(ann)
    found = snapshot.take(name="After lock", by=cal, at=cast.AT)
    data = Desk(cal).get("snapshot-file", found, "dataset.csv")
    codebook = Desk(cal).get("snapshot-file", found, "codebook.csv")

    assert data.headers["Content-Disposition"] == 'attachment; filename="REASSURE-after-lock-dataset.csv"'
    assert data.content == bytes(found.dataset)
    assert [line[0] for line in _rows(codebook)[1:]] == _rows(data)[0]


def test_a_snapshot_has_no_other_file_and_no_other_study_sees_it(cal, taken):
    other = cast.loaded_study(replace={'code = "REASSURE"': 'code = "OTHER"'})
    elsewhere = Desk(cast.who(other, "cal"))

    assert Desk(cal).get("snapshot-file", taken, "arms.csv").status_code == 404
    assert elsewhere.get("snapshot", taken).status_code == 404


@pytest.mark.parametrize("name", ["ann", "ida", "kim", "finn", "mona", "paul"])
def test_nobody_else_downloads_the_data(study, taken, name):
    desk = Desk(cast.who(study, name))

    assert desk.get("snapshot", taken).status_code == 403
    assert desk.get("snapshot-file", taken, "dataset.csv").status_code == 403
    assert desk.post("rehearse", taken).status_code == 403


# Rehearsal and result ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_rehearsal_is_run_shown_and_marked(study, answered, cal, taken, clock):
    desk = Desk(cal)
    response = desk.client.post(desk.address("rehearse", taken), follow=True)
    run = AnalysisRun.objects.get()
    page = words(response)
    report = desk.get("run-file", run, "report.pdf")
    figure = desk.get("run-file", run, "figures/trajectory.svg")

    assert "Made-up arms: these numbers mean nothing." in page
    assert run.summary in page
    assert "Catastrophizing (PCS 0-52) primary Week 6 Reassuring wording less factual wording" in page
    assert f'src="{desk.address("run-file", run, "figures/trajectory.svg")}"' in response.content.decode()
    assert 'alt=""' not in response.content.decode()
    assert report.headers["Content-Disposition"] == 'attachment; filename="REASSURE-rehearsal-report.pdf"'
    assert report.content.startswith(b"%PDF")
    assert figure.headers["Content-Type"] == "image/svg+xml"
    assert "script-src" not in figure.headers["Content-Security-Policy"]
    assert desk.get("run-file", run, "figures/none.svg").status_code == 404
    assert "Blind rehearsal" in words(desk.get("snapshot", taken))
    assert recorded(study)[0] == ("cal", "REHEARSED", "REASSURE")
    for other in ("paul", "mona", "ann"):  # made-up arms look like real ones
        assert Desk(cast.who(study, other)).get("run", run).status_code == 403


@pytest.mark.slow
def test_the_result_is_for_those_who_may_see_it_once_the_study_is_unblinded(
    study, answered, cal, paul, finn, clock
):
    studies.lock(by=paul, at=cast.AT)
    found = snapshot.take(name="Final", by=cal, at=cast.AT)
    studies.unblind(reason="The analysis is due.", by=finn, at=cast.AT)
    waiting = words(Desk(paul).get("results"))
    response = Desk(cal).client.post(Desk(cal).address("analyse", found), follow=True)
    run = AnalysisRun.objects.get()

    assert "has not run the analysis plan yet" in waiting
    assert words(response).count(run.summary) == 1
    assert run.summary in words(Desk(paul).get("results"))
    assert Desk(paul).get("run", run).status_code == 200
    assert b"TRT01P" in Desk(paul).get("run-file", run, "dataset.csv").content
    assert Desk(cast.who(study, "mona")).get("run", run).status_code == 403
    assert "analysis plan can be run on the real arms" in words(Desk(cal).get("snapshot", found))
    assert recorded(study)[0] == ("cal", "ANALYSED", "REASSURE")


def test_before_the_unblinding_there_is_no_result(study, cal, paul, taken):
    response = Desk(cal).post("analyse", taken)

    assert response.status_code == 409
    assert "The study is still blind" in words(response)
    assert refusals(study) == [("cal", "run", "StillBlind")]
    assert "There are no results before it is locked and unblinded." in words(Desk(paul).get("results"))


def test_a_result_is_not_shown_while_the_study_is_blind(cal, taken):
    run = AnalysisRun.objects.create(
        snapshot=taken, label=AnalysisRun.Label.PRESPECIFIED, results=[], at=cast.AT, by="cal"
    )

    assert Desk(cal).get("run", run).status_code == 409


def test_after_the_unblinding_nothing_is_rehearsed(study, cal, paul, finn, taken, clock):
    studies.lock(by=paul, at=cast.AT)
    studies.unblind(reason="The analysis is due.", by=finn, at=cast.AT)
    response = Desk(cal).post("rehearse", taken)

    assert response.status_code == 409
    assert "a blind rehearsal is no longer possible" in words(response)


def test_a_run_that_does_not_exist_is_not_found(cal, taken):
    assert Desk(cal).get("run", taken).status_code == 404


@pytest.mark.parametrize("randomized", [0, 1])
def test_too_few_data_are_a_sentence(study, ann, cal, clock, randomized):
    for _ in range(randomized):
        cast.randomized(ann)
    found = snapshot.take(name="Too early", by=cal, at=cast.AT)
    response = Desk(cal).post("rehearse", found)

    assert response.status_code == 409
    assert "The plan cannot be run on these data: snapshot Too early" in words(response)
    assert refusals(study) == [("cal", "rehearse", "NotAnalysable")]
