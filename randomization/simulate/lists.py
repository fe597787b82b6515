"""Simulating designs whose strata are independent lists of slots."""

from __future__ import annotations

import numpy as np

from randomization.chain import Design
from randomization.ratio import Ratio
from randomization.simulate.laws import Law, law_of
from randomization.simulate.steps import Indices, Tally, drawn, due

ROWS_AT_ONCE = 20_000  # bounds the memory: a row of knowledge is up to a few hundred numbers


def by_stratum(design: Design, people: Indices, generator: np.random.Generator) -> tuple[Indices, Tally]:
    """The arms of people (trials by participants, holding stratum numbers), and what could be guessed."""
    row, slot = _places(people)
    lengths = np.bincount(row)
    arms, tally = np.zeros((len(lengths), lengths.max()), dtype=np.intp), Tally()
    order = np.argsort(-lengths, kind="stable")
    law = law_of(design)
    for first in range(0, len(order), ROWS_AT_ONCE):
        rows = order[first : first + ROWS_AT_ONCE]
        arms[rows] = _walk(law, design.ratio, lengths[rows], arms.shape[1], generator, tally)
    return arms[row, slot].reshape(people.shape), tally


def _walk(
    law: Law, ratio: Ratio, lengths: Indices, longest: int, generator: np.random.Generator, tally: Tally
) -> Indices:
    """Rows of arms, longest rows first; each row is walked to its own length."""
    arms = np.zeros((len(lengths), longest), dtype=np.intp)
    counts = np.zeros((len(lengths), len(ratio)), dtype=np.intp)
    known = law.begin(len(lengths))
    for slot in range(lengths.max()):
        going = int((lengths > slot).sum())
        known, counts = known[:going], counts[:going]
        chances = law.chances(known)
        tally.add(chances, due(counts, ratio))
        arms[:going, slot] = now = drawn(chances, generator)
        known = law.after(known, now)
        counts[np.arange(going), now] += 1
    return arms


def _places(people: Indices) -> tuple[Indices, Indices]:
    """For each person, trial after trial: the row of their trial's stratum, and the slot in it (from 0)."""
    trials, _ = people.shape
    row = (people + np.arange(trials)[:, None] * (people.max() + 1)).ravel()
    order = np.argsort(row, kind="stable")
    lengths = np.bincount(row)
    slot = np.empty_like(row)
    slot[order] = np.arange(len(row)) - np.repeat(lengths.cumsum() - lengths, lengths)
    return row, slot
