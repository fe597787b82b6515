"""A design as a chain of states: what drawing, enumerating and simulating have in common."""

from __future__ import annotations

from math import lcm
from typing import NamedTuple

from randomization.by_counts import ByCounts
from randomization.permuted_blocks import PermutedBlocks
from randomization.ratio import Counts, changed

Design = PermutedBlocks | ByCounts
State = Counts  # counts; in a block, what is left of it; nothing between blocks


class Move(NamedTuple):
    """One way from a state: as likely as its weight among all moves, to an arm's index and the next state."""

    weight: int
    arm: int
    state: State


def beginning(design: Design) -> State:
    """The state before the first slot."""
    return () if isinstance(design, PermutedBlocks) else (0,) * len(design.arms)


def moves(design: Design, state: State) -> tuple[Move, ...]:
    """What can happen next, impossible moves left out."""
    if not isinstance(design, PermutedBlocks):
        return _by_counts(design, state)
    if state:
        return _in_block(state, 1)
    common = lcm(*design.block_sizes)
    starts = (_in_block(design.contents(size), common // size) for size in design.block_sizes)
    return tuple(move for start in starts for move in start)


def _by_counts(design: ByCounts, counts: Counts) -> tuple[Move, ...]:
    return tuple(
        Move(weight, arm, design.settle(changed(counts, arm, 1)))
        for arm, weight in enumerate(design.weights(counts))
        if weight
    )


def _in_block(left: Counts, times: int) -> tuple[Move, ...]:
    return tuple(
        Move(times * count, arm, changed(left, arm, -1) if sum(left) > 1 else ())
        for arm, count in enumerate(left)
        if count
    )
