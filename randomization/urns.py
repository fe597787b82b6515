"""Urns: designs whose weights are the balls left for each arm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from randomization.ratio import (
    Counts,
    Ratio,
    Weights,
    check_arms,
    check_number,
    whole_sets,
    without_whole_sets,
)


@dataclass(frozen=True, slots=True)
class WeiUrn:
    """An urn that gains balls of the arms not drawn (Wei, Ann Stat 1978;6:92; UD(alpha, beta)).

    `start` balls (alpha) and `added` balls (beta) for each part of the ratio: an arm with two parts is two
    arms of an equal urn taken together, so the ratio holds at every slot.
    """

    alg: ClassVar[str] = "UD-v1"
    arms: tuple[str, ...]
    ratio: Ratio
    start: int
    added: int

    def __post_init__(self) -> None:
        check_arms(self.arms, self.ratio)
        check_number("start", self.start, least=0)
        check_number("added", self.added)

    def weights(self, counts: Counts) -> Weights:
        given = sum(counts)
        weights = tuple(
            self.start * part + self.added * (part * given - count)
            for part, count in zip(self.ratio, counts, strict=True)
        )
        return weights if any(weights) else self.ratio

    def settle(self, counts: Counts) -> Counts:
        return counts


@dataclass(frozen=True, slots=True)
class BlockUrn:
    """Blocks whose complete sets return at once to the urn (Zhao & Weng, Contemp Clin Trials 2011;32:953).

    `sets` (lambda) complete sets of the ratio lie in the urn at first: as balanced as blocks of that many
    sets and less often certain. The ratio holds at every slot when it is equal, else nearly.
    """

    alg: ClassVar[str] = "BU-v1"
    arms: tuple[str, ...]
    ratio: Ratio
    sets: int

    def __post_init__(self) -> None:
        check_arms(self.arms, self.ratio)
        check_number("sets", self.sets)

    def weights(self, counts: Counts) -> Weights:
        sets = self.sets + whole_sets(counts, self.ratio)
        return tuple(part * sets - count for part, count in zip(self.ratio, counts, strict=True))

    def settle(self, counts: Counts) -> Counts:
        return without_whole_sets(counts, self.ratio)
