"""Permuted blocks of random size: balanced after every block, whoever comes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from randomization.encoding import canon
from randomization.ratio import Counts, Ratio, check_arms
from randomization.stream import Stream


@dataclass(frozen=True, slots=True)
class PermutedBlocks:
    """Blocks of random size, each holding the arms in the ratio and in random order.

    `block_sizes` are equally likely; with one size the blocks are fixed. Random sizes take certainty from
    whoever guesses, hardly the advantage (Matts & Lachin, Control Clin Trials 1988;9:327): what protects is
    that past arms are not seen. ValueError says what is wrong with a design.
    """

    alg: ClassVar[str] = "PB-v1"
    arms: tuple[str, ...]
    ratio: Ratio
    block_sizes: tuple[int, ...]

    def __post_init__(self) -> None:
        check_arms(self.arms, self.ratio)
        if not self.block_sizes or len(set(self.block_sizes)) < len(self.block_sizes):
            raise ValueError("block_sizes: one or more different sizes are needed")
        if any(size < 1 or size % sum(self.ratio) for size in self.block_sizes):
            raise ValueError(
                f"block_sizes: each must be a multiple of {sum(self.ratio)}, the sum of the ratio"
            )

    def slots(self, seed: bytes, stratum: Mapping[str, str]) -> Iterator[str]:
        """The arms of the stratum's slots, without an end."""
        stream = Stream(seed, b"stream-v1", canon(dict(stratum)))
        while True:
            size = self.block_sizes[stream.below(len(self.block_sizes))]
            parts = zip(self.arms, self.contents(size), strict=True)
            block = [arm for arm, count in parts for _ in range(count)]
            stream.shuffle(block)
            yield from block

    def contents(self, size: int) -> Counts:
        """How often a block of this size holds each arm."""
        return tuple(part * (size // sum(self.ratio)) for part in self.ratio)

    def arm_at(self, seed: bytes, stratum: Mapping[str, str], slot: int) -> str:
        """The arm of one slot; slots count from 1."""
        if slot < 1:
            raise ValueError("slots count from 1")
        return next(islice(self.slots(seed, stratum), slot - 1, None))

    def sequence(self, seed: bytes, stratum: Mapping[str, str], length: int) -> tuple[str, ...]:
        """The arms of the first `length` slots."""
        return tuple(islice(self.slots(seed, stratum), length))
