"""What somebody who sees all past arms of a stratum knows about the next, for many strata at once.

A law has one signature: `begin` gives what is known before the first slot (a row each), `chances` the next
arm's probabilities, `after` what is known once it came. Drawing from these chances is drawing from the
design. Where all but the counts is known the knowledge is the state; a block's size is not known, so there
it is a probability for each state (a hidden Markov chain's forward filter).
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from randomization.by_counts import ByCounts
from randomization.chain import Design, State, beginning, moves
from randomization.permuted_blocks import PermutedBlocks
from randomization.simulate.steps import Floats, Indices

Known = NDArray[np.intp] | Floats


class Law(Protocol):
    """The promise above."""

    def begin(self, rows: int) -> Known: ...
    def chances(self, known: Known) -> Floats: ...
    def after(self, known: Known, arms: Indices) -> Known: ...


def law_of(design: Design) -> Law:
    """The law that fits the design."""
    return BlocksLaw(design) if isinstance(design, PermutedBlocks) else CountsLaw(design)


class CountsLaw:
    """States are numbered as they are first met; a table holds each state's chances and next states."""

    def __init__(self, design: ByCounts) -> None:
        self._design = design
        self._numbers: dict[State, int] = {}
        self._states: list[State] = []
        self._chances = np.zeros((0, len(design.arms)))
        self._next = np.zeros((0, len(design.arms)), dtype=np.intp)
        self._done = np.zeros(0, dtype=np.bool_)

    def begin(self, rows: int) -> Known:
        return np.full(rows, self._number(beginning(self._design)))

    def chances(self, known: Known) -> Floats:
        new = np.unique(known[~self._done[known]])
        for number in new.tolist():
            self._expand(number)
        return self._chances[known]

    def after(self, known: Known, arms: Indices) -> Known:
        return np.asarray(self._next[known, arms])

    def _expand(self, number: int) -> None:
        options = moves(self._design, self._states[number])
        whole = sum(move.weight for move in options)
        for move in options:
            following = self._number(move.state)
            self._chances[number, move.arm] = move.weight / whole
            self._next[number, move.arm] = following
        self._done[number] = True

    def _number(self, state: State) -> int:
        if state not in self._numbers:
            self._numbers[state] = len(self._states)
            self._states.append(state)
            if len(self._states) > len(self._done):
                self._grow()
        return self._numbers[state]

    def _grow(self) -> None:
        more = max(64, len(self._done))
        self._chances = np.pad(self._chances, ((0, more), (0, 0)))
        self._next = np.pad(self._next, ((0, more), (0, 0)))
        self._done = np.pad(self._done, (0, more))


class BlocksLaw:
    """A probability for each state of a block, its size being unknown."""

    def __init__(self, design: PermutedBlocks) -> None:
        states = _all_states(design)
        numbers = {state: number for number, state in enumerate(states)}
        self._steps = np.zeros((len(design.arms), len(states), len(states)))
        for state, number in numbers.items():
            options = moves(design, state)
            whole = sum(move.weight for move in options)
            for move in options:
                self._steps[move.arm, number, numbers[move.state]] += move.weight / whole
        self._leaving = self._steps.sum(axis=2).T

    def begin(self, rows: int) -> Known:
        known = np.zeros((rows, len(self._leaving)))
        known[:, 0] = 1
        return known

    def chances(self, known: Known) -> Floats:
        return np.asarray(known @ self._leaving)

    def after(self, known: Known, arms: Indices) -> Known:
        later = np.empty_like(known)
        for arm, step in enumerate(self._steps):
            later[arms == arm] = known[arms == arm] @ step
        return np.asarray(later / later.sum(axis=1, keepdims=True))


def _all_states(design: PermutedBlocks) -> list[State]:
    """Every state that can be reached, the beginning first."""
    states = [beginning(design)]
    for state in states:
        states += sorted({move.state for move in moves(design, state)} - set(states))
    return states
