"""Cluster allocation: sites or clinics are dealt into arms, balanced in every stratum and overall"""

import hashlib
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from randomization.clusters import Clusters
from tests.spec.randomization.any_rule import seeds

TWO = Clusters(("A", "B"), (1, 1))
RATIOS = [(1, 1), (1, 2), (1, 1, 1), (3, 2, 1)]
CLINICS = {f"c{number:02}": {"region": "north" if number <= 5 else "south"} for number in range(1, 11)}
regions = st.sampled_from(["north", "south", "east", "west"]).map(lambda region: {"region": region})
clinics = st.lists(regions, min_size=6, max_size=40).map(
    lambda found: {f"c{number}": stratum for number, stratum in enumerate(found)}
)


def seed(number):
    return hashlib.sha256(f"clusters {number}".encode()).digest()


def three_and_three():
    return {unit: {"region": "north" if unit in "abc" else "south"} for unit in "abcdef"}


@settings(deadline=None)
@given(seeds, clinics, st.sampled_from(RATIOS))
def test_each_stratum_and_the_whole_hold_the_arms_in_the_ratio(secret, units, ratio):
    """As many as the complete sets of the ratio give, and of what is left over at most one set's part."""
    design = Clusters(("A", "B", "C")[: len(ratio)], ratio)
    arms = design.allocate(secret, units)
    groups = [[unit for unit in units if units[unit] == stratum] for stratum in units.values()]
    for group in [*groups, list(units)]:
        counts = Counter(arms[unit] for unit in group)
        sets = len(group) // sum(ratio)
        for arm, part in zip(design.arms, ratio, strict=True):
            assert sets * part <= counts[arm] <= (sets + 1) * part


@settings(deadline=None)
@given(seeds, clinics, st.randoms(use_true_random=False))
def test_the_order_in_which_the_units_are_named_does_not_matter(secret, units, random):
    shuffled = dict(random.sample(list(units.items()), len(units)))
    assert TWO.allocate(secret, shuffled) == TWO.allocate(secret, units)


def test_what_is_left_over_in_one_stratum_is_made_up_for_in_another():
    """Twenty districts of one clinic each: ten a side; with a coin for each, 95.9 % of draws give 6 to 14."""
    districts = {f"c{number}": {"district": str(number)} for number in range(20)}
    for number in range(50):
        assert Counter(TWO.allocate(seed(number), districts).values()) == {"A": 10, "B": 10}


def test_every_balanced_allocation_is_equally_likely():
    """Two strata of three: 2 x 3 x 3 = 18 allocations; secrets 0 to 3,599; SciPy's chisquare."""
    found = Counter(tuple(TWO.allocate(seed(number), three_and_three()).values()) for number in range(3600))
    assert len(found) == 18
    assert chisquare(list(found.values())).pvalue > 1e-4


def test_every_unit_gets_an_arm_with_the_probability_of_its_part():
    """Ratio 1:2 over strata of 5, 1 and 1; secrets 0 to 2,999; SciPy's chisquare for each unit."""
    design = Clusters(("A", "B"), (1, 2))
    units = {unit: {"region": unit if unit in "fg" else "north"} for unit in "abcdefg"}
    drawn = [design.allocate(seed(number), units) for number in range(3000)]
    for unit in units:
        first = sum(arms[unit] == "A" for arms in drawn)
        assert chisquare([first, 3000 - first], [1000, 2000]).pvalue > 1e-4


def test_the_arms_of_ten_clinics_are_the_published_ones():
    """The test vectors of docs/allocation.md, computed by dealing.js."""
    assert "".join(TWO.allocate(bytes(range(32)), CLINICS).values()) == "BAABAAABBB"


BROKEN = [
    (lambda: Clusters(("A",), (1,)), "arms: two or more different"),
    (lambda: Clusters(("A", "B"), (1, 0)), "ratio: one whole number from 1"),
    (lambda: TWO.allocate(bytes(32), {"c1": {}}), "units: 2 or more are needed, there are 1"),
    (lambda: TWO.allocate(bytes(32), {"c1": {}, "c 2": {}}), "units: a unit's code is ASCII"),
    (lambda: TWO.allocate(bytes(31), CLINICS), "31 bytes, not 32"),
]


@pytest.mark.parametrize(("build", "reason"), BROKEN)
def test_what_cannot_be_allocated_is_refused_with_its_reason(build, reason):
    with pytest.raises(ValueError, match=reason):
        build()
