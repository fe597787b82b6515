"""Many trials of a design at once, with a generator in the place of the secret.

The law is the design's own: the weights, states and margins that also give the real allocations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from randomization.config import Rule
from randomization.minimization import Minimization
from randomization.simulate.lists import by_stratum
from randomization.simulate.minimizing import minimize
from randomization.simulate.steps import Indices, Tally


@dataclass(frozen=True, slots=True)
class Population:
    """Who comes: the strata, each with its share of the participants, in random order."""

    strata: tuple[Mapping[str, str], ...]
    shares: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.strata or len(self.strata) != len(self.shares):
            raise ValueError("shares: one for each stratum")
        if min(self.shares) < 0 or abs(sum(self.shares) - 1) > 1e-9:
            raise ValueError("shares: none below 0, together 1")


@dataclass(frozen=True, slots=True)
class Simulated:
    """Trials by participants: each one's stratum and arm, as indices; and what a guesser had made of it.

    `convergence` and `bayes` are shares of right guesses, `certain` the share of arms known beforehand.
    """

    rule: Rule
    population: Population
    people: Indices
    arms: Indices
    convergence: float
    bayes: float
    certain: float


def simulate(
    rule: Rule,
    population: Population,
    participants: int,
    trials: int,
    generator: np.random.Generator,
    own: str | None = None,
) -> Simulated:
    """`trials` trials of `participants` each.

    The guesser sees all earlier arms of the stratum, with minimization all earlier arms; with `own` (a
    factor, minimization only) the convergence guesser sees those of the person's own level of it.
    """
    size = (trials, participants)
    people = generator.choice(len(population.strata), size=size, p=population.shares)
    if isinstance(rule, Minimization):
        arms, tally = minimize(rule, population.strata, people, generator, own)
    else:
        arms, tally = by_stratum(rule, people, generator)
    return Simulated(rule, population, people, arms, *_shares(tally))


def _shares(tally: Tally) -> tuple[float, float, float]:
    return tally.convergence / tally.steps, tally.bayes / tally.steps, tally.certain / tally.steps
