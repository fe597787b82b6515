"""Small trials, enumerated: every sequence, its probability, and what can be guessed"""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from scipy.stats import chisquare

from randomization.by_counts import BiasedCoin, BigStick, Simple
from randomization.design import PermutedBlocks, sequence
from randomization.exact import guessing, sequences
from randomization.urns import WeiUrn
from tests.spec.randomization.any_rule import DESIGNS, designs

TWO, EQUAL = ("A", "B"), (1, 1)
DRAWN = [
    PermutedBlocks(TWO, EQUAL, (2, 4)),
    PermutedBlocks(("A", "B", "C"), (1, 2, 1), (4, 8)),
    BiasedCoin(TWO, (1, 2), (3, 4)),
    WeiUrn(TWO, EQUAL, 1, 1),
]


@settings(deadline=None, max_examples=25)
@given(designs)
def test_all_sequences_together_have_probability_one(design):
    assert sum(sequences(design, 4).values()) == 1


def test_a_block_of_four_has_six_equal_orders():
    assert sequences(PermutedBlocks(TWO, EQUAL, (4,)), 4) == {
        (0, 0, 1, 1): Fraction(1, 6),
        (0, 1, 0, 1): Fraction(1, 6),
        (0, 1, 1, 0): Fraction(1, 6),
        (1, 0, 0, 1): Fraction(1, 6),
        (1, 0, 1, 0): Fraction(1, 6),
        (1, 1, 0, 0): Fraction(1, 6),
    }


@pytest.mark.parametrize("design", DRAWN, ids=lambda design: design.alg)
def test_secrets_give_the_sequences_as_often_as_enumerated(design):
    """Chi-squared of 1,500 secrets against the enumeration of 4 slots; SciPy's chisquare."""
    expected = sequences(design, 4)
    drawn = Counter(sequence(design, number.to_bytes(32), {"site": "01"}, 4) for number in range(1500))
    counts = {tuple(design.arms.index(arm) for arm in arms): count for arms, count in drawn.items()}
    assert counts.keys() <= expected.keys()
    observed = [counts.get(arms, 0) for arms in expected]
    assert chisquare(observed, [float(chance) * 1500 for chance in expected.values()]).pvalue > 1e-4


def test_blocks_of_four_are_guessed_17_times_in_24_and_certain_8_times():
    """Integrity.md 1d: 70.8 % right, 33.3 % certain. Blackwell & Hodges 1957: 1/2 + (2^4/C(4,2) - 1)/8."""
    found = guessing(PermutedBlocks(TWO, EQUAL, (4,)), 12)
    assert found.convergence == found.bayes == Fraction(17, 24)
    assert found.certain == Fraction(1, 3)


@pytest.mark.parametrize("size", [2, 4, 6])
def test_blocks_are_guessed_as_blackwell_and_hodges_say(size):
    """Ann Math Stat 1957;28:449: the expected excess over half a block is 2^(2m)/(2 C(2m, m)) - 1/2."""
    half = size // 2
    middle = {2: 2, 4: 6, 6: 20}[size]
    excess = Fraction(4**half, 2 * middle) - Fraction(1, 2)
    assert guessing(PermutedBlocks(TWO, EQUAL, (size,)), size).convergence == Fraction(1, 2) + excess / size


def test_nothing_is_guessed_of_simple_randomization():
    found = guessing(Simple(TWO, EQUAL), 8)
    assert (found.convergence, found.bayes, found.certain) == (Fraction(1, 2), Fraction(1, 2), 0)


def test_whoever_knows_the_ratio_guesses_the_larger_arm():
    found = guessing(Simple(TWO, (1, 2)), 6)
    assert found.bayes == Fraction(2, 3)


def test_the_big_stick_is_certain_only_at_its_limit():
    """Limit 1: every second slot is forced."""
    found = guessing(BigStick(TWO, EQUAL, 1), 12)
    assert (found.convergence, found.certain) == (Fraction(3, 4), Fraction(1, 2))


@settings(deadline=None, max_examples=25)
@given(designs)
def test_no_strategy_beats_bayes(design):
    found = guessing(design, 4)
    assert found.certain <= found.bayes <= 1
    assert found.convergence <= found.bayes


@pytest.mark.parametrize("length", [0, 13])
def test_a_trial_too_large_to_enumerate_is_refused(length):
    with pytest.raises(ValueError, match="length: from 1 slot"):
        sequences(DESIGNS[1](TWO, EQUAL, None), length)
