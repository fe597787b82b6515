"""Runs a plan on data: plan + data → results, each with its provenance."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field

import pandas as pd

from analysis.dataset import checked
from analysis.faults import DataError
from analysis.formats import decimals, interval, level, number, p_phrase
from analysis.methods import ancova
from analysis.plan import Analysis, Plan

REHEARSAL = "blind rehearsal"
LABELS = ("prespecified", "post hoc", REHEARSAL)
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where results come from: the hashes of plan and data, what the run is, and the software's versions.

    `plan` and `data` name the files or the snapshot; `created` is a date as it should be printed.
    """

    plan: str
    plan_sha256: str
    data: str
    data_sha256: str
    label: str
    software: Mapping[str, str] = field(default_factory=dict)
    created: str = ""

    def __post_init__(self) -> None:
        if self.label not in LABELS:
            raise ValueError(f"label: must be one of {', '.join(LABELS)}")
        for key in ("plan_sha256", "data_sha256"):
            if not SHA256.fullmatch(getattr(self, key)):
                raise ValueError(f"{key}: must be 64 hexadecimal digits")


@dataclass(frozen=True, slots=True)
class Result:
    """The difference between an arm and the reference at a visit, in one analysis of the plan."""

    id: str
    role: str
    label: str
    outcome: str
    visit: str
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
    method: str
    covariates: tuple[str, ...]
    robust: str | None
    estimand: str
    direction: str
    status: str  # prespecified, post hoc or blind rehearsal


@dataclass(frozen=True, slots=True)
class Mean:
    """The adjusted mean of an arm at a visit, in one analysis of the plan."""

    id: str
    visit: str
    arm: str
    estimate: float
    se: float
    df: float
    lower: float
    upper: float
    n: int


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that a plan gave."""

    title: str
    alpha: float
    results: tuple[Result, ...]
    means: tuple[Mean, ...]
    provenance: Provenance

    @property
    def primary(self) -> tuple[Result, ...]:
        """The primary result: one for each arm that is compared with the reference."""
        return self.of("primary")

    def of(self, *roles: str) -> tuple[Result, ...]:
        """The results of these roles, in the plan's order."""
        return tuple(result for result in self.results if result.role in roles)

    def mean(self, result: Result, arm: str) -> Mean:
        """The adjusted mean of an arm in the model that a result is from."""
        key = (result.id, result.visit, arm)
        return next(mean for mean in self.means if (mean.id, mean.visit, mean.arm) == key)

    def digits(self, outcome: str) -> int:
        """The decimals to print for an outcome: the same in all its results."""
        return decimals(max(result.se for result in self.results if result.outcome == outcome))

    def to_dict(self) -> dict[str, object]:
        """Plain values, fit for JSON."""
        return asdict(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a result."""
        return pd.DataFrame([asdict(result) for result in self.results])


Found = ancova.Ancova
Method = Callable[[pd.DataFrame, Plan, Analysis], Found]


def run(plan: Plan, data: pd.DataFrame, provenance: Provenance) -> Results:
    """Every analysis of the plan, in its order; `DataError` names the analysis that cannot be done."""
    frame = checked(plan, data, provenance.data)
    results: list[Result] = []
    means: list[Mean] = []
    for analysis in plan.analyses:
        try:
            found = METHODS[analysis.method](_rows(plan, analysis, frame), plan, analysis)
        except DataError as error:
            raise DataError(f"{provenance.data}: analysis {analysis.id}: {error}") from None
        results += [_result(analysis, row, provenance) for row in found.rows]
        means += [Mean(id=analysis.id, **asdict(mean)) for mean in found.means]
    return Results(plan.title, plan.alpha, tuple(results), tuple(means), provenance)


def primary_line(plan: Plan, results: Results) -> str:
    """The primary result in one line: adjusted difference, confidence interval, p, n."""
    return "; ".join(_sentence(plan, results, result) for result in results.primary)


def _sentence(plan: Plan, results: Results, result: Result) -> str:
    digits = results.digits(result.outcome)
    adjusted = "adjusted difference" if result.covariates else "difference"
    rehearsal = f"{REHEARSAL} on made-up arms, " if result.status == REHEARSAL else ""
    return (
        f"{rehearsal}{result.label} at {plan.label(result.visit)}, "
        f"{plan.label(result.arm)} less {plan.label(result.reference)}: "
        f"{adjusted} {number(result.estimate, digits, '-')} "
        f"({level(results.alpha)} CI {interval(result.lower, result.upper, digits, '-')}), "
        f"{p_phrase(result.p)}, n = {result.n}"
    )


def _rows(plan: Plan, analysis: Analysis, frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame[plan.data.visit].isin(plan.visits_of(analysis))]


def _result(analysis: Analysis, row: ancova.Contrast, provenance: Provenance) -> Result:
    told = asdict(analysis)
    kept = ("id", "role", "label", "outcome", "method", "covariates", "robust", "estimand", "direction")
    return Result(**{**asdict(row), **{key: told[key] for key in kept}}, status=provenance.label)


def _ancova(data: pd.DataFrame, plan: Plan, analysis: Analysis) -> Found:
    return ancova.fit(
        data,
        outcome=analysis.outcome,
        arm=plan.data.arm,
        reference=plan.data.reference,
        covariates=analysis.covariates,
        visit=plan.data.visit,
        participant=plan.data.participant,
        robust=analysis.robust,
        alpha=plan.alpha,
    )


METHODS: Mapping[str, Method] = {"ancova": _ancova}
