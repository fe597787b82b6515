"""Factorial designs: interventions crossed into arms, each factor with its own ratio"""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from randomization.crossed import crossed
from randomization.design import PermutedBlocks, sequence
from tests.spec.randomization.any_rule import seeds

WORDING = {"wording": ("factual", "reassuring"), "video": ("no", "yes")}
TWO_BY_TWO = crossed(WORDING)
codes = st.text("ab-1", min_size=1, max_size=4)
levels = st.lists(codes, min_size=2, max_size=3, unique=True).map(tuple)


def test_two_factors_of_two_levels_are_four_arms():
    assert TWO_BY_TWO.arms == ("factual_no", "factual_yes", "reassuring_no", "reassuring_yes")
    assert TWO_BY_TWO.ratio == (1, 1, 1, 1)


def test_the_ratio_is_the_product_of_the_factors_ratios():
    assert crossed(WORDING, {"wording": (2, 1), "video": (1, 3)}).ratio == (2, 6, 1, 3)


def test_the_ratio_stands_in_the_smallest_whole_numbers():
    """So that a block need not be longer than the design asks."""
    assert crossed(WORDING, {"wording": (2, 2), "video": (3, 6)}).ratio == (1, 2, 1, 2)


def test_an_arm_is_decoded_to_the_level_of_each_factor():
    assert TWO_BY_TWO.levels("reassuring_no") == {"wording": "reassuring", "video": "no"}


def test_a_main_effect_compares_the_arms_of_each_level():
    assert TWO_BY_TWO.margin("video") == {
        "no": ("factual_no", "reassuring_no"),
        "yes": ("factual_yes", "reassuring_yes"),
    }


@settings(deadline=None)
@given(st.lists(levels, min_size=2, max_size=3))
def test_every_combination_of_levels_is_one_arm_and_comes_back_from_it(found):
    """Also where the codes hold hyphens, and look alike when they are joined."""
    design = crossed({f"factor {number}": values for number, values in enumerate(found)})
    decoded = [tuple(design.levels(arm).values()) for arm in design.arms]
    assert len(set(design.arms)) == len(set(decoded)) == len(decoded)
    assert set(decoded) <= {tuple(arm.split("_")) for arm in design.arms}


@settings(deadline=None)
@given(
    st.tuples(st.integers(1, 5), st.integers(1, 5)), st.tuples(st.integers(1, 5), st.integers(1, 5)), seeds
)
def test_blocks_of_the_arms_keep_the_ratio_of_each_factor(wording, video, secret):
    design = crossed(WORDING, {"wording": wording, "video": video})
    size = sum(design.ratio)
    arms = sequence(PermutedBlocks(design.arms, design.ratio, (size,)), secret, {"site": "01"}, size)
    for factor, parts in (("wording", wording), ("video", video)):
        counts = Counter(design.levels(arm)[factor] for arm in arms)
        first, second = (counts[level] for level in WORDING[factor])
        assert first * parts[1] == second * parts[0]


BROKEN = [
    (lambda: crossed({"wording": ("a", "b")}), "factors: two or more"),
    (lambda: crossed({**WORDING, "video": ("no",)}), "video: two or more different levels"),
    (lambda: crossed({**WORDING, "video": ("no", "no")}), "video: two or more different levels"),
    (lambda: crossed({**WORDING, "video": ("no", "y_s")}), "video: a level's code is ASCII letters"),
    (lambda: crossed(WORDING, {"video": (1,)}), "video: its ratio is one whole number from 1"),
    (lambda: crossed(WORDING, {"video": (-1, -1)}), "video: its ratio is one whole number from 1"),
    (lambda: crossed(WORDING, {"audio": (1, 1)}), "ratios: 'audio' is not a factor"),
    (lambda: crossed({**WORDING, "video": ("no", "y" * 30)}), "arms: an arm's code is .* 32 at most"),
    (lambda: TWO_BY_TWO.levels("factual"), "arm: 'factual' is not one of factual_no, "),
    (lambda: TWO_BY_TWO.margin("audio"), "factor: 'audio' is not one of wording, video"),
]


@pytest.mark.parametrize(("build", "reason"), BROKEN)
def test_what_cannot_be_crossed_is_refused_with_its_reason(build, reason):
    with pytest.raises(ValueError, match=reason):
        build()
