"""How complete the answers are: available-data and completion rates with their counts (SISAQOL)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.plan import Plan


@dataclass(frozen=True, slots=True)
class Rate:
    """The forms of a visit: `received` of all `randomized`, and of those `expected`; no arm is everyone."""

    visit: str
    arm: str | None
    received: int
    randomized: int
    expected: int

    def __post_init__(self) -> None:
        if not 0 <= self.received <= self.expected <= self.randomized:
            raise ValueError(f"{self.visit}: received, expected and randomized must not shrink in this order")

    @property
    def available(self) -> float:
        """The available-data rate: the denominator is fixed, all who were randomized."""
        return self.received / self.randomized

    @property
    def completion(self) -> float | None:
        """The completion rate: the denominator varies, all of whom a form is still expected."""
        return self.received / self.expected if self.expected else None


def rates(
    plan: Plan, data: pd.DataFrame, *, outcome: str | None = None, left: Mapping[str, str] | None = None
) -> tuple[Rate, ...]:
    """By visit, for everyone and then each arm: the forms of an outcome, the primary one unless named.

    `left` gives for a participant who stopped the first visit without a form to be expected. Where it is not
    given, a participant is taken to have left after the last visit with a row.
    """
    columns = plan.data
    people = data.drop_duplicates(columns.participant).set_index(columns.participant)[columns.arm]
    stopped = _last_rows(plan, data) if left is None else _last_visits(plan, left)
    rows = data[data[outcome or plan.primary.outcome].notna()]
    found = []
    for order, visit in enumerate(columns.visits):
        received = set(rows.loc[rows[columns.visit] == visit, columns.participant])
        expected = {who for who in people.index if stopped.get(who, order) >= order} | received
        for arm in (None, *columns.arms):
            of_arm = set(people.index if arm is None else people.index[people == arm])
            counts = (len(received & of_arm), len(of_arm), len(expected & of_arm))
            found.append(Rate(visit, arm, *counts))
    return tuple(found)


def _last_rows(plan: Plan, data: pd.DataFrame) -> dict[str, int]:
    """The order of the last visit with a row, by participant."""
    order = {visit: number for number, visit in enumerate(plan.data.visits)}
    numbers = data[plan.data.visit].astype(str).map(order)
    last = numbers.groupby(data[plan.data.participant]).max()
    return {str(who): int(number) for who, number in last.items()}


def _last_visits(plan: Plan, left: Mapping[str, str]) -> dict[str, int]:
    """The order of the last visit at which a form was still expected, by participant."""
    return {who: plan.data.visits.index(visit) - 1 for who, visit in left.items()}
