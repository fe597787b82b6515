"""From rows of a data frame to the columns of a linear model with an arm and covariates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.faults import DataError, shown
from analysis.methods.linear import Array

if TYPE_CHECKING:
    from pandas import Series as Column


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """The columns of a model: intercept, the arms but the reference, the covariates.

    Numeric covariates are centred at their mean over these rows; a categorical one has treatment coding.
    `average` gives each covariate's column where LS means look: zero, the mean, for a numeric one, equal
    weight on each class for a categorical one.
    """

    x: Array
    names: tuple[str, ...]
    arms: tuple[str, ...]  # the reference first
    average: Array

    def mean(self, arm: str) -> Array:
        """The weights of an arm's LS mean."""
        return np.concatenate(([1.0], self._arm(arm), self.average))

    def difference(self, arm: str) -> Array:
        """The weights of the difference between an arm and the reference."""
        return np.concatenate(([0.0], self._arm(arm), np.zeros(len(self.average))))

    def _arm(self, arm: str) -> Array:
        return np.array([float(arm == other) for other in self.arms[1:]])


def is_categorical(column: Column[Any]) -> bool:
    """A column of classes: one that is not numeric."""
    return pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column)


def design(data: pd.DataFrame, *, arm: str, arms: Sequence[str], covariates: Sequence[str]) -> Design:
    """The design of these complete rows. `DataError` when an arm has no row."""
    codes = data[arm].astype(str)
    for each in arms:
        if not (codes == each).any():
            raise DataError(
                f"arm {shown(each)} has no row with outcome and covariates; check the data or the visit"
            )
    blocks = [np.ones((len(data), 1)), *((codes == each).to_numpy(float)[:, None] for each in arms[1:])]
    names = ["intercept", *(f"arm {shown(each)}" for each in arms[1:])]
    average: list[float] = []
    for covariate in covariates:
        block, labels, weights = _covariate(data[covariate])
        blocks.append(block)
        names += labels
        average += weights
    return Design(np.hstack(blocks), tuple(names), tuple(arms), np.array(average))


def _covariate(column: Column[Any]) -> tuple[Array, list[str], list[float]]:
    """The columns of a covariate, what each is called, and where LS means look."""
    if not is_categorical(column):
        values = column.to_numpy(float)
        return (values - values.mean())[:, None], [f"covariate {column.name}"], [0.0]
    classes = column.astype(str)
    levels = sorted(classes.unique())
    if len(levels) == 1:
        raise DataError(f"covariate {column.name} has one class only, {shown(levels[0])}; leave it out")
    block = np.column_stack([(classes == level).to_numpy(float) for level in levels[1:]])
    labels = [f"covariate {column.name}, class {shown(level)}" for level in levels[1:]]
    return block, labels, [1 / len(levels)] * (len(levels) - 1)
