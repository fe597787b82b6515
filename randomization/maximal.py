"""Every sequence that keeps a limit of imbalance and ends in balance, each equally likely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from randomization.ratio import Counts, Ratio, Weights, changed, check_arms, check_number, within

LONGEST = 1000
MOST_STATES = 3_000_000  # counts that may have to be remembered; beyond it a draw would take minutes


@dataclass(frozen=True, slots=True)
class MaximalProcedure:
    """The maximal procedure (Berger, Ivanova & Knoll, Stat Med 2003;22:3017).

    Runs of `length` slots, each in the ratio at its end; within a run no two arms are ever further apart
    than `limit` participants per part of the ratio. An arm's weight is the number of ways to finish the
    run after it (Salama, Ivanova & Qaqish, Stat Med 2008;27:1421). After a run the next begins.
    """

    alg: ClassVar[str] = "MP-v1"
    arms: tuple[str, ...]
    ratio: Ratio
    length: int
    limit: int

    def __post_init__(self) -> None:
        check_arms(self.arms, self.ratio)
        if not 1 <= self.length <= LONGEST or self.length % sum(self.ratio):
            raise ValueError(
                f"length: a multiple of {sum(self.ratio)}, the sum of the ratio, up to {LONGEST}"
            )
        check_number("limit", self.limit)
        apart = 2 * min(self.limit * max(self.ratio), self.length) + 1
        if self.length * apart ** (len(self.arms) - 1) > MOST_STATES:
            raise ValueError("limit: too wide for this length and this many arms; the ways cannot be counted")

    def weights(self, counts: Counts) -> Weights:
        ways = _ways(self.ratio, self.length, self.limit)
        return tuple(ways.get(changed(counts, arm, 1), 0) for arm in range(len(counts)))

    def settle(self, counts: Counts) -> Counts:
        return (0,) * len(counts) if sum(counts) == self.length else counts


@lru_cache(maxsize=64)
def _ways(ratio: Ratio, length: int, limit: int) -> Mapping[Counts, int]:
    """For all counts within the limit, the number of ways to the end of the run, counted from its end."""
    level = {tuple(part * (length // sum(ratio)) for part in ratio): 1}
    ways = dict(level)
    for _ in range(length):
        level = _level_before(level, ratio, limit)
        ways |= level
    return ways


def _level_before(level: Mapping[Counts, int], ratio: Ratio, limit: int) -> dict[Counts, int]:
    before: dict[Counts, int] = {}
    for counts, ways in level.items():
        for arm, count in enumerate(counts):
            earlier = changed(counts, arm, -1)
            if count and within(earlier, ratio, limit):
                before[earlier] = before.get(earlier, 0) + ways
    return before
