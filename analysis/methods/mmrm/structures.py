"""Covariance structures: from unrestricted parameters to the visits' covariance matrix and its derivatives.

Standard deviations are on the log scale; a correlation is θ/√(1 + θ²), in compound symmetry a logistic curve
over all correlations that it may have, from -1/(visits - 1) up. The unstructured matrix is LL', the rows of L
being multiples of their standard deviation (Pinheiro and Bates 1996). Kenward and Roger's covariance depends
on these choices, which are those of R's mmrm; nothing else does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from analysis.methods.linear import Array

UNSTRUCTURED = "unstructured"
HETEROGENEOUS = "heterogeneous-"
STRONGEST_START = 0.9  # no correlation starts beyond it


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A covariance matrix with its first and second derivatives by the parameters."""

    sigma: Array  # visits by visits
    first: Array  # parameters by visits by visits
    second: Array  # parameters by parameters by visits by visits


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """A named structure: how many parameters, the matrix alone, with derivatives, and where to start."""

    parameters: int
    matrix: Callable[[Array], Array]
    curve: Callable[[Array], Curve]
    start: Callable[[Array], Array]  # from a covariance matrix that was estimated some other way


def structure(name: str, visits: int) -> Structure:
    """The structure of that name, one of `NAMES`, for so many visits."""
    if name == UNSTRUCTURED:
        return _unstructured(visits)
    kind = name.removeprefix(HETEROGENEOUS)
    link = _logistic(visits) if kind == "compound-symmetry" else _ROOT
    return _correlated(POWERS[kind](visits), link, heterogeneous=name.startswith(HETEROGENEOUS))


# Unstructured -----------------------------------------------------------------------------------------


