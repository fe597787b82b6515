"""Minimization: the arm that balances the factors, mostly; replayed from the secret and the draws before"""

from collections import Counter
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from randomization.minimization import Draw, Minimization, chances
from tests.spec.randomization.any_rule import any_minimization, seeds

FACTORS = ("site", "age", "pain")
SEED = bytes(range(32))


def rule(**changes):
    parts = {
        "arms": ("A", "B"),
        "ratio": (1, 1),
        "p": (4, 5),
        "measure": "range",
        "weights": {"site": 1, "age": 1, "pain": 1},
    }
    return Minimization(**{**parts, **changes})


def person(random):
    return {"site": random.choice("123"), "age": random.choice("yo"), "pain": random.choice("lh")}


def drawn(minimization, seed, people):
    margins, draws = minimization.margins(), []
    for number, factors in enumerate(people, start=1):
        arm = minimization.arm_for(seed, number, margins, factors)
        margins.add(factors, minimization.arms.index(arm))
        draws.append(Draw(factors, arm))
    return draws


def after(minimization, *earlier):
    margins = minimization.margins()
    for site, age, pain, arm in earlier:
        margins.add({"site": site, "age": age, "pain": pain}, minimization.arms.index(arm))
    return margins


EARLIER = [("1", "y", "l", "A"), ("1", "o", "l", "A"), ("2", "y", "h", "B"), ("1", "y", "h", "B")]
ME = {"site": "1", "age": "y", "pain": "l"}
IMBALANCES = [
    ({}, (5, 3), "site, age, pain: with A 3:1, 2:2, 3:0; with B 2:2, 1:3, 2:1"),
    ({"weights": {"site": 1, "pain": 2}}, (8, 2), "2 + 2*3 with A, 0 + 2*1 with B"),
    ({"weights": {"pain": 1}, "measure": "variance"}, (9, 1), "3:0 and 2:1, (difference)^2"),
    ({"weights": {"age": 1}, "within": ("site",)}, (1, 1), "site 1 alone: age y 1:1"),
    ({"weights": {"pain": 1}, "ratio": (2, 1)}, (3, 0), "per part, doubled: 3:0 and 2:2"),
]


@pytest.mark.parametrize(("changes", "expected", "why"), IMBALANCES)
def test_imbalance_is_summed_over_the_levels_of_the_person(changes, expected, why):
    """Pocock & Simon 1975, section 3, by hand."""
    found = rule(**changes)
    assert found.imbalances(after(found, *EARLIER), ME) == expected


@settings(deadline=None, max_examples=50)
@given(st.integers(), seeds)
def test_the_imbalances_are_those_of_the_definition(number, seed):
    """Pocock & Simon 1975, recomputed with fractions from the list of all who came before."""
    random = Random(number)
    found = any_minimization(random, FACTORS)
    draws = drawn(found, seed, [person(random) for _ in range(15)])
    margins = found.margins()
    for draw in draws:
        margins.add(draw.factors, found.arms.index(draw.arm))
    me = person(random)
    got, want = found.imbalances(margins, me), [_defined(found, draws, me, arm) for arm in found.arms]
    assert [value * want[0] for value in got] == [value * got[0] for value in want]


def _defined(found, draws, me, arm):
    total = Fraction()
    for factor, weight in found.weights.items():
        alike = [draw.arm for draw in draws if all(draw.factors[f] == me[f] for f in (factor, *found.within))]
        counts = Counter([*alike, arm])
        shares = [Fraction(counts[a], part) for a, part in zip(found.arms, found.ratio, strict=True)]
        mean = sum(shares) / len(shares)
        spread = max(shares) - min(shares)
        variance = sum((share - mean) ** 2 for share in shares) / len(shares)
        total += weight * (spread if found.measure == "range" else variance)
    return total


def test_with_certainty_the_best_arm_is_always_taken():
    found = rule(p=(1, 1), weights={"pain": 1})
    margins = after(found, *EARLIER)
    assert {found.arm_for(SEED, number, margins, ME) for number in range(1, 200)} == {"B"}


SHARES = [
    ({}, [0.8, 0.2], "site 2, age o, pain h lack A (0:1, 1:0, 0:2): A with p"),
    ({"p": (2, 3)}, [2 / 3, 1 / 3], "the same with p = 2/3"),
    ({"ratio": (1, 2), "p": (3, 4)}, [0.75, 0.25], "Han 2009: the smaller arm preferred with p"),
    ({"ratio": (2, 1), "p": (3, 4)}, [0.875, 0.125], "Han 2009: 1 - q (R - r_k)/(R - m)"),
]


