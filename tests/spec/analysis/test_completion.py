"""Completion rates (SISAQOL, domain.md 5.5)"""

import pytest

from analysis import completion
from analysis.completion import Rate
from tests.spec.analysis.drawn import DATA, small_data, small_plan


def rates(text=DATA, **more):
    found = completion.rates(small_plan(), small_data(text), **more)
    return {(rate.visit, rate.arm): (rate.received, rate.randomized, rate.expected) for rate in found}


def test_the_example_of_the_guidance():
    """domain.md 5.5: 100 randomized, 10 withdrawn before week 6, 72 forms: 72/100 and 72/90."""
    rate = Rate("W6", None, received=72, randomized=100, expected=90)
    assert (rate.available, rate.completion) == (0.72, 0.8)


def test_everyone_comes_first_then_each_arm():
    assert list(rates())[:3] == [("BL", None), ("BL", "plain"), ("BL", "usual")]


def test_who_has_no_later_row_has_left():
    """A8 has no row after the baseline, A3 and A7 have rows without a score."""
    assert rates()["W1", None] == (6, 8, 7)
    assert rates()["W6", "plain"] == (3, 4, 4)
    assert rates()["W6", "usual"] == (3, 4, 3)


def test_a_gap_between_rows_is_no_departure():
    text = "\n".join(line for line in DATA.splitlines() if not line.startswith("A1,W1"))
    assert rates(text)["W1", "plain"] == (2, 4, 4)


def test_who_left_is_told_where_it_is_known():
    found = rates(left={"A3": "W6", "A8": "W1"})
    assert (found["W1", None], found["W6", None]) == ((6, 8, 7), (6, 8, 6))


def test_a_form_from_someone_who_left_counts_as_expected():
    assert rates(left={"A1": "W6"})["W6", "plain"] == (3, 4, 4)


def test_nobody_expected_has_no_completion_rate():
    assert Rate("W6", None, received=0, randomized=5, expected=0).completion is None


def test_more_forms_than_people_are_refused():
    with pytest.raises(
        ValueError, match="W6: received, expected and randomized must not shrink in this order"
    ):
        Rate("W6", None, received=6, randomized=5, expected=5)


def test_another_outcome_can_be_asked_for():
    found = completion.rates(small_plan(), small_data(), outcome="SCORE")
    assert found == completion.rates(small_plan(), small_data())
