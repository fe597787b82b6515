"""Simulated trials: the figures of integrity.md 1d, and those of the exact enumeration"""

import re
from random import Random

import numpy as np
import pytest

from randomization.by_counts import BiasedCoin, BigStick, Simple
from randomization.design import PermutedBlocks, strata
from randomization.exact import guessing, sequences
from randomization.maximal import MaximalProcedure
from randomization.minimization import Minimization
from randomization.simulate import Population, balance, refusals, simulate, warnings
from randomization.urns import BlockUrn, WeiUrn
from tests.spec.randomization.any_rule import any_minimization

TWO, EQUAL = ("A", "B"), (1, 1)
ONE = Population(({"site": "01"},), (1.0,))
FACTORS = {"site": ("1", "2", "3", "4", "5", "6", "7", "8"), "age": ("y", "o"), "pain": ("l", "h")}
THREE = Population(strata(FACTORS), (1 / 32,) * 32)


def run(rule, population=ONE, participants=60, trials=2000, **options):
    return simulate(rule, population, participants, trials, np.random.default_rng(20), **options)


def blocks(*sizes):
    return PermutedBlocks(TWO, EQUAL, sizes)


PUBLISHED = [
    (blocks(2), 75.0, 75.0, 50.0),
    (blocks(4), 70.8, 71.0, 33.4),
    (blocks(6), 68.4, 68.5, 24.9),
    (blocks(8), 65.9, 66.1, 18.6),
    (blocks(2, 4), 72.1, 72.1, 11.0),
    (blocks(4, 6), 69.1, 69.1, 5.4),
    (blocks(4, 6, 8), 67.8, 67.8, 2.4),
    (blocks(6, 8, 10), 66.1, 66.2, 1.7),
    (BigStick(TWO, EQUAL, 3), 58.0, 58.0, None),
    (BigStick(TWO, EQUAL, 4), 55.6, 55.6, None),
    (BiasedCoin(TWO, EQUAL, (2, 3)), 62.3, 62.3, 0.0),
    (Simple(TWO, EQUAL), 50.0, 50.0, 0.0),
]


@pytest.mark.parametrize(("design", "convergence", "bayes", "certain"), PUBLISHED, ids=str)
def test_what_can_be_guessed_is_as_published(design, convergence, bayes, certain):
    """Integrity.md 1d: one stratum of 60, the recruiter sees all past arms; percentages."""
    found = run(design)
    assert 100 * found.convergence == pytest.approx(convergence, abs=0.3)
    assert 100 * found.bayes == pytest.approx(bayes, abs=0.3)
    if certain is not None:
        assert 100 * found.certain == pytest.approx(certain, abs=0.3)


@pytest.mark.parametrize(("p", "percent"), [((1, 1), 87.2), ((9, 10), 80.6), ((4, 5), 72.9), ((7, 10), 66.0)])
def test_what_can_be_guessed_of_minimization_is_as_published(p, percent):
    """Integrity.md 1d: 3 factors, 8 sites, full data; its other levels are not stated, hence 0.8."""
    found = run(Minimization(TWO, EQUAL, p, "range", dict.fromkeys(FACTORS, 1)), THREE, trials=1000)
    assert 100 * found.convergence == pytest.approx(percent, abs=0.8)


def test_who_sees_their_own_site_alone_guesses_less():
    """Integrity.md 1d: 60.4 % at p = 4/5."""
    rule = Minimization(TWO, EQUAL, (4, 5), "range", dict.fromkeys(FACTORS, 1))
    found = run(rule, THREE, trials=1000, own="site")
    assert 100 * found.convergence == pytest.approx(60.4, abs=0.8)


SMALL = [
    blocks(4),
    blocks(2, 4),
    PermutedBlocks(("A", "B", "C"), (1, 2, 1), (4, 8)),
    Simple(TWO, (1, 2)),
    BiasedCoin(TWO, (1, 2), (3, 4)),
    BigStick(("A", "B", "C"), (1, 1, 1), 1),
    WeiUrn(TWO, (1, 2), 0, 1),
    BlockUrn(TWO, (2, 1), 2),
    MaximalProcedure(TWO, EQUAL, 6, 2),
]


@pytest.mark.parametrize("design", SMALL, ids=str)
def test_a_small_trial_is_simulated_as_it_is_enumerated(design):
    """The exact enumeration of 7 slots; 4 standard errors of 4,000 trials."""
    exact, found = guessing(design, 7), run(design, participants=7, trials=4000)
    for name in ("convergence", "bayes", "certain"):
        assert getattr(found, name) == pytest.approx(float(getattr(exact, name)), abs=0.012)
    chances = sequences(design, 7)
    for slot in range(7):
        first = float(sum(chance for arms, chance in chances.items() if arms[slot] == 0))
        assert (found.arms[:, slot] == 0).mean() == pytest.approx(first, abs=4 * (0.25 / 4000) ** 0.5)


