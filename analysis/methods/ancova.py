"""Analysis of covariance: the difference between arms in an outcome, adjusted for covariates, visit by visit.

Ordinary least squares of the outcome on arm and covariates, one model a visit, on the rows with outcome and
covariates. It assumes that what is missing is missing at random given arm and covariates, and that the
covariates act alike in each arm; with `robust` the variance may differ from row to row. LS means weigh the
classes of a categorical covariate equally and set numeric ones to their mean over the rows of that model.
Held to statsmodels in tests/oracles/.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.faults import DataError, shown
from analysis.methods import ROBUST
from analysis.methods.design import Design, design, is_categorical
from analysis.methods.linear import Estimate, Fit, least_squares

if TYPE_CHECKING:
    from pandas import Series as Column


@dataclass(frozen=True, slots=True)
class Contrast:
    """An arm less the reference; `n` counts the rows of the model, the other two those of the arms."""

    visit: str | None
    arm: str
    reference: str
    estimate: float
    se: float
    df: float
    lower: float
    upper: float
    p: float
    n: int
    n_arm: int
    n_reference: int


@dataclass(frozen=True, slots=True)
class LsMean:
    """An arm's adjusted mean; `n` are its rows."""

    visit: str | None
    arm: str
    estimate: float
    se: float
    df: float
    lower: float
    upper: float
    n: int


@dataclass(frozen=True, slots=True, repr=False)
class Ancova:
    """What was fitted; it prints as the table of its contrasts."""

    rows: tuple[Contrast, ...]
    means: tuple[LsMean, ...]

    @property
    def contrasts(self) -> pd.DataFrame:
        """One row a visit and arm: the difference from the reference."""
        return pd.DataFrame([asdict(row) for row in self.rows])

    @property
    def lsmeans(self) -> pd.DataFrame:
        """One row a visit and arm: the adjusted mean."""
        return pd.DataFrame([asdict(mean) for mean in self.means])

    def to_frame(self) -> pd.DataFrame:
        """The contrasts."""
        return self.contrasts

    def to_dict(self) -> dict[str, list[dict[str, object]]]:
        """Contrasts and LS means as lists of plain values."""
        return {
            "contrasts": [asdict(row) for row in self.rows],
            "lsmeans": [asdict(mean) for mean in self.means],
        }

    def __repr__(self) -> str:
        return self.contrasts.to_string(index=False, na_rep="", float_format=lambda value: f"{value:.4g}")


def fit(
    data: pd.DataFrame,
    *,
    outcome: str,
    arm: str,
    reference: str,
    covariates: Sequence[str] = (),
    visit: str | None = None,
    robust: str | None = None,
    alpha: float = 0.05,
    participant: str | None = None,
) -> Ancova:
    """Compare each arm with the reference; a model for each value of the column `visit` if it is given.

    A covariate whose column is not numeric is categorical. `robust` is HC0, HC1, HC2 or HC3. When
    `participant` names a column, a participant may have one row only (at a visit). Visits and arms come in
    the order of their categories, or else sorted. `DataError` says in one line what is wrong.
    """
    _check_options(robust, alpha)
    frame = _frame(data, outcome, [arm, *_given(visit), *_given(participant)], covariates)
    _check_duplicates(frame, participant, visit)
    model = _Model(outcome, arm, _arms(frame[arm], reference), tuple(covariates), robust, alpha)
    if visit is None:
        parts: list[tuple[str | None, pd.DataFrame]] = [(None, frame)]
    else:
        parts = [(code, frame[frame[visit].astype(str) == code]) for code in _levels(frame[visit])]
    fitted = [model.fit(rows, code) for code, rows in parts]
    return Ancova(
        rows=tuple(row for contrasts, _ in fitted for row in contrasts),
        means=tuple(mean for _, means in fitted for mean in means),
    )


