"""Simulating minimization: each participant a step, all trials at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from randomization.coin import coin_weights
from randomization.minimization import Minimization
from randomization.simulate.steps import (
    Floats,
    Indices,
    Tally,
    drawn,
    due,
    scaled,
    smallest,
)

MEASURES: Mapping[str, Callable[[Indices], Indices]] = {  # as randomization.minimization.MEASURES, arms last
    "range": lambda values: values.max(axis=-1) - values.min(axis=-1),
    "variance": lambda values: values.shape[-1] * (values**2).sum(axis=-1) - values.sum(axis=-1) ** 2,
}


def minimize(
    rule: Minimization,
    strata: Sequence[Mapping[str, str]],
    people: Indices,
    generator: np.random.Generator,
    own: str | None = None,
) -> tuple[Indices, Tally]:
    """The arms of people (trials by participants, holding stratum numbers), and what could be guessed.

    The convergence guesser sees all and names the arm that minimization prefers; with `own`, a factor such
    as the site, only the arms of the person's own level of it, and names the one behind.
    """
    cells, seen = _cells(rule, strata), _numbers([(s[own] if own else "",) for s in strata])
    trials, rows = len(people), np.arange(len(people))
    counts = np.zeros((trials, cells.max() + 1, len(rule.arms)), dtype=np.intp)
    shown = np.zeros((trials, seen.max() + 1, len(rule.arms)), dtype=np.intp)
    arms, tally, table = np.empty_like(people), Tally(), _coin_table(rule)
    for place, stratum in enumerate(people.T):
        mine = cells[stratum]
        best = smallest(_imbalances(rule, counts[rows[:, None], mine]))
        chances = table[best @ (1 << np.arange(len(rule.arms)))]
        tally.add(chances, due(shown[rows, seen[stratum]], rule.ratio) if own else best)
        arms[:, place] = now = drawn(chances, generator)
        counts[rows[:, None], mine, now[:, None]] += 1
        shown[rows, seen[stratum], now] += 1
    return arms, tally


def _cells(rule: Minimization, strata: Sequence[Mapping[str, str]]) -> Indices:
    """Strata by factors: the number of the margin in which a person of the stratum is counted."""
    keys = [
        (factor, s[factor], *(s[name] for name in rule.within)) for s in strata for factor in rule.weights
    ]
    return _numbers(keys).reshape(len(strata), -1)


def _numbers(keys: Sequence[tuple[str, ...]]) -> Indices:
    """The keys as numbers from 0, equal keys alike."""
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return np.array([numbers[key] for key in keys], dtype=np.intp)


def _imbalances(rule: Minimization, counts: Indices) -> Indices:
    """Trials by arms, from the counts (trials, factors, arms): as Minimization.imbalances."""
    weights = np.array(list(rule.weights.values()))
    measure, one_more = MEASURES[rule.measure], np.eye(len(rule.arms), dtype=np.intp)
    sums = [measure(scaled(counts + one_more[arm], rule.ratio)) @ weights for arm in range(len(rule.arms))]
    return np.stack(sums, axis=1)


def _coin_table(rule: Minimization) -> Floats:
    """The arms' chances for each set of best arms; arm i is in set s when bit i of s is 1."""
    table = np.zeros((1 << len(rule.arms), len(rule.arms)))
    for chosen in range(1, len(table)):
        weights = coin_weights([a for a in range(len(rule.arms)) if chosen >> a & 1], rule.ratio, rule.p)
        table[chosen] = np.array(weights) / sum(weights)
    return table
