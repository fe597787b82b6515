"""Maximizing the likelihood: Newton's steps on exact derivatives, halved until they climb."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from analysis.methods.linear import EXACT, Array
from analysis.methods.mmrm.likelihood import Point, Slopes, Sums, evaluate, slopes
from analysis.methods.mmrm.structures import Curve, Structure

STEPS = 100
HALVINGS = 30
LONGEST = 2.0  # no parameter moves further in a step
NEAR = 1e-12  # what a step still promises to gain when the search is over; the step is then taken
FLAT = 1e-8  # the least eigenvalue of a scaled information matrix beside its largest
SMALLEST_START = 0.01  # the least eigenvalue of a starting correlation matrix, one being the mean


class NotConverged(ArithmeticError):
    """The search found no maximum; the message says what it saw."""


@dataclass(frozen=True, slots=True, eq=False)
class Maximum:
    """Where the likelihood is largest."""

    theta: Array
    sigma: Array  # groups by visits by visits
    point: Point
    slopes: Slopes
    curves: tuple[Curve, ...]
    theta_covariance: Array
    steps: int


def maximize(sums: Sums, structure: Structure, groups: int, reml: bool) -> Maximum:
    """The maximum for one matrix of that structure a group. `NotConverged` if there is none to be found."""
    theta = _start(sums, structure, groups)
    point = evaluate(sums, _matrices(structure, theta, groups), reml)
    for step in range(1, STEPS + 1):
        curves = tuple(structure.curve(own) for own in theta.reshape(groups, -1))
        found = slopes(sums, point, curves, reml)
        move = _climb(found)
        promised = -float(move @ found.gradient)
        theta, point = _search(sums, structure, groups, reml, theta, point, move, promised)
        if promised < NEAR:
            return _maximum(sums, structure, theta, point, reml, groups, step)
    raise NotConverged(f"no maximum after {STEPS} steps")


def _matrices(structure: Structure, theta: Array, groups: int) -> Array:
    return np.stack([structure.matrix(own) for own in theta.reshape(groups, -1)])


def _climb(found: Slopes) -> Array:
    """Newton's step; where the likelihood bends the wrong way, it is bent back."""
    scaled, scale = _scaled(found.hessian)
    try:
        move: Array = -scale * cho_solve(cho_factor(scaled), found.gradient * scale)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(scaled)
        bent = np.maximum(np.abs(values), FLAT * max(1.0, float(values.max())))
        move = -scale * (vectors @ (vectors.T @ (found.gradient * scale) / bent))
    return move * min(1.0, LONGEST / float(np.abs(move).max() or 1.0))


def _scaled(hessian: Array) -> tuple[Array, Array]:
    """With a diagonal of ones, and what it was multiplied with."""
    scale = 1 / np.sqrt(np.maximum(np.abs(np.diag(hessian)), np.finfo(float).tiny))
    return hessian * np.outer(scale, scale), scale


def _search(
    sums: Sums,
    structure: Structure,
    groups: int,
    reml: bool,
    theta: Array,
    point: Point,
    move: Array,
    promised: float,
) -> tuple[Array, Point]:
    """The first of the step, its half, its quarter … that climbs."""
    noise = 1e-13 * (1 + abs(point.value))  # what rounding may add to the value
    for _ in range(HALVINGS):
        try:
            tried = evaluate(sums, _matrices(structure, theta + move, groups), reml)
        except np.linalg.LinAlgError:
            tried = None
        if tried is not None and tried.value <= point.value - 1e-4 * promised + noise:
            return theta + move, tried
        move, promised = move / 2, promised / 2
    if promised < noise:
        return theta, point
    raise NotConverged("no step from where it stood climbed")


def _maximum(
    sums: Sums, structure: Structure, theta: Array, point: Point, reml: bool, groups: int, steps: int
) -> Maximum:
    curves = tuple(structure.curve(own) for own in theta.reshape(groups, -1))
    found = slopes(sums, point, curves, reml)
    scaled, scale = _scaled(found.hessian)
    if float(np.linalg.eigvalsh(scaled)[0]) < FLAT:
        raise NotConverged("the likelihood is flat: the data do not tell the covariance parameters apart")
    covariance = 2 * np.linalg.inv(scaled) * np.outer(scale, scale)
    return Maximum(
        theta, np.stack([curve.sigma for curve in curves]), point, found, curves, covariance, steps
    )


# Where to start ---------------------------------------------------------------------------------------


def _start(sums: Sums, structure: Structure, groups: int) -> Array:
    """From the residuals of ordinary least squares, pair of visits by pair of visits."""
    visits = sums.observed.shape[1]
    plain = evaluate(sums, np.repeat(np.eye(visits)[None], groups, axis=0), reml=False)
    squares = sums.outer(plain.whole(reml=False))
    if float(squares.sum(axis=0).diagonal().min()) < EXACT * sums.rows:
        raise NotConverged("the model fits a visit's outcomes exactly; use fewer covariates")
    both = sums.observed[:, :, None] * sums.observed[:, None, :] * sums.counts[:, None, None]
    starts = []
    for group in range(groups):
        own = sums.group == group
        sigma = squares[own].sum(axis=0) / np.maximum(both[own].sum(axis=0), 1)
        theta = structure.start(_definite(sigma))
        if np.linalg.eigvalsh(structure.matrix(theta))[0] <= 0:
            theta = structure.start(np.diag(np.diag(sigma)))
        starts.append(theta)
    return np.concatenate(starts)


def _definite(sigma: Array) -> Array:
    """The matrix with its correlations drawn together until it is safely positive definite."""
    deviation = np.sqrt(np.maximum(np.diag(sigma), 1e-6 * np.diag(sigma).max()))
    correlation = sigma / np.outer(deviation, deviation)
    np.fill_diagonal(correlation, 1.0)
    least = float(np.linalg.eigvalsh(correlation)[0])
    keep = min(1.0, (1 - SMALLEST_START) / (1 - least)) if least < SMALLEST_START else 1.0
    drawn = keep * correlation + (1 - keep) * np.eye(len(sigma))
    return drawn * np.outer(deviation, deviation)