@dataclass(frozen=True, slots=True)
class _Model:
    """The model of a visit; `arms` begins with the reference."""

    outcome: str
    arm: str
    arms: tuple[str, ...]
    covariates: tuple[str, ...]
    robust: str | None
    alpha: float

    def fit(self, data: pd.DataFrame, visit: str | None) -> tuple[list[Contrast], list[LsMean]]:
        complete = data.dropna(subset=[self.outcome, *self.covariates])
        try:
            made, fitted = self._fit(complete)
        except DataError as error:
            raise DataError(f"{self.outcome}{f' at {visit}' if visit else ''}: {error}") from None
        counts = complete[self.arm].astype(str).value_counts()
        reference = self.arms[0]
        contrasts = [
            Contrast(
                visit=visit,
                arm=arm,
                reference=reference,
                **asdict(fitted.combine(made.difference(arm), self.alpha)),
                n=len(complete),
                n_arm=int(counts[arm]),
                n_reference=int(counts[reference]),
            )
            for arm in self.arms[1:]
        ]
        means = [
            self._mean(visit, arm, fitted.combine(made.mean(arm), self.alpha), counts) for arm in self.arms
        ]
        return contrasts, means

    def _fit(self, complete: pd.DataFrame) -> tuple[Design, Fit]:
        made = design(complete, arm=self.arm, arms=self.arms, covariates=self.covariates)
        values = complete[self.outcome].to_numpy(float)
        if np.ptp(values) == 0:
            raise DataError(f"is {values[0]:g} in every row; there is nothing to compare")
        return made, least_squares(made.x, values, made.names, self.robust)

    @staticmethod
    def _mean(visit: str | None, arm: str, found: Estimate, counts: Column[int]) -> LsMean:
        return LsMean(
            visit=visit,
            arm=arm,
            estimate=found.estimate,
            se=found.se,
            df=found.df,
            lower=found.lower,
            upper=found.upper,
            n=int(counts[arm]),
        )


# Checks of what was given -----------------------------------------------------------------------------


def _given(name: str | None) -> list[str]:
    return [] if name is None else [name]


def _check_options(robust: str | None, alpha: float) -> None:
    if robust is not None and robust not in ROBUST:
        raise DataError(f"robust: {shown(robust)} is not known; use {', '.join(ROBUST)} or None")
    if not 0 < alpha < 1:
        raise DataError("alpha: must lie between 0 and 1, such as 0.05")


def _frame(data: pd.DataFrame, outcome: str, codes: Sequence[str], covariates: Sequence[str]) -> pd.DataFrame:
    """The columns that the model needs, numbers finite, no code missing."""
    if isinstance(covariates, str):
        raise DataError("covariates: must be a list of column names")
    names = [outcome, *codes, *covariates]
    for name in names:
        if name not in data.columns:
            known = ", ".join(map(str, data.columns[:12]))
            raise DataError(f"{name}: there is no such column; the data have {known}")
        if names.count(name) > 1 or list(data.columns).count(name) > 1:
            raise DataError(f"{name}: stands for two things; name each column once")
    frame = data[names].copy()
    for code in codes:
        if frame[code].isna().any():
            raise DataError(
                f"{code}: is missing in {int(frame[code].isna().sum())} rows; complete or drop them"
            )
    frame[outcome] = _numbers(frame[outcome])
    for covariate in covariates:
        if not is_categorical(frame[covariate]):
            frame[covariate] = _numbers(frame[covariate])
    return frame


def _numbers(column: Column[Any]) -> Column[float]:
    """The column as finite numbers; what is missing stays missing."""
    if pd.api.types.is_bool_dtype(column):
        raise DataError(f"{column.name}: is true or false, not a number; code it as 0 and 1 if that is meant")
    numbers = pd.to_numeric(column, errors="coerce").astype(float)
    wrong = column[numbers.isna() & column.notna()]
    if len(wrong):
        raise DataError(
            f"{column.name}: {shown(wrong.iloc[0])} in row {wrong.index[0]} is not a number; correct it"
        )
    if np.isinf(numbers).any():
        raise DataError(
            f"{column.name}: is infinite in row {numbers.index[np.isinf(numbers)][0]}; correct it"
        )
    return numbers


def _check_duplicates(frame: pd.DataFrame, participant: str | None, visit: str | None) -> None:
    if participant is None:
        return
    twice = frame[frame.duplicated([participant, *_given(visit)])]
    if len(twice):
        at = "" if visit is None else f" at {shown(twice[visit].iloc[0])}"
        raise DataError(f"{participant}: {shown(twice[participant].iloc[0])} has two rows{at}; keep one")


def _levels(column: Column[Any]) -> list[str]:
    """The values in the order of their categories, or else sorted."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [str(level) for level in column.cat.categories if (column == level).any()]
    return [str(level) for level in sorted(column.unique(), key=lambda each: (isinstance(each, str), each))]


def _arms(column: Column[Any], reference: str) -> tuple[str, ...]:
    """The arms, the reference first."""
    arms = _levels(column)
    if reference not in arms:
        raise DataError(
            f"{column.name}: the reference {shown(reference)} is not among {', '.join(arms) or 'no arms'}"
        )
    if len(arms) < 2:
        raise DataError(f"{column.name}: there is one arm only, {shown(reference)}; a comparison needs two")
    return (reference, *(arm for arm in arms if arm != reference))
