"""Designs: frozen rules that, with a secret and a stratum, give the arm of every slot.

A configuration names its rule by `alg`; every design answers to the same three questions: `slots`, `arm_at`,
`sequence`. Minimization has no list of slots, because an arm depends on who came before: `minimization`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice, product

from randomization.by_counts import BiasedCoin, BigStick, Simple
from randomization.chain import Design, beginning, moves
from randomization.encoding import canon
from randomization.maximal import MaximalProcedure
from randomization.permuted_blocks import PermutedBlocks
from randomization.stream import Stream
from randomization.urns import BlockUrn, WeiUrn

__all__ = ["DESIGNS", "Design", "PermutedBlocks", "Stratum", "arm_at", "sequence", "slots", "strata"]

Stratum = Mapping[str, str]

DESIGNS: Mapping[str, Callable[..., Design]] = {
    kind.alg: kind
    for kind in (PermutedBlocks, Simple, BiasedCoin, BigStick, WeiUrn, BlockUrn, MaximalProcedure)
}


def slots(design: Design, seed: bytes, stratum: Stratum) -> Iterator[str]:
    """The arms of the stratum's slots, without an end."""
    if isinstance(design, PermutedBlocks):
        return design.slots(seed, stratum)
    return _walk(design, seed, stratum)


def _walk(design: Design, seed: bytes, stratum: Stratum) -> Iterator[str]:
    stream, state = Stream(seed, b"stream-v1", canon(dict(stratum))), beginning(design)
    while True:
        open_moves = moves(design, state)
        move = open_moves[stream.pick([move.weight for move in open_moves])]
        state = move.state
        yield design.arms[move.arm]


def arm_at(design: Design, seed: bytes, stratum: Stratum, slot: int) -> str:
    """The arm of one slot; slots count from 1."""
    if slot < 1:
        raise ValueError("slots count from 1")
    return next(islice(slots(design, seed, stratum), slot - 1, None))


def sequence(design: Design, seed: bytes, stratum: Stratum, length: int) -> tuple[str, ...]:
    """The arms of the first `length` slots."""
    return tuple(islice(slots(design, seed, stratum), length))


def strata(factors: Mapping[str, tuple[str, ...]]) -> tuple[dict[str, str], ...]:
    """Every combination of the factors' levels, the last factor running fastest."""
    return tuple(dict(zip(factors, levels, strict=True)) for levels in product(*factors.values()))
