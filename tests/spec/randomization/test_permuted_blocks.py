"""Permuted blocks: balanced, in the ratio, and no slot follows from another"""

import hashlib
from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from randomization.design import PermutedBlocks, strata
from randomization.encoding import canon
from randomization.stream import Stream

TWO = PermutedBlocks(("A", "B"), (1, 1), (4, 6))
NORTH = {"site": "01"}


def seed(number):
    return hashlib.sha256(f"spec {number}".encode()).digest()


@given(st.binary(min_size=32, max_size=32), st.integers(1, 200))
def test_one_arm_is_never_ahead_by_more_than_half_the_largest_block(secret, length):
    arms = Counter(TWO.sequence(secret, NORTH, length))
    assert abs(arms["A"] - arms["B"]) <= 3


@given(st.binary(min_size=32, max_size=32), st.integers(1, 60))
def test_a_slot_has_the_same_arm_however_it_is_asked_for(secret, slot):
    assert TWO.arm_at(secret, NORTH, slot) == TWO.sequence(secret, NORTH, slot)[-1]


def test_each_block_holds_the_arms_in_the_ratio():
    design = PermutedBlocks(("A", "B", "C"), (1, 2, 1), (8,))
    arms = design.sequence(seed(1), NORTH, 80)
    blocks = [Counter(arms[first : first + 8]) for first in range(0, 80, 8)]
    assert blocks == [{"A": 2, "B": 4, "C": 2}] * 10


def test_another_stratum_or_another_secret_has_another_sequence():
    sequences = {
        TWO.sequence(seed(number), {"site": site}, 40) for number in range(3) for site in ("01", "02", "03")
    }
    assert len(sequences) == 9


def test_every_order_of_a_block_is_equally_likely():
    """Chi-squared over the 6 orders of a block of 4, secrets 0 to 5,999; SciPy's chisquare."""
    design = PermutedBlocks(("A", "B"), (1, 1), (4,))
    orders = sorted(set(permutations("AABB")))
    counts = Counter(design.sequence(seed(number), NORTH, 4) for number in range(6000))
    assert chisquare([counts[order] for order in orders]).pvalue > 1e-4


def test_every_block_size_is_equally_likely():
    """Chi-squared over the first draw of 4,000 streams (numbers 0 to 3,999); SciPy's chisquare."""
    sizes = Counter(Stream(seed(number), b"stream-v1", canon(NORTH)).below(2) for number in range(4000))
    assert chisquare([sizes[0], sizes[1]]).pvalue > 1e-4


BROKEN = [
    (("A",), (1,), (2,), "arms: two or more"),
    (("A", "A"), (1, 1), (4,), "arms: two or more different"),
    (("A", "Ä"), (1, 1), (4,), "arms: an arm's code"),
    (("A", "B"), (1,), (4,), "ratio: one whole number from 1"),
    (("A", "B"), (1, 0), (4,), "ratio: one whole number from 1"),
    (("A", "B"), (1, 1), (), "block_sizes: one or more"),
    (("A", "B"), (1, 1), (4, 4), "block_sizes: one or more different"),
    (("A", "B"), (1, 2), (4,), "block_sizes: each must be a multiple of 3"),
    (("A", "B"), (1, 1), (0,), "block_sizes: each must be a multiple of 2"),
]


@pytest.mark.parametrize(("arms", "ratio", "sizes", "reason"), BROKEN)
def test_a_design_that_cannot_be_is_refused_with_its_reason(arms, ratio, sizes, reason):
    with pytest.raises(ValueError, match=reason):
        PermutedBlocks(arms, ratio, sizes)


def test_slots_count_from_one():
    with pytest.raises(ValueError, match="count from 1"):
        TWO.arm_at(seed(1), NORTH, 0)


def test_strata_are_every_combination_of_levels():
    assert strata({"site": ("01", "02"), "pain": ("low", "high")}) == (
        {"site": "01", "pain": "low"},
        {"site": "01", "pain": "high"},
        {"site": "02", "pain": "low"},
        {"site": "02", "pain": "high"},
    )
