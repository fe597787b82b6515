"""One step of many simulated trials: drawing the arms, and what a guesser would have made of it.

What is guessed right is expected over the next arm given the past, not counted from the arm that came, so
that it varies less.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm

import numpy as np
from numpy.typing import NDArray

from randomization.ratio import Ratio

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
SURE = 1 - 1e-9


@dataclass(slots=True)
class Tally:
    """Sums over steps of the probabilities to guess right, and of the steps that were certain."""

    steps: int = 0
    convergence: float = 0.0
    bayes: float = 0.0
    certain: float = 0.0

    def add(self, chances: Floats, due: Truths) -> None:
        """Count steps: rows of the arms' chances given the past, and the arms that are guessed to be due."""
        self.steps += len(chances)
        self.convergence += float(guessed_right(chances, due).sum())
        best = chances.max(axis=1)
        self.bayes += float(best.sum())
        self.certain += float((best > SURE).sum())


def guessed_right(chances: Floats, due: Truths) -> Floats:
    """The probability that one of the due arms, picked at random, is the next."""
    return np.asarray((chances * due).sum(axis=1) / due.sum(axis=1))


def due(counts: Indices, ratio: Ratio) -> Truths:
    """Rows of `randomization.guessing.convergence_guesses`, as truth values."""
    behind = smallest(scaled(counts, ratio))
    parts = behind * np.array(ratio)
    return np.asarray(parts == parts.max(axis=1, keepdims=True))


def scaled(counts: Indices, ratio: Ratio) -> Indices:
    """The counts (arms in the last axis) per part of the ratio, over a common denominator."""
    return np.asarray(counts * (lcm(*ratio) // np.array(ratio)))


def smallest(values: Indices) -> Truths:
    """Where the last axis has its smallest value."""
    return np.asarray(values == values.min(axis=-1, keepdims=True))


def drawn(chances: Floats, generator: np.random.Generator) -> Indices:
    """For each row of chances, an arm."""
    edges = chances.cumsum(axis=1)
    places = generator.random((len(chances), 1)) * edges[:, -1:]
    return np.asarray((places >= edges[:, :-1]).sum(axis=1))
