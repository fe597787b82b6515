"""Least squares by a QR decomposition, with the model's or a heteroscedasticity-consistent covariance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from analysis.faults import DataError
from analysis.methods import ROBUST

Array = npt.NDArray[np.float64]

DEPENDENT = 1e-9  # what is left of a column of length one once the columns before it are taken out
EXACT = 1e-12  # the residual share of the outcome's variance below which nothing is left to estimate from


@dataclass(frozen=True, slots=True)
class Estimate:
    """A linear combination of coefficients, with a t interval."""

    estimate: float
    se: float
    df: float
    lower: float
    upper: float
    p: float


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted linear model. The columns divided by `scale` are q r, orthonormal times upper triangular."""

    q: Array
    r: Array
    scale: Array
    coefficients: Array
    squares: Array  # what stands for each row's error variance in the covariance, see `ERRORS`
    df: int

    def combine(self, weights: Sequence[float] | Array, alpha: float) -> Estimate:
        """The sum of the coefficients times the weights: estimate, standard error, t interval and p.

        With X = QR and c = R'z the sandwich c'(X'X)⁻¹X'ΩX(X'X)⁻¹c is the sum of ω(Qz)², which is z'z·σ² when
        all ω are σ².
        """
        c = np.asarray(weights, dtype=np.float64)
        z = np.linalg.solve(self.r.T, c / self.scale)
        se = float(np.sqrt(np.sum(self.squares * (self.q @ z) ** 2)))
        estimate = float(c @ self.coefficients)
        margin = se * float(stats.t.ppf(1 - alpha / 2, self.df))
        p = 2 * float(stats.t.sf(abs(estimate) / se, self.df)) if se > 0 else float(estimate == 0)
        return Estimate(estimate, se, float(self.df), estimate - margin, estimate + margin, p)


def least_squares(x: Array, y: Array, names: Sequence[str], robust: str | None = None) -> Fit:
    """Fit y = x b. `DataError`: rows too few, columns that depend on one another, or no residual."""
    rows, columns = x.shape
    if rows <= columns:
        raise DataError(f"{rows} complete rows are too few for {columns} coefficients; use fewer covariates")
    scale = np.linalg.norm(x, axis=0)
    scale[scale == 0] = 1.0
    q, r = np.linalg.qr(x / scale)
    _check_rank(r, names)
    residuals = y - q @ (q.T @ y)
    if float(residuals @ residuals) <= EXACT * float(np.sum((y - y.mean()) ** 2)):
        raise DataError(
            "the model fits the outcome exactly, so no standard error exists; use fewer covariates"
        )
    coefficients = np.linalg.solve(r, q.T @ y) / scale
    squares = ERRORS[robust](residuals, np.sum(q**2, axis=1), columns)
    return Fit(q, r, scale, coefficients, squares, rows - columns)


def _check_rank(r: Array, names: Sequence[str]) -> None:
    """Columns have length one, so a small diagonal is what the columns before leave of this one."""
    for name, left in zip(names, np.abs(np.diag(r)), strict=True):
        if left < DEPENDENT:
            raise DataError(
                f"the design is singular: {name} says nothing beyond the other columns; leave it out"
            )


# White (1980) and MacKinnon and White (1985): one signature each, (residuals, leverages, columns) -> ω


def _model(residuals: Array, leverage: Array, columns: int) -> Array:
    variance = float(residuals @ residuals) / (len(residuals) - columns)
    return np.full(len(residuals), variance)


def _hc0(residuals: Array, leverage: Array, columns: int) -> Array:
    return residuals**2


def _hc1(residuals: Array, leverage: Array, columns: int) -> Array:
    return residuals**2 * len(residuals) / (len(residuals) - columns)


def _hc2(residuals: Array, leverage: Array, columns: int) -> Array:
    return residuals**2 / _room(leverage)


def _hc3(residuals: Array, leverage: Array, columns: int) -> Array:
    return residuals**2 / _room(leverage) ** 2


def _room(leverage: Array) -> Array:
    room = 1 - leverage
    if np.any(room < DEPENDENT):
        raise DataError("HC2 and HC3 are not defined: a row is alone in its class; use HC1 or merge classes")
    return room


ERRORS: Mapping[str | None, Callable[[Array, Array, int], Array]] = {
    None: _model,
    **dict(zip(ROBUST, (_hc0, _hc1, _hc2, _hc3), strict=True)),
}
