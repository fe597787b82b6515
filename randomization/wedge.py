"""Stepped wedge: every unit begins in the control condition and crosses over with its wave.

Only the wave is random; what a unit gives on a day follows from its wave and the calendar.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import gcd
from typing import ClassVar

from randomization.clusters import Units, check_units, deal, one_set
from randomization.ratio import check_number
from randomization.stream import Stream


class Condition(StrEnum):
    """What a unit gives in a period; in a transition it counts for neither side."""

    CONTROL = "control"
    TRANSITION = "transition"
    INTERVENTION = "intervention"


@dataclass(frozen=True, slots=True)
class SteppedWedge:
    """Wave w, counted from 1, crosses over at the beginning of period `steps[w - 1]`.

    Periods count from 1. The classic wedge of w waves has w + 1 periods and the steps 2, 3, ..., w + 1
    (Hussey & Hughes, Contemp Clin Trials 2007;28:182). `sizes`: the units of each wave; without them the
    waves are as equal as can be, in every stratum and overall, and which are larger is drawn.
    `transition`: for so many periods after its step a wave counts for neither side.
    """

    alg: ClassVar[str] = "waves-v1"
    steps: tuple[int, ...]
    periods: int
    sizes: tuple[int, ...] = ()
    transition: int = 0

    def __post_init__(self) -> None:
        if len(self.steps) < 2 or list(self.steps) != sorted(set(self.steps)):
            raise ValueError("steps: the periods of two or more waves, each later than the one before")
        check_number("transition", self.transition, least=0)
        if not 2 <= self.steps[0] <= self.steps[-1] + self.transition <= self.periods:
            raise ValueError("steps: all units begin in the control and end in the intervention condition")
        if self.sizes and (len(self.sizes) != len(self.steps) or min(self.sizes) < 1):
            raise ValueError("sizes: one whole number from 1 for each wave, or none")

    def draw(self, seed: bytes, units: Units) -> Rollout:
        """Each unit's wave; the order in which the units are named does not matter."""
        check_units(units, len(self.steps))
        if self.sizes and sum(self.sizes) != len(units):
            raise ValueError(f"sizes: together {sum(self.sizes)} units, there are {len(units)}")
        parts = self.sizes or (1,) * len(self.steps)
        ratio = tuple(part // gcd(*parts) for part in parts)
        waves = one_set(range(1, len(self.steps) + 1), ratio)
        return Rollout(self, deal(Stream(seed, self.alg.encode()), waves, units))

    def condition(self, wave: int, period: int) -> Condition:
        """What the units of a wave give in a period; ValueError for a wave or a period that is not there."""
        if not 1 <= wave <= len(self.steps):
            raise ValueError(f"wave: there is no wave {wave} among {len(self.steps)}")
        if not 1 <= period <= self.periods:
            raise ValueError(f"period: there is no period {period} among {self.periods}")
        if period < self.steps[wave - 1]:
            return Condition.CONTROL
        if period < self.steps[wave - 1] + self.transition:
            return Condition.TRANSITION
        return Condition.INTERVENTION

    def table(self) -> tuple[tuple[Condition, ...], ...]:
        """The design as it is printed in a protocol: a row for each wave, a column for each period."""
        return tuple(
            tuple(self.condition(wave, period) for period in range(1, self.periods + 1))
            for wave in range(1, len(self.steps) + 1)
        )


@dataclass(frozen=True, slots=True)
class Rollout:
    """The drawn waves: which unit crosses over when."""

    design: SteppedWedge
    waves: Mapping[str, int]

    def exposure(self, unit: str, period: int) -> Condition:
        """What the unit gives in the period; ValueError for a unit that was not drawn."""
        if unit not in self.waves:
            raise ValueError(f"unit: {unit!r} has no wave")
        return self.design.condition(self.waves[unit], period)

    def table(self) -> dict[str, tuple[Condition, ...]]:
        """Each unit's conditions, period by period; earlier waves first."""
        rows = self.design.table()
        order = sorted(self.waves, key=lambda unit: (self.waves[unit], unit))
        return {unit: rows[self.waves[unit] - 1] for unit in order}


@dataclass(frozen=True, slots=True)
class Calendar:
    """Period p runs from `starts[p - 1]` to the day before the next start, the last one until `end`."""

    starts: tuple[date, ...]
    end: date

    def __post_init__(self) -> None:
        if not self.starts or list(self.starts) != sorted(set(self.starts)) or self.end < self.starts[-1]:
            raise ValueError("starts: one or more days, each later than the one before, none after the end")

    def period(self, day: date) -> int:
        """The period of a day; ValueError for a day outside the trial."""
        if not self.starts[0] <= day <= self.end:
            raise ValueError(f"day: {day} is not between {self.starts[0]} and {self.end}")
        return bisect_right(self.starts, day)
