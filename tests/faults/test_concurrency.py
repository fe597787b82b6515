"""Sixteen at once: nothing is given twice, skipped or lost (integrity.md F3, F22, T34, T59)"""

from itertools import pairwise

import pytest

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.xdist_group("faults")]

THREADS = 16


def violated(found):
    return {name: fault for name, fault in found["faults"].items() if fault}


def test_a_thousand_participants_get_a_thousand_slots(campaign):
    found = campaign("randomizing", people=1000, threads=THREADS)

    assert (found["done"], found["refused"], found["failed"]) == (1000, {}, {})
    assert violated(found) == {}


def test_the_same_request_sixteen_times_is_one_allocation_and_fifteen_replays(campaign):
    found = campaign("one_person", threads=THREADS, same_key=True)

    assert (found["done"], found["replayed"], found["different entries"]) == (16, 15, 1)
    assert (found["refused"], found["failed"]) == ({}, {})
    assert violated(found) == {}


def test_sixteen_requests_for_one_person_are_one_allocation_and_fifteen_refusals(campaign):
    found = campaign("one_person", threads=THREADS, same_key=False)

    assert (found["done"], found["refused"], found["failed"]) == (1, {"AlreadyRandomized": 15}, {})
    assert found["recorded refusals"] == 15
    assert violated(found) == {}


def test_whoever_randomizes_while_the_study_is_locked_is_before_or_after_the_lock(campaign):
    found = campaign("locking", people=120, threads=THREADS)

    assert found["after the lock"] == []
    assert found["done"] + found["refused"].get("StudyLocked", 0) == 121
    assert set(found["refused"]) <= {"StudyLocked"}
    assert found["failed"] == {}
    assert violated(found) == {}


def test_the_same_page_of_answers_sixteen_times_is_kept_once(campaign):
    found = campaign("answering", threads=THREADS, different=False)

    assert (found["done"], found["refused"], found["failed"]) == (16, {}, {})
    assert (found["questionnaires"], found["history"], found["PCS02"]) == (1, [3], 1)
    assert found["sent"] == {"done": 1, "refused": {"AlreadySubmitted": 15}, "failed": {}}
    assert (found["entries"], found["chain"]) == (1, None)


def test_of_sixteen_different_pages_the_newest_counts_and_all_are_kept(campaign):
    found = campaign("answering", threads=THREADS, different=True)

    assert (found["done"], found["failed"]) == (16, {})
    assert (found["questionnaires"], found["PCS02"]) == (1, 1)
    changes = found["history"]
    assert set(changes) == {0, 1, 2, 3, 4}
    assert all(one != other for one, other in pairwise(changes))