@pytest.mark.parametrize("number", range(6))
def test_each_simulated_arm_has_a_chance_in_the_rule(number):
    """Rules with p = 1 or limits leave no freedom: each simulated arm is one that the rule could give."""
    rule = any_minimization(Random(number), tuple(FACTORS))
    found = run(rule, THREE, participants=25, trials=5)
    for people, arms in zip(found.people, found.arms, strict=True):
        margins = rule.margins()
        for person, arm in zip(people, arms, strict=True):
            values = rule.imbalances(margins, THREE.strata[person])
            assert rule.p[0] < rule.p[1] or values[arm] == min(values)
            margins.add(THREE.strata[person], arm)


def test_blocks_are_balanced_in_every_stratum_and_less_so_overall():
    population = Population(strata({"site": ("1", "2"), "pain": ("l", "h")}), (0.4, 0.1, 0.3, 0.2))
    found = balance(run(blocks(4), population, participants=100, trials=500), looks=(50, 100))
    assert all(apart.worst <= 2 for apart in found.strata.values())
    assert found.looks[100] == found.overall
    assert found.overall.worst <= 8
    assert found.overall.mean <= found.highest.mean
    assert list(found.levels) == ["site=1", "pain=l", "pain=h", "site=2"]
    assert list(found.strata) == ["1/l", "1/h", "2/l", "2/h"]


def test_simple_randomization_is_as_far_apart_as_a_random_walk():
    """Mean absolute difference after 100 steps: 100 C(100, 50)/2^100 = 7.959; 4 standard errors."""
    found = balance(run(Simple(TWO, EQUAL), participants=100, trials=4000))
    assert found.overall.mean == pytest.approx(7.959, abs=4 * 6.1 / 4000**0.5)


def test_the_distance_is_counted_per_part_of_the_ratio():
    found = balance(run(PermutedBlocks(TWO, (1, 2), (3,)), participants=6, trials=200), looks=(1,))
    assert found.overall.worst == 0
    assert found.looks[1].worst == 1


@pytest.mark.parametrize("look", [0, 61])
def test_a_look_outside_the_trial_is_refused(look):
    with pytest.raises(ValueError, match=f"looks: {look} is not between 1 and 60"):
        balance(run(Simple(TWO, EQUAL), trials=2), looks=(look,))


def test_minimization_balances_all_factors_better_than_chance():
    rule = Minimization(TWO, EQUAL, (4, 5), "variance", dict.fromkeys(FACTORS, 1))
    minimized = balance(run(rule, THREE, participants=100, trials=300))
    chance = balance(run(Simple(TWO, EQUAL), THREE, participants=100, trials=300))
    assert all(minimized.levels[name].mean < chance.levels[name].mean for name in chance.levels)


@pytest.mark.parametrize("shares", [(0.5,), (0.5, 0.6), (1.5, -0.5)])
def test_shares_are_one_for_each_stratum_and_together_one(shares):
    with pytest.raises(ValueError, match="shares: "):
        Population(({"site": "1"}, {"site": "2"}), shares)


ADVICE = [
    (blocks(4), True, ["33.* % of the arms are known beforehand"], ["within their own site"]),
    (blocks(4, 6), False, [], []),
    (blocks(4, 6, 8, 10, 12), True, [], ["within their own site"]),
    (PermutedBlocks(TWO, EQUAL, (2, 4, 6)), True, [], ["known beforehand", "within their own site"]),
    (Simple(TWO, EQUAL), True, [], []),
    (Minimization(TWO, EQUAL, (9, 10), "range", {"site": 1}), False, [], ["p above 0.8"]),
    (Minimization(TWO, EQUAL, (4, 5), "range", {"site": 1}), False, [], []),
]


@pytest.mark.parametrize(("rule", "seen", "refused", "warned"), ADVICE, ids=str)
def test_a_design_that_can_be_foreseen_is_advised_against(rule, seen, refused, warned):
    """Integrity.md G7: refused above 5 % certain, warned above 2.5 %; D6, D7."""
    found = run(rule, trials=500)
    for got, wanted in ((refusals(found, seen), refused), (warnings(found, seen), warned)):
        assert len(got) == len(wanted)
        for sentence, pattern in zip(got, wanted, strict=True):
            assert re.search(pattern, sentence)