def _unstructured(visits: int) -> Structure:
    rows, columns = np.tril_indices(visits, -1)

    def factor(theta: Array) -> Array:
        lower = np.eye(visits)
        lower[rows, columns] = theta[visits:]
        result: Array = np.exp(theta[:visits])[:, None] * lower
        return result

    def matrix(theta: Array) -> Array:
        lower = factor(theta)
        return lower @ lower.T

    def curve(theta: Array) -> Curve:
        lower = factor(theta)
        first, second = _factor_derivatives(lower, rows, columns)
        half = first @ lower.T
        # d²(LL') is d²L L' + dL dL' and its transpose
        turned = np.tensordot(first, first, axes=(2, 2)).transpose(0, 2, 1, 3) + np.dot(second, lower.T)
        return Curve(lower @ lower.T, half + half.transpose(0, 2, 1), turned + turned.transpose(0, 1, 3, 2))

    def start(sigma: Array) -> Array:
        lower = np.linalg.cholesky(sigma)
        scale = np.diag(lower)
        return np.concatenate((np.log(scale), (lower / scale[:, None])[rows, columns]))

    return Structure(visits * (visits + 1) // 2, matrix, curve, start)


def _factor_derivatives(
    lower: Array,
    rows: np.ndarray[tuple[int], np.dtype[np.intp]],
    columns: np.ndarray[tuple[int], np.dtype[np.intp]],
) -> tuple[Array, Array]:
    """Of L by the log scales of its rows and by the multiples below its diagonal."""
    visits, below = len(lower), len(rows)
    each, other = np.arange(visits), visits + np.arange(below)
    first = np.zeros((visits + below, visits, visits))
    first[each, each] = lower
    first[other, rows, columns] = np.diag(lower)[rows]
    second = np.zeros((visits + below, *first.shape))
    second[each, each, each] = lower
    second[rows, other, rows, columns] = second[other, rows, rows, columns] = np.diag(lower)[rows]
    return first, second


# From a parameter to a correlation --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Link:
    """The correlation with its first and second derivative by θ, and the way back."""

    forth: Callable[[Array], tuple[Array, Array, Array]]
    back: Callable[[Array], Array]


def _root(theta: Array) -> tuple[Array, Array, Array]:
    root = np.sqrt(1 + theta**2)
    return theta / root, root**-3, -3 * theta * root**-5


_ROOT = _Link(_root, lambda rho: rho / np.sqrt(1 - rho**2))


def _logistic(visits: int) -> _Link:
    low = -1 / (visits - 1)

    def forth(theta: Array) -> tuple[Array, Array, Array]:
        share = expit(theta)
        slope = (1 - low) * share * (1 - share)
        return low + (1 - low) * share, slope, slope * (1 - 2 * share)

    def back(rho: Array) -> Array:
        share = np.maximum((rho - low) / (1 - low), 1 - STRONGEST_START)
        result: Array = np.log(share / (1 - share))
        return result

    return _Link(forth, back)


# Structures whose correlations are products of powers of a few ----------------------------------------


def _lags(visits: int) -> Array:
    return np.abs(np.subtract.outer(np.arange(visits), np.arange(visits))).astype(float)


def _compound_symmetry(visits: int) -> Array:
    return (_lags(visits) > 0).astype(float)[None]


def _ar1(visits: int) -> Array:
    return _lags(visits)[None]


def _toeplitz(visits: int) -> Array:
    return np.stack([(_lags(visits) == lag).astype(float) for lag in range(1, visits)])


def _ante_dependence(visits: int) -> Array:
    """Between two visits the correlation is the product of those of the neighbours on the way."""
    low = np.minimum.outer(np.arange(visits), np.arange(visits))
    high = np.maximum.outer(np.arange(visits), np.arange(visits))
    return np.stack([((low <= step) & (step < high)).astype(float) for step in range(visits - 1)])


POWERS: Mapping[str, Callable[[int], Array]] = {
    "toeplitz": _toeplitz,
    "ar1": _ar1,
    "compound-symmetry": _compound_symmetry,
    "ante-dependence": _ante_dependence,
}
NAMES = (UNSTRUCTURED, *POWERS, *(HETEROGENEOUS + name for name in POWERS))


def _correlated(powers: Array, link: _Link, *, heterogeneous: bool) -> Structure:
    """Correlation jk is the product over l of rho_l to the power `powers[l, j, k]`."""
    visits = powers.shape[1]
    scales = visits if heterogeneous else 1
    share = np.eye(visits) if heterogeneous else np.ones((1, visits))
    pairs = share[:, :, None] + share[:, None, :]  # how often each log scale enters the log of an element

    def outer(theta: Array) -> Array:
        deviation = np.exp(theta[:scales] @ share)
        return np.outer(deviation, deviation)

    def matrix(theta: Array) -> Array:
        rho, _, _ = link.forth(theta[scales:])
        result: Array = outer(theta) * np.prod(rho[:, None, None] ** powers, axis=0)
        return result

    def curve(theta: Array) -> Curve:
        correlation, by_one, by_two = _products(*link.forth(theta[scales:]), powers)
        spread = outer(theta)
        sigma = spread * correlation
        first = np.concatenate((pairs * sigma, spread * by_one))
        second = np.empty((len(first), *first.shape))
        second[:scales, :scales] = pairs[:, None] * pairs[None] * sigma
        second[:scales, scales:] = pairs[:, None] * first[None, scales:]
        second[scales:, :scales] = second[:scales, scales:].transpose(1, 0, 2, 3)
        second[scales:, scales:] = spread * by_two
        return Curve(sigma, first, second)

    def start(sigma: Array) -> Array:
        deviation = np.sqrt(np.diag(sigma))
        correlation, alone = sigma / np.outer(deviation, deviation), powers.sum(axis=0) == 1
        rho = np.array([_typical(correlation[alone & (power == 1)]) for power in powers])
        log_scale = np.log(deviation) if heterogeneous else [np.log(np.mean(deviation**2)) / 2]
        return np.concatenate((log_scale, link.back(rho)))

    return Structure(scales + len(powers), matrix, curve, start)


def _typical(correlations: Array) -> float:
    """The mean of those that are the parameter itself, not too near one."""
    return float(np.clip(correlations.mean(), -STRONGEST_START, STRONGEST_START))


def _products(rho: Array, slope: Array, bend: Array, powers: Array) -> tuple[Array, Array, Array]:
    """The correlations and their derivatives by θ, from those of rho by θ."""
    terms = [_powers(value, power) for value, power in zip(rho, powers, strict=True)]
    count = len(terms)

    def product(orders: list[int]) -> Array:
        result: Array = np.prod([term[order] for term, order in zip(terms, orders, strict=True)], axis=0)
        return result

    unit = np.eye(count, dtype=int)
    by_rho = [product([*unit[one]]) for one in range(count)]
    second = np.empty((count, count, *powers.shape[1:]))
    for one in range(count):
        for two in range(count):
            second[one, two] = slope[one] * slope[two] * product([*(unit[one] + unit[two])])
        second[one, one] += bend[one] * by_rho[one]
    return product([0] * count), slope[:, None, None] * np.stack(by_rho), second


def _powers(value: float, power: Array) -> tuple[Array, Array, Array]:
    """rho to the power, and its two derivatives by rho; finite at rho = 0."""
    return (
        value**power,
        power * value ** np.maximum(power - 1, 0),
        power * (power - 1) * value ** np.maximum(power - 2, 0),
    )
