"""The model's columns, and the way between its units and those of the data.

Inside, outcome and numeric covariates have mean 0 and variance 1 over the model's rows, so that nothing is
lost to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.faults import DataError, shown
from analysis.methods.design import is_categorical
from analysis.methods.linear import Array
from analysis.methods.mmrm.rows import Names, Rows, codes, levels

if TYPE_CHECKING:
    from pandas import Series


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What a column is made of, a value a row: one, an arm, a covariate, a class of one."""

    label: str
    values: Array  # centred and scaled if numeric
    equal: float  # where LS means look if classes weigh equally
    arm: int | None = None
    mean: float = 0.0  # of a numeric covariate, before it was centred
    scale: float = 1.0

    def look(self, arm: int, observed: bool) -> float:
        """The value at which an LS mean takes it."""
        if self.arm is not None:
            return float(self.arm == arm)
        return float(self.values.mean()) if observed else self.equal


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column of the model: a source at one visit, zero elsewhere, or at all visits."""

    label: str
    source: Source
    visit: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The columns; `scale` and `mean` are the outcome's.

    In the data's units the coefficients are `scale * back @ coefficients`, the first of them plus `mean`.
    """

    rows: Rows
    columns: tuple[Column, ...]
    mean: float
    scale: float
    back: Array

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(column.label for column in self.columns)

    def matrix(self) -> Array:
        """The design, a row a row and a column a column."""
        x = np.empty((len(self.rows.visit), len(self.columns)))
        for number, column in enumerate(self.columns):
            at = 1.0 if column.visit is None else self.rows.visit == column.visit
            x[:, number] = column.source.values * at
        return x

    def outcome(self) -> Array:
        return (self.rows.outcome - self.mean) / self.scale

    def weights(self, arm: str, visit: str, observed: bool) -> Array:
        """The weights of an LS mean; classes weigh equally, or as in the rows."""
        at, number = self.rows.visits.index(visit), self.rows.arms.index(arm)
        return np.array(
            [
                column.source.look(number, observed) if column.visit in (None, at) else 0.0
                for column in self.columns
            ]
        )


def lay_out(rows: Rows, names: Names) -> Layout:
    """Intercept, covariates, arm, visit, arm by visit, covariates by visit, in R's order and with its names.

    Arms that are held equal at baseline have no column of their own, and one at each other visit.
    """
    one = Source("", np.ones(len(rows.visit)), 1.0)
    arms = _arm_sources(rows, names)
    covariates = {name: _sources(name, rows.frame[name]) for name in names.all_covariates}
    visits = [(f"{names.visit}{visit}", at) for at, visit in enumerate(rows.visits)]
    apart = [each for each in visits if each[1] != rows.visits.index(names.baseline or rows.visits[0])]
    columns = [
        Column("(Intercept)", one, None),
        *(Column(each.label, each, None) for sources in covariates.values() for each in sources),
        *(Column(each.label, each, None) for each in arms if names.baseline is None),
        *(Column(label, one, at) for label, at in visits[1:]),
        *(Column(f"{each.label}:{label}", each, at) for label, at in apart for each in arms),
        *(
            Column(f"{each.label}:{label}", each, at)
            for name in names.by_visit
            for label, at in visits[1:]
            for each in covariates[name]
        ),
    ]
    mean, scale = float(rows.outcome.mean()), float(rows.outcome.std())
    return Layout(rows, tuple(columns), mean, scale, _back(columns, one))


def _arm_sources(rows: Rows, names: Names) -> list[Source]:
    values = rows.arm_of[rows.participant]
    return [
        Source(f"{names.arm}{arm}", (values == number).astype(float), 0.0, number)
        for number, arm in enumerate(rows.arms)
        if number
    ]


def _sources(name: str, column: Series[Any]) -> list[Source]:
    """A numeric covariate, or the classes of a categorical one but the first."""
    if not is_categorical(column):
        values = column.to_numpy(float)
        mean, scale = float(values.mean()), float(values.std())
        if np.ptp(values) == 0:
            raise DataError(f"covariate {name} is {values[0]:g} in every row; leave it out")
        return [Source(name, (values - mean) / scale, 0.0, None, mean, scale)]
    classes = levels(column)
    if len(classes) == 1:
        raise DataError(f"covariate {name} has one class only, {shown(classes[0])}; leave it out")
    coded = codes(column, classes)
    return [
        Source(f"{name}{level}", (coded == number).astype(float), 1 / len(classes))
        for number, level in enumerate(classes)
        if number
    ]


def _back(columns: list[Column], one: Source) -> Array:
    """A numeric column is its centred self times the scale, plus the mean at the same visits."""
    forth = np.eye(len(columns))
    ones = {column.visit: number for number, column in enumerate(columns) if column.source is one}
    for number, column in enumerate(columns):
        forth[number, number] = column.source.scale
        if column.source.mean:
            forth[ones[column.visit], number] = column.source.mean
    return np.asarray(np.linalg.inv(forth), dtype=np.float64)
