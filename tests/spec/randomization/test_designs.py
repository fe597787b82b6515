"""Designs that look at how often each arm was given: what the next slot may be, and how likely"""

from collections import Counter
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from randomization.by_counts import BiasedCoin, BigStick, Simple
from randomization.design import PermutedBlocks, arm_at, sequence
from randomization.exact import sequences
from randomization.maximal import MaximalProcedure
from randomization.urns import BlockUrn, WeiUrn
from tests.spec.randomization.any_rule import designs, seeds

TWO, EQUAL = ("A", "B"), (1, 1)
THREE = ("A", "B", "C")
NORTH = {"site": "01"}

CHANCES = [
    (Simple(TWO, (1, 2)), (9, 0), "1/3 2/3", "the past does not count"),
    (BiasedCoin(TWO, EQUAL, (2, 3)), (5, 5), "1/2 1/2", "Efron 1971: a tie is a fair coin"),
    (BiasedCoin(TWO, EQUAL, (2, 3)), (5, 4), "1/3 2/3", "Efron 1971: the lagging arm with p"),
    (BiasedCoin(THREE, (1, 1, 1), (2, 3)), (1, 2, 2), "2/3 1/6 1/6", "q is shared among the others"),
    (BiasedCoin(THREE, (1, 1, 1), (2, 3)), (1, 1, 2), "5/12 5/12 1/6", "two lag: one of them, then the coin"),
    (BiasedCoin(TWO, (1, 2), (3, 4)), (0, 1), "3/4 1/4", "Han 2009: the smallest arm preferred with p"),
    (BiasedCoin(TWO, (1, 2), (3, 4)), (1, 0), "1/8 7/8", "Han 2009: 1 - q (R - r2)/(R - r1)"),
    (BiasedCoin(TWO, (1, 2), (3, 4)), (0, 0), "1/3 2/3", "nothing lags: the ratio"),
    (BigStick(TWO, EQUAL, 3), (2, 0), "1/2 1/2", "Soares & Wu 1983: fair below the limit"),
    (BigStick(TWO, EQUAL, 3), (3, 0), "0 1", "Soares & Wu 1983: forced at the limit"),
    (BigStick(THREE, (1, 1, 1), 2), (2, 0, 1), "0 1/2 1/2", "only the arm at the limit is left out"),
    (BigStick(TWO, (1, 2), 1), (1, 0), "0 1", "a second A would be 2 parts ahead"),
    (WeiUrn(TWO, EQUAL, 0, 1), (0, 0), "1/2 1/2", "Wei 1978: the empty urn is fair"),
    (WeiUrn(TWO, EQUAL, 0, 1), (1, 0), "0 1", "Wei 1978: UD(0,1) alternates at first"),
    (WeiUrn(TWO, EQUAL, 0, 1), (2, 1), "1/3 2/3", "Wei & Lachin 1988: n_B/(n_A + n_B)"),
    (WeiUrn(TWO, EQUAL, 1, 3), (1, 0), "1/5 4/5", "Wei & Lachin 1988: (1 + 3 n_B)/(2 + 3 n)"),
    (BlockUrn(TWO, EQUAL, 2), (1, 0), "1/3 2/3", "Zhao & Weng 2011: 2 + 0 - 1 of 4 - 1 balls"),
    (BlockUrn(TWO, EQUAL, 2), (2, 1), "1/3 2/3", "Zhao & Weng 2011: the complete set came back"),
    (BlockUrn(TWO, EQUAL, 2), (2, 0), "0 1", "no ball of A is left"),
    (BlockUrn(TWO, (1, 2), 1), (0, 1), "1/2 1/2", "the urn held 1 and 2"),
    (MaximalProcedure(TWO, EQUAL, 4, 2), (1, 0), "1/3 2/3", "1 of 3 ways begins with AA"),
    (MaximalProcedure(TWO, EQUAL, 4, 1), (1, 0), "0 1", "the limit"),
]


@pytest.mark.parametrize(("design", "counts", "chances", "why"), CHANCES, ids=lambda value: str(value)[:60])
def test_the_next_slot_has_the_chances_of_the_paper(design, counts, chances, why):
    weights = design.weights(counts)
    assert [Fraction(weight, sum(weights)) for weight in weights] == [Fraction(c) for c in chances.split()]


@settings(deadline=None, max_examples=40)
@given(designs, seeds, st.integers(1, 40))
def test_a_slot_has_the_same_arm_however_it_is_asked_for(design, seed, slot):
    assert arm_at(design, seed, NORTH, slot) == sequence(design, seed, NORTH, slot)[-1]


