"""How far the arms are apart in simulated trials: overall, at looks, by stratum and by factor level.

Apart means: the largest difference of two arms' counts per part of the ratio; with 1:1 simply the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm

import numpy as np

from randomization.ratio import Ratio
from randomization.simulate.steps import Floats, Indices, scaled
from randomization.simulate.trials import Simulated


@dataclass(frozen=True, slots=True)
class Apart:
    """How far the arms were apart over the trials: on average, in 95 of 100 trials at most, and at worst."""

    mean: float
    most_95: float
    worst: float


@dataclass(frozen=True, slots=True)
class Balance:
    """`highest` is the largest distance at any time of a trial; `levels` are named `factor=level`."""

    overall: Apart
    highest: Apart
    looks: dict[int, Apart]
    strata: dict[str, Apart]
    levels: dict[str, Apart]


def balance(simulated: Simulated, looks: Sequence[int] = ()) -> Balance:
    """The distances at the end, at each look (a number of participants), and at any time."""
    ratio, participants = simulated.rule.ratio, simulated.arms.shape[1]
    if bad := [look for look in looks if not 1 <= look <= participants]:
        raise ValueError(f"looks: {bad[0]} is not between 1 and {participants}")
    running = _apart(_running(simulated), ratio)
    cells = _by_stratum(simulated)
    names = ["/".join(stratum.values()) for stratum in simulated.population.strata]
    return Balance(
        overall=_summary(running[:, -1]),
        highest=_summary(running.max(axis=1)),
        looks={look: _summary(running[:, look - 1]) for look in looks},
        strata={name: _summary(_apart(cells[:, number], ratio)) for number, name in enumerate(names)},
        levels={
            name: _summary(_apart(cells[:, chosen].sum(axis=1), ratio)) for name, chosen in _levels(simulated)
        },
    )


def _running(simulated: Simulated) -> Indices:
    """Trials by participants by arms: the counts after each participant."""
    arms = np.arange(len(simulated.rule.arms))
    return np.asarray((simulated.arms[:, :, None] == arms).cumsum(axis=1))


def _by_stratum(simulated: Simulated) -> Indices:
    """Trials by strata by arms: the counts at the end."""
    trials = len(simulated.people)
    shape = (trials, len(simulated.population.strata), len(simulated.rule.arms))
    cell = (np.arange(trials)[:, None] * shape[1] + simulated.people) * shape[2] + simulated.arms
    return np.bincount(cell.ravel(), minlength=int(np.prod(shape))).reshape(shape)


def _levels(simulated: Simulated) -> list[tuple[str, list[int]]]:
    """Each level's name and the numbers of its strata."""
    strata = simulated.population.strata
    names = dict.fromkeys((factor, level) for stratum in strata for factor, level in stratum.items())
    return [
        (f"{factor}={level}", [n for n, stratum in enumerate(strata) if stratum.get(factor) == level])
        for factor, level in names
    ]


def _apart(counts: Indices, ratio: Ratio) -> Floats:
    values = scaled(counts, ratio)
    return np.asarray((values.max(axis=-1) - values.min(axis=-1)) / lcm(*ratio))


def _summary(apart: Floats) -> Apart:
    return Apart(float(apart.mean()), float(np.quantile(apart, 0.95)), float(apart.max()))
