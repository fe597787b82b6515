"""Sandwich covariances: right for large trials even if the covariance structure is not.

CR0 is that of Liang and Zeger (1986); CR2 (Bell and McCaffrey 2002) and CR3 (the jackknife without its factor
(n - 1)/n) correct each participant's residuals for their leverage. A participant is a cluster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from analysis.faults import DataError
from analysis.methods.linear import Array
from analysis.methods.mmrm.layout import Layout
from analysis.methods.mmrm.likelihood import Point
from analysis.methods.mmrm.sums import Patterns

ALONE = 1e-9  # an eigenvalue of I - H below it: the participant determines a coefficient


@dataclass(frozen=True, slots=True, eq=False)
class Sandwich:
    """The covariance, and what its degrees of freedom need of each participant."""

    covariance: Array
    bread: Array
    corrected: Array  # participants by visits by coefficients: the whitened rows of X, corrected for leverage
    reached: Array  # participants by coefficients by coefficients: X'S⁻½ times the corrected rows

    def df(self, weights: Array) -> float:
        """Bell and McCaffrey's: tr(G)²/tr(G²), G the variance of the sandwich's parts under the model."""
        seen = self.bread @ weights
        own = self.corrected @ seen
        square = np.sum(own**2, axis=1)
        shared = self.reached @ seen
        taken = np.sum((shared @ self.bread) * shared, axis=1)
        between = shared.T @ shared @ self.bread
        trace = np.sum(square - taken)
        squared = np.sum(square**2) - 2 * np.sum(square * taken) + np.trace(between @ between)
        return float(trace**2 / squared)


def sandwich(kind: str, layout: Layout, patterns: Patterns, point: Point) -> Sandwich:
    """The sandwich of that kind, one of `KINDS`."""
    rows, x = layout.rows, layout.matrix()
    spread = np.zeros((rows.participants, len(rows.visits), x.shape[1] + 1))
    spread[rows.participant, rows.visit] = np.column_stack((x, layout.outcome()))
    white = point.root[patterns.of] @ spread
    design, left = white[:, :, :-1], white @ point.residual
    hat = design @ point.covariance @ design.transpose(0, 2, 1)
    corrected = KINDS[kind](np.eye(len(rows.visits)) - hat) @ design
    scores = np.einsum("iva,iv->ia", corrected, left)
    covariance = point.covariance @ (scores.T @ scores) @ point.covariance
    return Sandwich(covariance, point.covariance, corrected, design.transpose(0, 2, 1) @ corrected)


# From I - H of each participant to the factor that its rows get


def _cr0(room: Array) -> Array:
    return np.broadcast_to(np.eye(room.shape[1]), room.shape)


def _cr2(room: Array) -> Array:
    values, vectors = np.linalg.eigh(room)
    powers = np.where(values > ALONE, 1 / np.sqrt(np.maximum(values, ALONE)), 0.0)
    return np.asarray((vectors * powers[:, None]) @ vectors.transpose(0, 2, 1), dtype=np.float64)


def _cr3(room: Array) -> Array:
    if np.linalg.eigvalsh(room).min() < ALONE:
        raise DataError("CR3 is not defined: a participant alone determines a coefficient; use CR0 or CR2")
    return np.asarray(np.linalg.inv(room), dtype=np.float64)


KINDS: Mapping[str, Callable[[Array], Array]] = {"CR0": _cr0, "CR2": _cr2, "CR3": _cr3}