@settings(deadline=None, max_examples=25)
@given(designs)
def test_what_is_drawn_is_what_is_possible(design):
    """The sequences of 20 secrets are among those that the enumeration knows."""
    possible = sequences(design, 5)
    drawn = {sequence(design, bytes(31) + bytes([number]), NORTH, 5) for number in range(20)}
    assert {tuple(design.arms.index(arm) for arm in arms) for arms in drawn} <= possible.keys()


def test_slots_count_from_one():
    with pytest.raises(ValueError, match="count from 1"):
        arm_at(Simple(TWO, EQUAL), bytes(32), NORTH, 0)


@pytest.mark.parametrize("ratio", [(1, 1), (1, 2), (1, 1, 2)])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_the_maximal_procedure_makes_every_allowed_sequence_equally_likely(ratio, limit):
    """Berger, Ivanova & Knoll 2003, by listing all sequences of the run."""
    length = 6 if sum(ratio) < 4 else 4
    design = MaximalProcedure(THREE[: len(ratio)], ratio, length, limit)
    allowed = [arms for arms in product(range(len(ratio)), repeat=length) if _allowed(arms, ratio, limit)]
    assert sequences(design, length) == dict.fromkeys(allowed, Fraction(1, len(allowed)))


def _allowed(arms, ratio, limit):
    shares = [
        [Fraction(arms[:slot].count(arm), part) for arm, part in enumerate(ratio)]
        for slot in range(len(arms) + 1)
    ]
    return len(set(shares[-1])) == 1 and all(max(share) - min(share) <= limit for share in shares)


def test_runs_of_the_maximal_procedure_follow_one_another():
    arms = sequence(MaximalProcedure(TWO, EQUAL, 6, 2), bytes(range(32)), NORTH, 60)
    assert [Counter(arms[first : first + 6]) for first in range(0, 60, 6)] == [{"A": 3, "B": 3}] * 10


@settings(deadline=None, max_examples=40)
@given(seeds, st.integers(1, 5))
def test_the_big_stick_never_passes_its_limit(seed, limit):
    arms = sequence(BigStick(TWO, EQUAL, limit), seed, NORTH, 100)
    ahead = [arms[:slot].count("A") - arms[:slot].count("B") for slot in range(101)]
    assert max(map(abs, ahead)) <= limit


@pytest.mark.parametrize("ratio", [(1, 1), (1, 2), (2, 1, 1), (3, 1)])
def test_weis_urn_keeps_the_ratio_at_every_slot(ratio):
    """Each part of the ratio is an arm of an equal urn, and equal arms are equally likely."""
    design = WeiUrn(THREE[: len(ratio)], ratio, 0, 1)
    for slot in range(6):
        assert _chance_of_first_arm(design, slot) == Fraction(ratio[0], sum(ratio))


def _chance_of_first_arm(design, slot):
    return sum(chance for arms, chance in sequences(design, slot + 1).items() if arms[slot] == 0)


def test_a_block_urn_of_one_set_is_fixed_blocks_of_that_set():
    blocks = PermutedBlocks(THREE, (1, 2, 1), (4,))
    assert sequences(BlockUrn(THREE, (1, 2, 1), 1), 7) == sequences(blocks, 7)


BROKEN = [
    (lambda: Simple(("A",), (1,)), "arms: two or more different"),
    (lambda: Simple(TWO, (1, 1001)), "ratio: one whole number from 1 to 1000"),
    (lambda: BiasedCoin(TWO, EQUAL, (1, 2)), "p: no more than what the smallest arm gets"),
    (lambda: BiasedCoin(TWO, EQUAL, (3, 2)), "p: more than 0, at most 1"),
    (lambda: BiasedCoin(TWO, EQUAL, (2, 3, 4)), "p: a numerator and a denominator"),
    (lambda: BigStick(TWO, EQUAL, 0), "limit: a whole number from 1 to 1000"),
    (lambda: WeiUrn(TWO, EQUAL, -1, 1), "start: a whole number from 0"),
    (lambda: WeiUrn(TWO, EQUAL, 0, 0), "added: a whole number from 1"),
    (lambda: BlockUrn(TWO, EQUAL, 0), "sets: a whole number from 1"),
    (lambda: MaximalProcedure(TWO, EQUAL, 7, 2), "length: a multiple of 2"),
    (lambda: MaximalProcedure(TWO, EQUAL, 8, 0), "limit: a whole number from 1"),
    (lambda: MaximalProcedure(THREE, (1, 1, 1), 300, 300), "limit: too wide for this length"),
]


@pytest.mark.parametrize(("build", "reason"), BROKEN)
def test_a_design_that_cannot_be_is_refused_with_its_reason(build, reason):
    with pytest.raises(ValueError, match=reason):
        build()
