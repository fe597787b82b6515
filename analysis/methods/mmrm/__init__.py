"""Mixed model for repeated measures: the difference between arms at each visit, all visits in one model.

The outcomes of a participant are multivariate normal: means by arm and visit, adjusted for covariates, and a
covariance matrix of the visits that is estimated too. What is missing is assumed missing at random given arm,
covariates and the outcomes that were seen. Held to R's mmrm in tests/oracles/.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.faults import DataError, shown
from analysis.methods.mmrm.inference import DF, KENWARD_ROGER, Fitted, kenward_roger
from analysis.methods.mmrm.layout import Layout, lay_out
from analysis.methods.mmrm.newton import Maximum, NotConverged, maximize
from analysis.methods.mmrm.result import Coefficient, Contrast, LsMean, Mmrm, tables
from analysis.methods.mmrm.robust import KINDS, sandwich
from analysis.methods.mmrm.rows import Names, complete_rows
from analysis.methods.mmrm.structures import NAMES as STRUCTURES
from analysis.methods.mmrm.structures import structure
from analysis.methods.mmrm.sums import Patterns, check_rank, sum_up

__all__ = ["Coefficient", "Contrast", "LsMean", "Mmrm", "fit"]

MODEL = "model"
MARGINS = ("equal", "observed")


def fit(
    data: pd.DataFrame,
    *,
    outcome: str,
    arm: str,
    reference: str,
    visit: str,
    participant: str,
    covariates: Sequence[str] = (),
    by_visit: Sequence[str] = (),
    covariance: str | Sequence[str] = "unstructured",
    by_arm: bool = False,
    df: str = "kenward-roger",
    robust: str | None = None,
    reml: bool = True,
    baseline: str | None = None,
    margins: str = "equal",
    alpha: float = 0.05,
) -> Mmrm:
    """Compare each arm with the reference at each visit.

    `covariates` have one slope, those in `by_visit` one a visit; a column that is not numeric is categorical.
    `covariance` is a structure's name, or several in the order in which to fall back when one does not
    converge; with `by_arm` each arm has a matrix of its own. `df` is one of satterthwaite, kenward-roger,
    kenward-roger-linear, between-within, residual. `robust` is CR0, CR2, CR3, "model" for the model's own
    covariance, or None for what R's mmrm takes: CR0 with df residual, the model's otherwise. `baseline`
    names a visit at which the arms are held equal (constrained longitudinal data analysis). LS means take
    numeric covariates at their mean over the model's rows and classes with equal weights, or with
    `margins="observed"` as often as in those rows. `DataError` says in one line what is wrong.
    """
    structures = _structures(covariance)
    kind = _kind(df, robust, reml, margins, alpha)
    names = Names(
        outcome,
        arm,
        reference,
        visit,
        participant,
        _list("covariates", covariates),
        _list("by_visit", by_visit),
        baseline,
    )
    layout, patterns = _prepare(data, names, by_arm)
    found, used, failures = _first(layout, patterns, structures, by_arm, reml)
    fitted = _infer(layout, patterns, found, df, kind)
    rows, means, terms = tables(fitted, alpha, margins == "observed", baseline)
    return Mmrm(
        rows=rows,
        means=means,
        terms=terms,
        structure=used,
        failures=failures,
        df=df,
        reml=reml,
        loglik=_loglik(layout, patterns, found, reml),
        parameters=len(found.theta),
        participants=layout.rows.participants,
        observations=patterns.sums.rows,
        steps=found.steps,
        _fitted=fitted,
        _alpha=alpha,
        _observed=margins == "observed",
        _by_arm=by_arm,
        _baseline=baseline,
    )


# What was asked ---------------------------------------------------------------------------------------


def _list(key: str, names: Sequence[str]) -> tuple[str, ...]:
    if isinstance(names, str):
        raise DataError(f"{key}: must be a list of column names")
    return tuple(names)


def _structures(covariance: str | Sequence[str]) -> tuple[str, ...]:
    named = (covariance,) if isinstance(covariance, str) else tuple(covariance)
    for name in named or ("",):
        if name not in STRUCTURES:
            raise DataError(f"covariance: {shown(name)} is not known; use {', '.join(STRUCTURES)}")
    return named


def _kind(df: str, robust: str | None, reml: bool, margins: str, alpha: float) -> str | None:
    """The sandwich to use, or None for the model's own covariance."""
    if df not in DF:
        raise DataError(f"df: {shown(df)} is not known; use {', '.join(DF)}")
    if robust not in (None, MODEL, *KINDS):
        raise DataError(f"robust: {shown(robust)} is not known; use {', '.join(KINDS)}, {MODEL} or None")
    if margins not in MARGINS:
        raise DataError(f"margins: {shown(margins)} is not known; use {' or '.join(MARGINS)}")
    if not 0 < alpha < 1:
        raise DataError("alpha: must lie between 0 and 1, such as 0.05")
    if df in KENWARD_ROGER and not reml:
        raise DataError(f"df: {df} needs the restricted likelihood; set reml or use satterthwaite")
    if df in KENWARD_ROGER and robust in KINDS:
        raise DataError(f"df: {df} has its own covariance; use satterthwaite with {robust}")
    if robust is None:
        return "CR0" if df == "residual" else None
    return None if robust == MODEL else robust


# The steps --------------------------------------------------------------------------------------------


def _prepare(data: pd.DataFrame, names: Names, by_arm: bool) -> tuple[Layout, Patterns]:
    """The model's columns and sums. `DataError` if the design is singular or nothing is left over."""
    rows = complete_rows(data, names)
    layout = lay_out(rows, names)
    count = len(layout.columns)
    if len(rows.visit) <= count:
        raise DataError(
            f"{names.outcome}: {len(rows.visit)} complete rows are too few for {count} coefficients;"
            " use fewer covariates"
        )
    patterns = sum_up(layout, by_arm)
    seen = patterns.sums.observed
    check_rank(layout, patterns.sums.cross(seen[:, :, None] * np.eye(seen.shape[1])))
    return layout, patterns


def _first(
    layout: Layout, patterns: Patterns, structures: tuple[str, ...], by_arm: bool, reml: bool
) -> tuple[Maximum, str, tuple[str, ...]]:
    """The first structure that converges, and why those before it did not."""
    groups = len(layout.rows.arms) if by_arm else 1
    failures: list[str] = []
    for name in structures:
        try:
            found = maximize(patterns.sums, structure(name, len(layout.rows.visits)), groups, reml)
            return found, name, tuple(failures)
        except NotConverged as reason:
            failures.append(f"covariance {name} did not converge: {reason}")
    raise DataError(f"{'; '.join(failures)}; name a simpler structure to fall back to")


def _infer(layout: Layout, patterns: Patterns, found: Maximum, df: str, kind: str | None) -> Fitted:
    if kind is not None:
        made = sandwich(kind, layout, patterns, found.point)
        return Fitted(layout, patterns, found, made.covariance, df, made)
    covariance = found.point.covariance
    if df in KENWARD_ROGER:
        covariance = kenward_roger(patterns, found, linear=df.endswith("linear"))
    return Fitted(layout, patterns, found, covariance, df, None)


def _loglik(layout: Layout, patterns: Patterns, found: Maximum, reml: bool) -> float:
    """In the data's units; the restricted one has the factor 2π for each row less each coefficient."""
    free = patterns.sums.rows - (len(layout.columns) if reml else 0)
    taken = -2 * float(np.linalg.slogdet(layout.back)[1]) if reml else 0.0
    return -(free * float(np.log(2 * np.pi * layout.scale**2)) + found.point.value + taken) / 2