@pytest.mark.parametrize(("changes", "shares", "why"), SHARES)
def test_the_best_arm_is_taken_with_its_chance(changes, shares, why):
    """Chi-squared of draws 1 to 4,000; SciPy's chisquare."""
    found = rule(weights={"pain": 1}, **changes)
    margins = after(found, *[("2", "y", "h", "B")] * 4)
    me = {**ME, "pain": "h"}
    counts = Counter(found.arm_for(SEED, number, margins, me) for number in range(1, 4001))
    assert chisquare([counts["A"], counts["B"]], [share * 4000 for share in shares]).pvalue > 1e-4


def test_a_tie_is_drawn_fairly_and_the_others_share_the_miss():
    """A and C tied: each 1/2 (4/5) + 1/2 (1/10); B 1/10. Chi-squared of draws 1 to 4,000."""
    found = rule(arms=("A", "B", "C"), ratio=(1, 1, 1), weights={"pain": 1})
    margins = after(found, ("1", "y", "l", "B"))
    counts = Counter(found.arm_for(SEED, number, margins, ME) for number in range(1, 4001))
    assert chisquare([counts["A"], counts["B"], counts["C"]], [1800, 400, 1800]).pvalue > 1e-4


def test_an_unequal_ratio_is_kept_in_the_long_run():
    """1:2 over 600 people: 200 of A, give or take 15; p = 4/5 without the corrected coin would be far off."""
    random = Random(3)
    draws = drawn(rule(ratio=(1, 2)), SEED, [person(random) for _ in range(600)])
    assert abs(sum(draw.arm == "A" for draw in draws) - 200) <= 15


@settings(deadline=None, max_examples=50)
@given(st.integers(), seeds)
def test_a_replay_gives_every_arm_again(number, seed):
    random = Random(number)
    found = any_minimization(random, FACTORS)
    draws = drawn(found, seed, [person(random) for _ in range(12)])
    assert found.replayed(seed, draws) == tuple(draw.arm for draw in draws)


def test_a_replay_names_the_draw_that_was_changed():
    random = Random(1)
    found = rule()
    draws = drawn(found, SEED, [person(random) for _ in range(30)])
    draws[19] = draws[19]._replace(arm="B" if draws[19].arm == "A" else "A")
    replayed = found.replayed(SEED, draws)
    assert next(n for n, draw in enumerate(draws) if draw.arm != replayed[n]) == 19


def test_minimization_balances_every_factor():
    """200 people, p = 4/5: no level of 20 or more is 10 apart (simple randomization would often be)."""
    random = Random(7)
    draws = drawn(rule(), SEED, [person(random) for _ in range(200)])
    for factor in FACTORS:
        apart = Counter()
        for draw in draws:
            apart[draw.factors[factor]] += 1 if draw.arm == "A" else -1
        assert max(map(abs, apart.values())) < 10


def test_chance_depends_on_the_secret_and_the_number_alone():
    """Pinned: HMAC-SHA256 with openssl of lp("min-v1", 1) and lp("min-pick-v1", 1), seed 00..1f."""
    assert [f"{chance:016x}" for chance in chances(SEED, 1)] == PINNED
    assert chances(SEED, 1) != chances(SEED, 2) != chances(bytes(32), 2)


PINNED = ["07b01aa69f03d36c", "4f9644c39dd00578", "155f686b5440745b"]

BROKEN = [
    ({"measure": "entropy"}, "measure: one of range, variance"),
    ({"weights": {}}, "weights: one or more factors"),
    ({"weights": {"site": 0}}, "weights: one or more factors"),
    ({"p": (1, 2)}, "p: no more than"),
    ({"arms": ("A", "A")}, "arms: two or more different"),
]


@pytest.mark.parametrize(("changes", "reason"), BROKEN)
def test_a_rule_that_cannot_be_is_refused_with_its_reason(changes, reason):
    with pytest.raises(ValueError, match=reason):
        rule(**changes)


def test_a_person_without_a_factor_is_refused():
    with pytest.raises(ValueError, match="the factor pain is missing"):
        rule().margins().of({"site": "1", "age": "y"})
