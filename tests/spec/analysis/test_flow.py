"""The flow of participants (CONSORT 2025, domain.md 5.1)"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import flow
from analysis.flow import ArmFlow, FlowCounts, FlowError
from tests.spec.analysis.drawn import DATA, small_data, small_plan


def arm(code="plain", allocated=10, analysed=8, **more):
    return ArmFlow(code, code.title(), allocated, analysed, **{"lost": {"Moved": 2}, **more})


def test_a_dataset_begins_at_the_randomization():
    found = flow.from_data(small_plan(), small_data())
    assert (found.assessed, found.randomized) == (None, 8)
    assert [each.allocated for each in found.arms] == [4, 4]
    assert [each.analysed for each in found.arms] == [3, 3]
    assert [dict(each.lost) for each in found.arms] == [{"No value of the primary outcome": 1}] * 2
    assert [each.received for each in found.arms] == [None, None]


def test_who_has_an_outcome_but_no_covariate_is_excluded_from_the_analysis():
    found = flow.from_data(small_plan(), small_data(DATA.replace("F,17,20", "F,17,")))
    assert found.arms[0].excluded == {"Covariate missing": 1}
    assert found.arms[0].analysed == 2


def test_what_came_before_and_the_reasons_are_given():
    found = flow.from_data(
        small_plan(),
        small_data(),
        assessed=14,
        excluded={"Not eligible": 3, "Declined": 2},
        critical=1,
        not_received={"A1": "Never opened", "A7": "Never opened"},
        withdrawn={"A3": "Moved away", "A1": "Later"},
    )
    plain, usual = found.arms
    assert (plain.received, plain.not_received, plain.lost) == (2, {"Never opened": 2}, {"Moved away": 1})
    assert (usual.received, usual.not_received) == (4, {})
    assert found.to_dict()["critical"] == 1


BROKEN = {
    "assessed are 30, but excluded, critical findings and randomized add up to 29": (
        lambda: FlowCounts(20, (arm(), arm()), 30, {"Declined": 8}, 1)
    ),
    "randomized are 21, but allocated add up to 20": lambda: FlowCounts(21, (arm(), arm())),
    "plain: allocated are 10, but analysed, lost and excluded add up to 9": lambda: arm(lost={"Moved": 1}),
    "plain: more did not receive what they were allocated than were allocated": (
        lambda: arm(not_received={"Never opened": 11})
    ),
    "plain: a count cannot be negative": lambda: arm(lost={"Moved": -2}),
    "plain.allocated: a count cannot be negative": lambda: arm(allocated=-1),
    "randomized: a count cannot be negative": lambda: FlowCounts(20, (arm(), arm()), 19, {}, -1),
    "assessed: is not given, so nobody can be excluded before the randomization": (
        lambda: FlowCounts(20, (arm(), arm()), excluded={"Declined": 1})
    ),
}


@pytest.mark.parametrize(("reason", "make"), BROKEN.items(), ids=BROKEN)
def test_counts_that_do_not_add_up_cannot_be_made(reason, make):
    with pytest.raises(FlowError) as refused:
        make()
    assert str(refused.value) == reason


@settings(deadline=None)
@given(
    lost=st.dictionaries(st.text(max_size=5), st.integers(0, 50), max_size=4),
    excluded=st.dictionaries(st.text(max_size=5), st.integers(0, 50), max_size=4),
    analysed=st.integers(0, 500),
)
def test_counts_that_add_up_can(lost, excluded, analysed):
    allocated = analysed + sum(lost.values()) + sum(excluded.values())
    made = ArmFlow("a", "A", allocated, analysed, {}, lost, excluded)
    assert made.received == allocated
    assert FlowCounts(allocated, (made,), allocated + 3, {"Declined": 1}, 2).randomized == allocated
