"""What a fit of the model for repeated measures says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import numpy as np
import pandas as pd

from analysis.faults import DataError, shown
from analysis.methods.linear import Array
from analysis.methods.mmrm.inference import Fitted


@dataclass(frozen=True, slots=True)
class Contrast:
    """An arm less the reference, at a visit or over several."""

    visit: str
    arm: str
    reference: str
    estimate: float
    se: float
    df: float
    lower: float
    upper: float
    p: float


@dataclass(frozen=True, slots=True)
class LsMean:
    """An arm's adjusted mean, at a visit or over several."""

    visit: str
    arm: str
    estimate: float
    se: float
    df: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient, named as R names it."""

    term: str
    estimate: float
    se: float
    df: float
    lower: float
    upper: float
    p: float


@dataclass(frozen=True, slots=True, repr=False)
class Mmrm:
    """What was fitted; it prints as the table of its contrasts.

    `structure` is the covariance structure that was fitted, `failures` says why those named before it were
    not; `converged` tells whether the first one was. `loglik` is restricted if `reml`; `aic` and `bic` count
    the `parameters` of the covariance, `bic` with the number of participants (as R's mmrm does).
    """

    rows: tuple[Contrast, ...]
    means: tuple[LsMean, ...]
    terms: tuple[Coefficient, ...]
    structure: str
    failures: tuple[str, ...]
    df: str
    reml: bool
    loglik: float
    parameters: int
    participants: int
    observations: int
    steps: int
    _fitted: Fitted = field(compare=False)
    _alpha: float
    _observed: bool
    _by_arm: bool
    _baseline: str | None

    @property
    def converged(self) -> bool:
        """Whether the first structure named was fitted."""
        return not self.failures

    @property
    def aic(self) -> float:
        return -2 * self.loglik + 2 * self.parameters

    @property
    def bic(self) -> float:
        return -2 * self.loglik + self.parameters * float(np.log(self.participants))

    @property
    def contrasts(self) -> pd.DataFrame:
        """One row a visit and arm: the difference from the reference."""
        return pd.DataFrame([asdict(row) for row in self.rows])

    @property
    def lsmeans(self) -> pd.DataFrame:
        """One row a visit and arm: the adjusted mean."""
        return pd.DataFrame([asdict(mean) for mean in self.means])

    @property
    def coefficients(self) -> pd.DataFrame:
        """One row a coefficient."""
        return pd.DataFrame([asdict(term) for term in self.terms])

    @property
    def covariance(self) -> pd.DataFrame:
        """The visits' covariance matrix; if each arm has its own, one below the other."""
        rows = self._fitted.layout.rows
        sigma = self._fitted.layout.scale**2 * self._fitted.maximum.sigma
        visits = pd.Index(rows.visits, name="visit")
        if not self._by_arm:
            return pd.DataFrame(sigma[0], index=visits, columns=visits)
        keys = pd.MultiIndex.from_product([rows.arms, rows.visits], names=["arm", "visit"])
        return pd.DataFrame(sigma.reshape(-1, len(visits)), index=keys, columns=visits)

    def average(self, weights: Mapping[str, float], label: str = "average") -> pd.DataFrame:
        """Each arm's difference from the reference in a weighted sum of visits.

        `{"W6": 0.5, "W12": 0.5}` averages two visits, `{"W12": 1, "W6": -1}` asks how the difference changes.
        """
        found = [
            _contrast(
                self._fitted, label, arm, self._over(weights, arm) - self._over(weights, None), self._alpha
            )
            for arm in self._fitted.layout.rows.arms[1:]
        ]
        return pd.DataFrame([asdict(row) for row in found])

    def average_means(self, weights: Mapping[str, float], label: str = "average") -> pd.DataFrame:
        """Each arm's adjusted mean in a weighted sum of visits."""
        found = [
            _mean(self._fitted, label, arm, self._over(weights, arm), self._alpha)
            for arm in self._fitted.layout.rows.arms
        ]
        return pd.DataFrame([asdict(row) for row in found])

    def _over(self, weights: Mapping[str, float], arm: str | None) -> Array:
        layout = self._fitted.layout
        for visit, weight in weights.items():
            if visit not in layout.rows.visits:
                raise DataError(f"visit {shown(visit)} is not among {', '.join(layout.rows.visits)}")
            if not np.isfinite(weight):
                raise DataError(f"the weight of visit {shown(visit)} is not a finite number; correct it")
        if not any(weights.values()):
            raise DataError("no visit has a weight; give one at least")
        chosen = layout.rows.arms[0] if arm is None else arm
        parts = [
            weight * layout.weights(chosen, visit, self._observed)
            for visit, weight in weights.items()
            if weight
        ]
        total: Array = np.sum(parts, axis=0)
        return total

    def to_frame(self) -> pd.DataFrame:
        """The contrasts."""
        return self.contrasts

    def to_dict(self) -> dict[str, object]:
        """Everything as plain values."""
        return {
            "contrasts": [asdict(row) for row in self.rows],
            "lsmeans": [asdict(mean) for mean in self.means],
            "coefficients": [asdict(term) for term in self.terms],
            "covariance": self.covariance.to_numpy().tolist(),
            "structure": self.structure,
            "failures": list(self.failures),
            "df": self.df,
            "loglik": self.loglik,
            "aic": self.aic,
            "bic": self.bic,
            "converged": self.converged,
            "participants": self.participants,
            "observations": self.observations,
        }

    def __repr__(self) -> str:
        table = self.contrasts.to_string(index=False, na_rep="", float_format=lambda value: f"{value:.4g}")
        return "\n".join([*self.failures, table])


def tables(
    fitted: Fitted, alpha: float, observed: bool, baseline: str | None
) -> tuple[tuple[Contrast, ...], tuple[LsMean, ...], tuple[Coefficient, ...]]:
    """Contrasts, LS means and coefficients; no contrast at a baseline that holds the arms equal."""
    layout = fitted.layout
    visits, arms = layout.rows.visits, layout.rows.arms
    looks = {(visit, arm): layout.weights(arm, visit, observed) for visit in visits for arm in arms}
    rows = tuple(
        _contrast(fitted, visit, arm, looks[visit, arm] - looks[visit, arms[0]], alpha)
        for visit in visits
        if visit != baseline
        for arm in arms[1:]
    )
    means = tuple(_mean(fitted, visit, arm, look, alpha) for (visit, arm), look in looks.items())
    terms = tuple(
        Coefficient(term, **asdict(fitted.combine(weights, alpha)))
        for term, weights in zip(layout.labels, layout.back, strict=True)
    )
    return rows, means, terms


def _contrast(fitted: Fitted, visit: str, arm: str, weights: Array, alpha: float) -> Contrast:
    reference = fitted.layout.rows.arms[0]
    return Contrast(visit, arm, reference, **asdict(fitted.combine(weights, alpha)))


def _mean(fitted: Fitted, visit: str, arm: str, weights: Array, alpha: float) -> LsMean:
    found = fitted.combine(weights, alpha)
    return LsMean(visit, arm, found.estimate, found.se, found.df, found.lower, found.upper)
