"""Designs whose next arm depends on how often each arm was given so far in the stratum.

Each is a frozen dataclass of one signature: `weights` gives whole-number weights of the arms after the
counts, `settle` takes from the counts what the weights do not depend on. Drawing, enumerating and
simulating need no more. An unequal ratio is always part of the rule; where it holds at every slot and not
only in the long run, the docstring says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Protocol

from randomization.coin import check_coin, coin_weights
from randomization.ratio import (
    Counts,
    Fraction,
    Ratio,
    Weights,
    changed,
    check_arms,
    check_number,
    lagging,
    scaled,
    within,
    without_whole_sets,
)


class ByCounts(Protocol):
    """What such a design promises."""

    alg: ClassVar[str]

    @property
    def arms(self) -> tuple[str, ...]: ...
    @property
    def ratio(self) -> Ratio: ...

    def weights(self, counts: Counts) -> Weights:
        """Whole numbers, not all 0: the arms' weights at the slot after these counts."""

    def settle(self, counts: Counts) -> Counts:
        """Counts with the same weights now and ever after, of which there are fewer."""


@dataclass(frozen=True, slots=True)
class Simple:
    """Each slot drawn by itself in the ratio: nothing can be guessed, nothing is balanced."""

    alg: ClassVar[str] = "SR-v1"
    arms: tuple[str, ...]
    ratio: Ratio

    def __post_init__(self) -> None:
        check_arms(self.arms, self.ratio)

    def weights(self, counts: Counts) -> Weights:
        return self.ratio

    def settle(self, counts: Counts) -> Counts:
        return (0,) * len(counts)


@dataclass(frozen=True, slots=True)
class BiasedCoin:
    """A coin that favours the arm which is behind its part (Efron, Biometrika 1971;58:403).

    Efron's p is 2/3. More arms and unequal ratios as in `randomization.coin`: the ratio holds at the first
    slot and in the long run.
    """

    alg: ClassVar[str] = "BC-v1"
    arms: tuple[str, ...]
    ratio: Ratio
    p: Fraction

    def __post_init__(self) -> None:
        check_arms(self.arms, self.ratio)
        check_coin(self.p, self.ratio)

    def weights(self, counts: Counts) -> Weights:
        return coin_weights(lagging(scaled(counts, self.ratio)), self.ratio, self.p)

    def settle(self, counts: Counts) -> Counts:
        return without_whole_sets(counts, self.ratio)


@dataclass(frozen=True, slots=True)
class BigStick:
    """Each slot drawn by itself unless an arm would get too far ahead (Soares & Wu,
    Commun Stat 1983;12:2017).

    `limit`: how far two arms may be apart, in participants per part of the ratio. With an unequal ratio an
    arm is left out when its next participant would break the limit; the ratio then holds in the long run.
    """

    alg: ClassVar[str] = "BS-v1"
    arms: tuple[str, ...]
    ratio: Ratio
    limit: int

    def __post_init__(self) -> None:
        check_arms(self.arms, self.ratio)
        check_number("limit", self.limit)

    def weights(self, counts: Counts) -> Weights:
        return tuple(
            part if within(changed(counts, arm, 1), self.ratio, self.limit) else 0
            for arm, part in enumerate(self.ratio)
        )

    def settle(self, counts: Counts) -> Counts:
        return without_whole_sets(counts, self.ratio)
