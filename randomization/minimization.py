"""Minimization: the arm that leaves the factors most alike gets the better chance.

Pocock and Simon (Biometrics 1975;31:103), with a coin that keeps an unequal ratio (Han, Enas & McEntegart,
Stat Med 2009;28:3329). There is no list of slots: the k-th arm follows from the secret, k, the person's
factors and the draws before, with their factors as they were then. Nothing that an operator controls enters
the chance, so that no draw can be tried again for another result.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from randomization.coin import check_coin, taken
from randomization.encoding import lp
from randomization.margins import Factors, Margins
from randomization.ratio import Counts, Fraction, Ratio, changed, check_arms, lagging, scaled
from randomization.stream import hmac_sha256, index_at


def spread(values: Sequence[int]) -> int:
    """The largest less the smallest."""
    return max(values) - min(values)


def variance(values: Sequence[int]) -> int:
    """The variance times the squared number of arms: a whole number that orders as the variance does."""
    return len(values) * sum(value * value for value in values) - sum(values) ** 2


MEASURES: Mapping[str, Callable[[Sequence[int]], int]] = {"range": spread, "variance": variance}


class Draw(NamedTuple):
    """One person's factors as they were at the draw, and the arm that was given."""

    factors: Factors
    arm: str


@dataclass(frozen=True, slots=True)
class Minimization:
    """The rule: how imbalance is measured and summed, and with what chance the best arm is taken.

    `weights`: the weight of each factor's imbalance. `within`: factors whose levels are minimized apart, such
    as the site. With p = 1 every draw without a tie is certain; 4/5 or less is advised (Kahan, BMC Med 2015).
    """

    alg: ClassVar[str] = "MIN-v1"
    arms: tuple[str, ...]
    ratio: Ratio
    p: Fraction
    measure: str
    weights: Mapping[str, int]
    within: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_arms(self.arms, self.ratio)
        check_coin(self.p, self.ratio)
        if self.measure not in MEASURES:
            raise ValueError(f"measure: one of {', '.join(MEASURES)}")
        if not self.weights or not all(1 <= weight <= 1000 for weight in self.weights.values()):
            raise ValueError("weights: one or more factors, each with a whole number from 1 to 1000")

    def margins(self) -> Margins:
        """The counts before anyone is drawn."""
        return Margins(arms=len(self.arms), factors=tuple(self.weights), within=self.within)

    def imbalances(self, margins: Margins, factors: Factors) -> tuple[int, ...]:
        """For each arm, the weighted sum of what the factors' imbalance would be with this person in it."""
        counts = margins.of(factors)
        return tuple(
            sum(
                weight * self._imbalance(changed(counts[factor], arm, 1))
                for factor, weight in self.weights.items()
            )
            for arm in range(len(self.arms))
        )

    def arm_for(self, seed: bytes, number: int, margins: Margins, factors: Factors) -> str:
        """The arm of draw `number` (from 1) for a person with these factors, after the draws in `margins`."""
        coin, tie, other = chances(seed, number)
        best = lagging(self.imbalances(margins, factors))
        preferred = self._one_of(best, tie)
        favoured, whole = taken(preferred, self.ratio, self.p)
        if coin * whole < favoured << 64:
            return self.arms[preferred]
        rest = [arm for arm in range(len(self.arms)) if arm != preferred]
        return self.arms[self._one_of(rest, other)]

    def replayed(self, seed: bytes, draws: Sequence[Draw]) -> tuple[str, ...]:
        """The arm that each draw should have had, given the draws before it as they were recorded."""
        margins, arms = self.margins(), []
        for number, draw in enumerate(draws, start=1):
            arms.append(self.arm_for(seed, number, margins, draw.factors))
            margins.add(draw.factors, self.arms.index(draw.arm))
        return tuple(arms)

    def _imbalance(self, counts: Counts) -> int:
        return MEASURES[self.measure](scaled(counts, self.ratio))

    def _one_of(self, arms: Sequence[int], chance: int) -> int:
        parts = [self.ratio[arm] for arm in arms]
        return arms[index_at(parts, chance * sum(parts) >> 64)]


def chances(seed: bytes, number: int) -> tuple[int, int, int]:
    """Three numbers below 2^64 for draw `number`: for the coin, for a tie, and for who else.

    The coin is the first 8 bytes of HMAC(seed, lp("min-v1", uint64be(k))); the others are bytes 0 to 7 and 8
    to 15 of HMAC(seed, lp("min-pick-v1", uint64be(k))). A share is at most 2^-64 off.
    """
    place = struct.pack(">Q", number)
    coin, pick = (hmac_sha256(seed, lp(purpose, place)) for purpose in (b"min-v1", b"min-pick-v1"))
    return struct.unpack(">Q", coin[:8])[0], *struct.unpack(">QQ", pick[:16])
