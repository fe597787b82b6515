"""Every sequence that a design can give to a small trial, with its exact probability.

The witness of the simulation, and an answer in itself for trials of up to 12 in two arms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from randomization.chain import Design, State, beginning, moves
from randomization.guessing import convergence_guesses

MOST_SEQUENCES = 4096  # two arms, 12 slots
Belief = dict[State, Fraction]  # the probability of the sequence so far together with each state


class Prefix(NamedTuple):
    """A sequence of arms (indices) so far, and what an observer knows after it."""

    arms: tuple[int, ...]
    belief: Belief


@dataclass(frozen=True, slots=True)
class Guessing:
    """Shares of the slots: guessed right by the convergence and the Bayes strategy, known with certainty."""

    convergence: Fraction
    bayes: Fraction
    certain: Fraction


def sequences(design: Design, length: int) -> dict[tuple[int, ...], Fraction]:
    """The probability of every sequence of `length` arms that is possible; together 1."""
    *_, last = _levels(design, length)
    return {prefix.arms: _total(prefix.belief) for prefix in last}


def guessing(design: Design, length: int) -> Guessing:
    """How often the next arm is guessed right over `length` slots, by who sees all arms before."""
    *before, _ = _levels(design, length)
    shares = [_guessed(design, prefix) for level in before for prefix in level]
    return Guessing(*(sum(share, Fraction()) / length for share in zip(*shares, strict=True)))


def _guessed(design: Design, prefix: Prefix) -> tuple[Fraction, Fraction, Fraction]:
    """The probabilities that this prefix comes and the next arm is guessed right, or certain."""
    chances = [_total(belief) for belief in _after(design, prefix)]
    counts = [prefix.arms.count(arm) for arm in range(len(design.arms))]
    due = convergence_guesses(counts, design.ratio)
    convergence = sum((chances[arm] for arm in due), Fraction()) / len(due)
    certain = max(chances) if sum(map(bool, chances)) == 1 else Fraction()
    return convergence, max(chances), certain


def _levels(design: Design, length: int) -> Iterator[list[Prefix]]:
    """All possible prefixes of length 0, then of length 1, and so on to `length`."""
    if length < 1 or len(design.arms) ** length > MOST_SEQUENCES:
        raise ValueError(f"length: from 1 slot to as many as make {MOST_SEQUENCES} sequences")
    level = [Prefix((), {beginning(design): Fraction(1)})]
    yield level
    for _ in range(length):
        level = [
            Prefix((*prefix.arms, arm), belief)
            for prefix in level
            for arm, belief in enumerate(_after(design, prefix))
            if belief
        ]
        yield level


def _after(design: Design, prefix: Prefix) -> list[Belief]:
    """What an observer will know after each arm."""
    beliefs: list[Belief] = [{} for _ in design.arms]
    for state, probability in prefix.belief.items():
        options = moves(design, state)
        whole = sum(move.weight for move in options)
        for move in options:
            belief = beliefs[move.arm]
            belief[move.state] = belief.get(move.state, Fraction()) + probability * move.weight / whole
    return beliefs


def _total(belief: Belief) -> Fraction:
    return sum(belief.values(), Fraction())
