"""What was measured, visit by visit and arm by arm: raw means with t intervals, nothing modelled."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from scipy import stats

from analysis.plan import Plan


@dataclass(frozen=True, slots=True)
class Point:
    """The mean of an arm at a visit; `lower` and `upper` are None for fewer than two values."""

    outcome: str
    visit: str
    arm: str
    n: int
    mean: float
    sd: float | None
    lower: float | None
    upper: float | None


def points(plan: Plan, data: pd.DataFrame, outcome: str) -> tuple[Point, ...]:
    """A point for each arm and visit at which anything was measured."""
    found = []
    for arm in plan.data.arms:
        for visit in plan.data.visits:
            here = (data[plan.data.arm] == arm) & (data[plan.data.visit] == visit)
            values = data.loc[here, outcome].dropna()
            if len(values):
                found.append(_point(outcome, visit, arm, [float(value) for value in values], plan.alpha))
    return tuple(found)


def _point(outcome: str, visit: str, arm: str, values: list[float], alpha: float) -> Point:
    column = pd.Series(values)
    n, mean = len(values), float(column.mean())
    if n < 2:
        return Point(outcome, visit, arm, n, mean, None, None, None)
    sd = float(column.std())
    margin = float(stats.t.ppf(1 - alpha / 2, n - 1)) * sd / n**0.5
    return Point(outcome, visit, arm, n, mean, sd, mean - margin, mean + margin)
