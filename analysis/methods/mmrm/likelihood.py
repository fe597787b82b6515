"""The likelihood of the model for repeated measures, from sums over participants of one missingness pattern.

Participant i has the outcomes y = Xb + e, e ~ N(0, S), where S holds the rows and columns of Σ that belong to
the visits with an outcome. Row j of [X y] is made of numbers that belong to the participant, u, each set
into one column: so everything needed is Σ uu' over the participants of a pattern, and an iteration costs the
same for twenty thousand participants as for two hundred. docs/statistics.md has the formulas.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_solve

from analysis.methods.linear import Array
from analysis.methods.mmrm.structures import Curve

Integers = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What the likelihood needs of the data. A part puts one of `u` into one column at the visits of `mask`.

    The last column is the outcome. `gram[g, e, f]` is the sum of u[source of e]·u[source of f] over the
    participants of pattern g; `group` says whose covariance matrix the pattern has.
    """

    counts: Array  # patterns
    group: Integers  # patterns
    observed: Array  # patterns by visits, 0 or 1
    gram: Array  # patterns by parts by parts
    mask: Array  # visits by parts, 0 or 1
    column: Integers  # parts
    rows: int

    @property
    def coefficients(self) -> int:
        return int(self.column.max())

    @property
    def fold(self) -> Array:
        """Adds parts up to columns."""
        return np.asarray(np.arange(self.coefficients + 1)[:, None] == self.column, dtype=np.float64)

    def cross(self, weights: Array) -> Array:
        """The sum of [X y]'W[X y], W being the pattern's matrix."""
        parts = self.mask.T @ weights @ self.mask
        result: Array = self.fold @ np.einsum("gef,gef->ef", parts, self.gram) @ self.fold.T
        return result

    def outer(self, middle: Array) -> Array:
        """For each pattern the sum of [X y]M[X y]'; M is columns by columns."""
        spread = middle[np.ix_(self.column, self.column)]
        result: Array = self.mask @ (spread * self.gram) @ self.mask.T
        return result


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """The generalized least-squares fit for given matrices; `value` is -2 log-likelihood + constant."""

    value: float
    coefficients: Array
    covariance: Array  # of the coefficients
    precision: Array  # patterns by visits by visits: the inverse of S, zero where nothing was observed
    root: Array  # patterns by visits by visits: the inverse of the Cholesky factor of S
    residual: Array  # coefficients of [X y] that make the residuals

    def whole(self, reml: bool) -> Array:
        """M such that the sum of [X y]M[X y]' is the residuals' squares, with REML also those that b took."""
        middle = np.outer(self.residual, self.residual)
        if reml:
            middle[:-1, :-1] += self.covariance
        return middle


def evaluate(sums: Sums, sigma: Array, reml: bool) -> Point:
    """The fit for covariance matrices, one a group. `LinAlgError` where one is not positive definite."""
    both = sums.observed[:, :, None] * sums.observed[:, None, :]
    identity = np.eye(sums.observed.shape[1])
    lower = np.linalg.cholesky(np.where(both > 0, sigma[sums.group], identity))
    inverse = np.linalg.inv(lower)
    root = inverse * both
    precision = root.transpose(0, 2, 1) @ root
    cross = sums.cross(precision)
    factor = np.linalg.cholesky(cross[:-1, :-1])
    coefficients = cho_solve((factor, True), cross[:-1, -1])
    log_det = 2 * float(sums.counts @ np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(axis=1))
    taken = 2 * float(np.log(np.diag(factor)).sum()) if reml else 0.0
    residual = np.append(-coefficients, 1.0)
    value = log_det + taken + float(residual @ cross @ residual)
    covariance = cho_solve((factor, True), np.eye(len(coefficients)))
    return Point(value, coefficients, covariance, precision, root, residual)


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """Derivatives of -2 log-likelihood by the parameters, and of X'S⁻¹X (`moved` is minus the first)."""

    gradient: Array
    hessian: Array
    moved: (
        Array  # parameters by coefficients by coefficients: the P of Kenward and Roger with its sign turned
    )


def slopes(sums: Sums, point: Point, curves: tuple[Curve, ...], reml: bool) -> Slopes:
    """First and second derivatives; parameters of the groups one after the other."""
    precision = point.precision
    spread = precision @ sums.outer(point.whole(reml)) @ precision
    weighted = sums.counts[:, None, None] * precision
    size = len(precision[0]) ** 2
    gradients, blocks, moved, pulled = [], [], [], []
    for number, curve in enumerate(curves):
        own = sums.group == number
        tilt = (weighted[own] - spread[own]).sum(axis=0)
        first = curve.first.reshape(-1, size)
        gradients.append(first @ tilt.ravel())
        bent = np.tensordot(curve.second, tilt, axes=2)
        blocks.append(bent + _quadratic(first, 2 * spread[own] - weighted[own], precision[own]))
        p, q = _moved(sums, own, point, first)
        moved.append(p)
        pulled.append(q)
    hessian = _block_diagonal(blocks)
    p, q = np.concatenate(moved), np.concatenate(pulled)
    hessian -= 2 * q @ point.covariance @ q.T
    if reml:
        turned = point.covariance @ p
        count = len(turned)
        hessian -= turned.reshape(count, -1) @ turned.transpose(0, 2, 1).reshape(count, -1).T
    return Slopes(np.concatenate(gradients), (hessian + hessian.T) / 2, p)


def _quadratic(first: Array, left: Array, right: Array) -> Array:
    """The sum over patterns of tr(left E_s right E_t)."""
    visits = left.shape[1]
    pairs = left.reshape(len(left), -1).T @ right.reshape(len(right), -1)
    turned = pairs.reshape((visits,) * 4).transpose(1, 2, 3, 0).reshape(visits**2, -1)
    return first @ turned @ first.T


def _moved(sums: Sums, own: npt.NDArray[np.bool_], point: Point, first: Array) -> tuple[Array, Array]:
    """X'S⁻¹E_sS⁻¹X and X'S⁻¹E_sS⁻¹r for each parameter s of a group, r being the residuals."""
    reached = point.precision[own] @ sums.mask  # patterns by visits by parts
    patterns, visits, parts = reached.shape
    gram = sums.gram[own]
    pairs = np.empty((parts, visits, parts, visits))
    for part in range(parts):
        left = (reached * gram[:, None, :, part]).reshape(patterns, -1)
        pairs[part] = (left.T @ reached[:, :, part]).reshape(visits, parts, visits)
    columns = sums.fold
    folded = (columns @ pairs.reshape(parts, -1)).reshape(len(columns), visits, parts, visits)
    found = np.tensordot(columns[:-1], folded, axes=(1, 2)).transpose(2, 3, 0, 1)
    found = found.reshape(visits**2, len(columns) - 1, len(columns))
    by_parameter = np.tensordot(first, found, axes=1)
    return by_parameter[:, :, :-1], by_parameter @ point.residual


def _block_diagonal(blocks: list[Array]) -> Array:
    total = sum(len(block) for block in blocks)
    whole = np.zeros((total, total))
    start = 0
    for block in blocks:
        whole[start : start + len(block), start : start + len(block)] = block
        start += len(block)
    return whole
