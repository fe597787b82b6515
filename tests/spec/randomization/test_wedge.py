"""Stepped wedge: every unit crosses over once, in the wave that was drawn for it"""

import hashlib
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from randomization.wedge import Calendar, Condition, SteppedWedge
from tests.spec.randomization.any_rule import seeds
from tests.spec.randomization.test_clusters import CLINICS, clinics

THREE = SteppedWedge(steps=(2, 3, 4), periods=4)
YEAR = Calendar((date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)), date(2026, 12, 31))


def seed(number):
    return hashlib.sha256(f"waves {number}".encode()).digest()


def letters(rows):
    return [" ".join(condition[0] for condition in row) for row in rows]


def test_the_classic_wedge_is_the_published_one():
    """Hussey & Hughes 2007: four steps, five times; the first all control, the last all intervention."""
    assert letters(SteppedWedge(steps=(2, 3, 4, 5), periods=5).table()) == [
        "c i i i i",
        "c c i i i",
        "c c c i i",
        "c c c c i",
    ]


def test_a_transition_counts_for_neither_side():
    assert letters(SteppedWedge(steps=(3, 5), periods=7, transition=1).table()) == [
        "c c t i i i i",
        "c c c c t i i",
    ]


@settings(deadline=None)
@given(seeds, clinics, st.integers(2, 5))
def test_waves_are_as_equal_as_can_be_in_each_stratum_and_overall(secret, units, waves):
    design = SteppedWedge(tuple(range(2, waves + 2)), waves + 1)
    drawn = design.draw(secret, units).waves
    groups = [[unit for unit in units if units[unit] == stratum] for stratum in units.values()]
    for group in [*groups, list(units)]:
        counts = Counter(drawn[unit] for unit in group)
        sizes = [counts[wave] for wave in range(1, waves + 1)]
        assert max(sizes) - min(sizes) <= 1


def test_98_clinics_make_five_waves_of_19_or_20():
    """The number of clinics and waves of LIRE (Jarvik et al., JAMA Netw Open 2020;3(9):e2015713)."""
    design = SteppedWedge(steps=(2, 3, 4, 5, 6), periods=6)
    waves = design.draw(seed(1), {f"c{number}": {} for number in range(98)}).waves
    assert sorted(Counter(waves.values()).values()) == [19, 19, 20, 20, 20]


@settings(deadline=None)
@given(seeds, st.lists(st.integers(1, 6), min_size=2, max_size=5))
def test_waves_of_given_sizes_have_these_sizes(secret, sizes):
    design = SteppedWedge(tuple(range(2, len(sizes) + 2)), len(sizes) + 1, tuple(sizes))
    waves = design.draw(secret, {f"c{number}": {} for number in range(sum(sizes))}).waves
    assert Counter(waves.values()) == dict(enumerate(sizes, start=1))


def test_every_unit_is_in_every_wave_equally_often():
    """Ten clinics in two regions; secrets 0 to 2,999; SciPy's chisquare for each clinic."""
    drawn = [THREE.draw(seed(number), CLINICS).waves for number in range(3000)]
    for clinic in CLINICS:
        counts = Counter(waves[clinic] for waves in drawn)
        assert chisquare([counts[1], counts[2], counts[3]]).pvalue > 1e-4


@settings(deadline=None)
@given(seeds, st.integers(0, 2))
def test_every_unit_begins_in_control_crosses_once_and_never_goes_back(secret, transition):
    rollout = SteppedWedge((2, 3), 6, transition=transition).draw(secret, CLINICS)
    order = list(Condition)
    for unit in CLINICS:
        stages = [order.index(rollout.exposure(unit, period)) for period in range(1, 7)]
        assert stages == sorted(stages)
        assert (stages[0], stages[-1], stages.count(1)) == (0, 2, transition)


def test_the_drawn_table_shows_earlier_waves_first():
    rollout = THREE.draw(bytes(range(32)), CLINICS)
    table = rollout.table()
    assert [rollout.waves[unit] for unit in table] == sorted(rollout.waves.values())
    for unit, row in table.items():
        assert row == tuple(rollout.exposure(unit, period) for period in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("sizes", "waves"), [((), [3, 2, 3, 2, 1, 1, 2, 2, 3, 1]), ((5, 3, 2), [1, 2, 1, 1, 3, 2, 1, 3, 2, 1])]
)
def test_the_waves_of_ten_clinics_are_the_published_ones(sizes, waves):
    """The test vectors of docs/allocation.md, computed by dealing.js."""
    design = SteppedWedge(steps=(2, 3, 4), periods=4, sizes=sizes)
    assert list(design.draw(bytes(range(32)), CLINICS).waves.values()) == waves


DAYS = [
    (date(2026, 1, 1), 1, "a period begins with its first day"),
    (date(2026, 3, 31), 1, "and ends the day before the next"),
    (date(2026, 4, 1), 2, "the step"),
    (date(2026, 12, 31), 4, "the last day counts"),
]


@pytest.mark.parametrize(("day", "period", "why"), DAYS)
def test_a_day_has_one_period(day, period, why):
    assert YEAR.period(day) == period


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2027, 1, 1)])
def test_a_day_outside_the_trial_has_no_period(day):
    with pytest.raises(ValueError, match="is not between 2026-01-01 and 2026-12-31"):
        YEAR.period(day)


BROKEN = [
    (lambda: SteppedWedge((2,), 3), "steps: the periods of two or more waves"),
    (lambda: SteppedWedge((3, 2), 4), "each later than the one before"),
    (lambda: SteppedWedge((2, 2), 4), "each later than the one before"),
    (lambda: SteppedWedge((1, 2), 4), "begin in the control"),
    (lambda: SteppedWedge((2, 5), 4), "end in the intervention"),
    (lambda: SteppedWedge((2, 4), 4, transition=1), "end in the intervention"),
    (lambda: SteppedWedge((2, 3), 4, transition=-1), "transition: a whole number from 0"),
    (lambda: SteppedWedge((2, 3), 4, sizes=(5,)), "sizes: one whole number from 1"),
    (lambda: SteppedWedge((2, 3), 4, sizes=(5, 0)), "sizes: one whole number from 1"),
    (lambda: SteppedWedge((2, 3), 4, (5, 4)).draw(bytes(32), CLINICS), "together 9 units, there are 10"),
    (lambda: THREE.draw(bytes(32), {"c1": {}}), "units: 3 or more are needed"),
    (lambda: THREE.condition(4, 1), "no wave 4 among 3"),
    (lambda: THREE.condition(1, 5), "no period 5 among 4"),
    (lambda: THREE.draw(bytes(32), CLINICS).exposure("c99", 1), "'c99' has no wave"),
    (lambda: Calendar((), date(2026, 1, 1)), "starts: one or more days"),
    (lambda: Calendar((date(2026, 2, 1), date(2026, 1, 1)), date(2026, 3, 1)), "each later than"),
    (lambda: Calendar((date(2026, 2, 1),), date(2026, 1, 1)), "none after the end"),
]


@pytest.mark.parametrize(("build", "reason"), BROKEN)
def test_what_is_not_a_wedge_is_refused_with_its_reason(build, reason):
    with pytest.raises(ValueError, match=reason):
        build()
