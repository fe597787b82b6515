"""Sixteen at once: nothing is given twice, skipped or lost (integrity.md F3, F9, F21, F22, T34, T59)"""

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


def test_clocks_that_jump_change_neither_order_nor_arms(campaign):
    """F9: a day back and forth, a step of a second, both DST changes, 29 February, 2038, two hosts apart."""
    found = campaign("clocks", people=100, threads=THREADS)

    assert (found["done"], found["refused"], found["failed"]) == (100, {}, {})
    assert found["entries before the entry before"] > 0
    assert found["other times than the clock's"] == 0
    assert violated(found) == {}


def test_a_stratum_goes_on_after_the_slots_under_the_root(campaign):
    """F21: slots follow from the secret when they are due, so no stratum runs out of them."""
    found = campaign("one_stratum", people=210, threads=THREADS)

    assert found["slots under the root"] < found["done"] == 210
    assert (found["refused"], found["failed"], found["verified"]) == ({}, {}, None)
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
