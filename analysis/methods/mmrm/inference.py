"""Standard errors and degrees of freedom of linear combinations of the coefficients.

Satterthwaite (1946) and Kenward and Roger (1997) with the observed information, as in R's mmrm. For a single
combination Kenward and Roger's degrees of freedom are Satterthwaite's; what differs is the standard error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from analysis.faults import DataError
from analysis.methods.linear import Array, Estimate
from analysis.methods.mmrm.layout import Layout
from analysis.methods.mmrm.newton import Maximum
from analysis.methods.mmrm.robust import Sandwich
from analysis.methods.mmrm.sums import Patterns

NONE_LEFT = 1e-12  # a weight below it is none
OTHERWISE = "use kenward-roger-linear, satterthwaite or a simpler covariance"


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A maximum, with the covariance matrix that its inference uses."""

    layout: Layout
    patterns: Patterns
    maximum: Maximum
    covariance: Array  # of the coefficients, adjusted or robust if so asked
    df: str
    sandwich: Sandwich | None

    def combine(self, weights: Array, alpha: float) -> Estimate:
        """The combination in the data's units: estimate, standard error, t interval and p."""
        layout = self.layout
        estimate = layout.scale * float(weights @ self.maximum.point.coefficients) + layout.mean * weights[0]
        variance = float(weights @ self.covariance @ weights)
        if variance <= 0:
            raise DataError(
                f"the data are too few for df {self.df}: a variance comes out negative; {OTHERWISE}"
            )
        se = layout.scale * float(np.sqrt(variance))
        df = DF[self.df](self, weights)
        margin = se * float(stdtrit(df, 1 - alpha / 2))
        p = 2 * float(stdtr(df, -abs(estimate) / se))
        return Estimate(float(estimate), se, df, float(estimate) - margin, float(estimate) + margin, p)


def satterthwaite(fitted: Fitted, weights: Array) -> float:
    """Twice the squared variance over the variance of the variance; see `Sandwich.df` for a robust one."""
    if fitted.sandwich is not None:
        return fitted.sandwich.df(weights)
    maximum = fitted.maximum
    reached = maximum.point.covariance @ weights
    slope = reached @ maximum.slopes.moved @ reached
    return float(2 * (reached @ weights) ** 2 / (slope @ maximum.theta_covariance @ slope))


def residual(fitted: Fitted, weights: Array) -> float:
    """Rows less coefficients."""
    return float(fitted.patterns.sums.rows - len(weights))


def between_within(fitted: Fitted, weights: Array) -> float:
    """The least over the columns with a weight: between participants if a column never changes within one.

    Schluchter and Elashoff (1990), and as in R's mmrm: the intercept counts among those between, but has the
    degrees of freedom of those within.
    """
    layout = fitted.layout
    x, participant = layout.matrix(), layout.rows.participant
    first = np.zeros((layout.rows.participants, x.shape[1]))
    first[participant] = x
    within = np.any(first[participant] != x, axis=0)
    between_df = layout.rows.participants - int((~within).sum())
    within_df = fitted.patterns.sums.rows - layout.rows.participants - int(within.sum())
    # weights are those of the centred columns; a weight counts if the data's own column has one
    own = np.linalg.solve(layout.back.T, weights)
    used = np.abs(own) > NONE_LEFT * np.abs(own).max()
    if np.any(used & ~within & (np.arange(len(used)) > 0)):
        return float(min(between_df, within_df) if np.any(used & within) or used[0] else between_df)
    return float(within_df)


DF: Mapping[str, Callable[[Fitted, Array], float]] = {
    "satterthwaite": satterthwaite,
    "kenward-roger": satterthwaite,
    "kenward-roger-linear": satterthwaite,
    "between-within": between_within,
    "residual": residual,
}
KENWARD_ROGER = ("kenward-roger", "kenward-roger-linear")


def kenward_roger(patterns: Patterns, maximum: Maximum, linear: bool) -> Array:
    """V + 2 V [Σ w_st (Q_st - P_s V P_t - R_st/4)] V, their covariance of b; `linear` leaves out R.

    Q and R are summed over s and t before they are summed over participants, so that none of them is stored.
    """
    sums, v = patterns.sums, maximum.point.covariance
    groups, w = len(maximum.curves), maximum.theta_covariance
    size = len(w) // groups
    middle = np.zeros_like(maximum.point.precision)
    for group, curve in enumerate(maximum.curves):
        block = slice(group * size, (group + 1) * size)
        middle[sums.group == group] = _middle(
            curve.first, curve.second, w[block, block], maximum.point.precision[sums.group == group], linear
        )
    precision = maximum.point.precision
    inner = sums.cross(precision @ middle @ precision)[:-1, :-1]
    moved = maximum.slopes.moved
    twice = np.tensordot(w, moved, axes=1)
    inner -= np.einsum("sab,sbc->ac", moved, v @ twice)
    return v + 2 * v @ inner @ v


def _middle(first: Array, second: Array, w: Array, precision: Array, linear: bool) -> Array:
    """Σ w_st (E_s S⁻¹ E_t - E_st/4) for each pattern, E being the derivatives of the covariance matrix."""
    visits = first.shape[1]
    weighted = np.tensordot(w, first, axes=1)
    fourfold = np.tensordot(first, weighted, axes=(0, 0))  # a b c d: Σ E_s[a, b] (wE)_s[c, d]
    turned = fourfold.transpose(1, 2, 0, 3).reshape(visits**2, visits**2)
    found: Array = (precision.reshape(len(precision), -1) @ turned).reshape(precision.shape)
    return found if linear else found - np.tensordot(w, second, axes=2) / 4
