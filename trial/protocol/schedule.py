"""The visits: when each opens, is due and closes, counted in days from the consent or the randomization."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from trial.protocol.faults import Fault
from trial.protocol.rules import between, distinct, filled, identifier, line, one_of, require

CONSENT = "consent"
RANDOMIZATION = "randomization"
ANCHORS = (CONSENT, RANDOMIZATION)
LONGEST_FOLLOW_UP = 3660  # days: ten years


class Window(NamedTuple):
    """The first day on which a visit can be answered, the day it is due, and the last day in time."""

    opens: date
    due: date
    closes: date


@dataclass(frozen=True, slots=True)
class Visit:
    """A planned time point. `opens` and `closes` are days from the due day: -2 is two days before it."""

    code: str
    label: str
    anchor: str
    day: int
    opens: int
    closes: int
    instruments: tuple[str, ...]

    def __post_init__(self) -> None:
        identifier("code", self.code, 8)
        line("label", self.label, 100)
        one_of("anchor", self.anchor, ANCHORS)
        between("day", self.day, 0, LONGEST_FOLLOW_UP)
        require(self.opens <= 0, "opens", "must be 0 or less: days before the due day, such as -2")
        require(self.closes >= 0, "closes", "must be 0 or more: days after the due day")
        require(self.first_day >= 0, "opens", f"must not reach back before the {self.anchor}")
        require(self.closes <= LONGEST_FOLLOW_UP, "closes", f"must be {LONGEST_FOLLOW_UP} or less")
        filled("instruments", self.instruments)
        for index, code in enumerate(self.instruments):
            identifier(f"instruments[{index}]", code, 8)
        distinct("instruments", self.instruments)

    @property
    def is_baseline(self) -> bool:
        """Whether it comes before the randomization."""
        return self.anchor == CONSENT

    @property
    def first_day(self) -> int:
        return self.day + self.opens

    @property
    def last_day(self) -> int:
        return self.day + self.closes

    def window(self, anchor: date) -> Window:
        """The visit's days, when its anchor was on this date."""
        first, due, last = (timedelta(days=day) for day in (self.first_day, self.day, self.last_day))
        return Window(anchor + first, anchor + due, anchor + last)


def check_order(visits: Sequence[Visit]) -> None:
    """The baseline first, then the follow-ups; their days rise and their windows do not overlap."""
    distinct("visits", [visit.code for visit in visits], "code")
    baselines = [index for index, visit in enumerate(visits) if visit.is_baseline]
    require(bool(baselines), "visits", 'there is no baseline; give the first visit the anchor "consent"')
    require(
        len(visits) > len(baselines), "visits", 'there is no follow-up; give one the anchor "randomization"'
    )
    require(baselines[0] == 0, f"visits[{baselines[0]}].anchor", "the baseline must be the first visit")
    if len(baselines) > 1:
        raise Fault(f"visits[{baselines[1]}].anchor", 'only the first visit may have the anchor "consent"')
    for index, (before, after) in enumerate(pairwise(visits[1:]), start=2):
        _check_pair(f"visits[{index}]", before, after)


def _check_pair(key: str, before: Visit, after: Visit) -> None:
    require(before.day < after.day, f"{key}.day", f"must be after day {before.day}, the visit before it")
    apart = before.last_day < after.first_day
    reason = (
        f"the window opens on day {after.first_day}, but the one before it closes on day {before.last_day}"
    )
    require(apart, f"{key}.opens", reason)
