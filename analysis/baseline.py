"""The baseline table: who was randomized, by arm and over all. There are no p-values, on purpose.

Any difference at baseline is by chance, since arms were drawn by lot; a test of it says nothing (CONSORT 25).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.formats import DASH, decimals, number, percent
from analysis.methods.design import is_categorical
from analysis.plan import Plan

if TYPE_CHECKING:
    from pandas import Series as Column

OVERALL = ""  # the code under which everyone stands


@dataclass(frozen=True, slots=True)
class Numbers:
    """A numeric variable in a group. `sd` is None for fewer than two values, all are None for no value."""

    n: int
    missing: int
    mean: float | None
    sd: float | None
    median: float | None
    lower_quartile: float | None
    upper_quartile: float | None


@dataclass(frozen=True, slots=True)
class Classes:
    """A categorical variable in a group: how many in each class, of `n` with a value."""

    n: int
    missing: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable by group; the group `OVERALL` is everyone."""

    name: str
    label: str
    groups: Mapping[str, Numbers | Classes]


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: a cell for each arm, then everyone. A heading has none; what it heads is indented."""

    label: str
    cells: tuple[str, ...]
    indent: bool = False


@dataclass(frozen=True, slots=True)
class Baseline:
    """The whole table; `sizes` are the participants by group, `OVERALL` the last."""

    sizes: Mapping[str, int]
    variables: tuple[Variable, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The table as it is printed."""
        return tuple(line for variable in self.variables for line in _lines(variable, list(self.sizes)))


def table(plan: Plan, data: pd.DataFrame) -> Baseline:
    """The baseline table of a checked dataset, with the variables that the plan names."""
    rows = people(plan, data)
    groups = {arm: rows[rows[plan.data.arm] == arm] for arm in plan.data.arms} | {OVERALL: rows}
    variables = [
        Variable(name, plan.label(name), _summaries(rows[name], groups)) for name in plan.data.baseline
    ]
    return Baseline({code: len(group) for code, group in groups.items()}, tuple(variables))


def people(plan: Plan, data: pd.DataFrame) -> pd.DataFrame:
    """One row a participant: the arm, and the variables of the baseline as they were then."""
    columns = plan.data
    names = list(dict.fromkeys([columns.arm, *columns.baseline]))
    everyone = data.groupby(columns.participant, sort=False)[names]
    if columns.baseline_visit is None:
        return everyone.first()
    then = data[data[columns.visit] == columns.baseline_visit].set_index(columns.participant)
    return then[names].reindex(everyone.first().index).assign(**{columns.arm: everyone.first()[columns.arm]})


def _summaries(column: Column[Any], groups: Mapping[str, pd.DataFrame]) -> dict[str, Numbers | Classes]:
    if not is_categorical(column):
        return {code: _numbers(group[column.name]) for code, group in groups.items()}
    levels = sorted(column.dropna().astype(str).unique())
    return {code: _classes(group[column.name], levels) for code, group in groups.items()}


def _numbers(column: Column[float]) -> Numbers:
    values = column.dropna()
    missing = len(column) - len(values)
    if values.empty:
        return Numbers(0, missing, None, None, None, None, None)
    lower, median, upper = (float(values.quantile(part)) for part in (0.25, 0.5, 0.75))
    sd = float(values.std()) if len(values) > 1 else None
    return Numbers(len(values), missing, float(values.mean()), sd, median, lower, upper)


def _classes(column: Column[Any], levels: list[str]) -> Classes:
    values = column.dropna().astype(str)
    counts = values.value_counts()
    return Classes(
        len(values), len(column) - len(values), {each: int(counts.get(each, 0)) for each in levels}
    )


# The table as text ------------------------------------------------------------------------------------


def _lines(variable: Variable, order: list[str]) -> list[Line]:
    groups = [variable.groups[code] for code in order]
    lines = [Line(variable.label, ())]
    numeric = [group for group in groups if isinstance(group, Numbers)]
    classes = [group for group in groups if isinstance(group, Classes)]
    if numeric:
        digits = min(decimals(numeric[-1].sd or 0), 2)
        lines.append(Line("Mean (SD)", tuple(_mean(group, digits) for group in numeric), indent=True))
        lines.append(Line("Median [IQR]", tuple(_median(group, digits) for group in numeric), indent=True))
    else:
        for each in classes[-1].counts:
            cells = tuple(
                f"{group.counts[each]} ({percent(group.counts[each], group.n)})" for group in classes
            )
            lines.append(Line(each, cells, indent=True))
    if any(group.missing for group in groups):
        lines.append(Line("Missing", tuple(str(group.missing) for group in groups), indent=True))
    return lines


def _mean(group: Numbers, digits: int) -> str:
    if group.mean is None:
        return DASH
    sd = DASH if group.sd is None else number(group.sd, digits)
    return f"{number(group.mean, digits)} ({sd})"


def _median(group: Numbers, digits: int) -> str:
    if group.median is None or group.lower_quartile is None or group.upper_quartile is None:
        return DASH
    quartiles = f"{number(group.lower_quartile, digits)} to {number(group.upper_quartile, digits)}"
    return f"{number(group.median, digits)} [{quartiles}]"
