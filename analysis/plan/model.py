"""The analysis plan: which columns, which analyses, which estimands. Frozen, and checked when it is made."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from analysis.faults import Fault, shown
from analysis.methods import NAMES as METHODS
from analysis.methods import ROBUST

ROLES = ("primary", "secondary", "sensitivity", "supplementary")
DIRECTIONS = ("lower is better", "higher is better")
STRATEGIES = ("treatment policy", "hypothetical", "composite", "while on treatment", "principal stratum")
ATTRIBUTES = "treatment, population, variable, intercurrent events and summary"
ALL = "all"  # as the visit of an analysis: every visit after the baseline


@dataclass(frozen=True, slots=True)
class Intercurrent:
    """An event after randomization that changes what the outcome means, and how it is dealt with."""

    event: str
    strategy: str

    def __post_init__(self) -> None:
        _known("strategy", self.strategy, STRATEGIES, "strategy")


@dataclass(frozen=True, slots=True)
class Estimand:
    """What is to be estimated, by the five attributes of ICH E9(R1)."""

    id: str
    treatment: str
    population: str
    variable: str
    intercurrent: tuple[Intercurrent, ...]
    summary: str

    def __post_init__(self) -> None:
        _filled("intercurrent", self.intercurrent)


@dataclass(frozen=True, slots=True)
class DataColumns:
    """What the columns of the dataset are: one row a participant and visit.

    `arms` are labels by code, in the order of the report; `labels` are for columns and visits; `days` place
    the visits on the axis of time; `categorical` columns are classes though they are written as numbers.
    """

    participant: str
    visit: str
    visits: tuple[str, ...]
    arm: str
    reference: str
    arms: Mapping[str, str]
    baseline_visit: str | None = None
    site: str | None = None
    baseline: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _filled("visits", self.visits)
        for key in ("visits", "baseline", "categorical"):
            _distinct(key, getattr(self, key))
        if ALL in self.visits:
            raise Fault("visits", f'no visit may be called "{ALL}"')
        if len(self.arms) < 2:
            raise Fault("arms", "must be two or more")
        _distinct("arms", tuple(self.arms.values()))
        _known("reference", self.reference, self.arms, "arm")
        if self.baseline_visit is not None:
            _known("baseline_visit", self.baseline_visit, self.visits, "visit")
        if not self.follow_ups:
            raise Fault("visits", "there must be a visit after the baseline")
        self._check_names()

    def _check_names(self) -> None:
        keys = ("participant", "visit", "arm", "site")
        names = [getattr(self, key) for key in keys]
        for index, name in enumerate(names):
            if name is not None and name in names[:index]:
                raise Fault(keys[index], f"column {shown(name)} already stands for something else")
        if self.days and set(self.days) != set(self.visits):
            raise Fault("days", "must give the day of each visit, or of none")

    @property
    def follow_ups(self) -> tuple[str, ...]:
        """The visits after the baseline, in the plan's order."""
        return tuple(visit for visit in self.visits if visit != self.baseline_visit)

    @property
    def active(self) -> tuple[str, ...]:
        """The arms that are compared with the reference, in the plan's order."""
        return tuple(arm for arm in self.arms if arm != self.reference)

    @property
    def classes(self) -> frozenset[str]:
        """The columns whose values are codes, also where they are written as numbers."""
        always = (self.participant, self.visit, self.arm, *self.categorical)
        return frozenset(always if self.site is None else (*always, self.site))

    def label(self, name: str) -> str:
        """What a column, visit or arm is called on paper."""
        return self.arms.get(name) or self.labels.get(name, name)


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis of the plan: an outcome at a visit, or at all, by a method."""

    id: str
    role: str
    estimand: str
    outcome: str
    label: str
    direction: str
    visit: str
    method: str
    covariates: tuple[str, ...] = ()
    robust: str | None = None

    def __post_init__(self) -> None:
        _known("role", self.role, ROLES, "role")
        _known("direction", self.direction, DIRECTIONS, "direction")
        _known("method", self.method, METHODS, "method")
        if self.robust is not None:
            _known("robust", self.robust, ROBUST, "standard error")
        _distinct("covariates", self.covariates)
        if self.outcome in self.covariates:
            raise Fault("covariates", f"{shown(self.outcome)} is the outcome itself")
        if self.role == "primary" and self.visit == ALL:
            raise Fault("visit", "the primary analysis is of one visit; name it")


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan, consistent in itself: exactly one primary analysis, each with a complete estimand."""

    title: str
    alpha: float
    data: DataColumns
    analyses: tuple[Analysis, ...]
    estimands: tuple[Estimand, ...]

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            raise Fault("alpha", "must lie between 0 and 1, such as 0.05")
        for key in ("analyses", "estimands"):
            _filled(key, getattr(self, key))
            _distinct(key, tuple(part.id for part in getattr(self, key)), ".id")
        for index, analysis in enumerate(self.analyses):
            self._check(f"analyses[{index}]", analysis)
        primaries = sum(analysis.role == "primary" for analysis in self.analyses)
        if primaries != 1:
            raise Fault("analyses", f"{primaries or 'none'} of them primary; there must be exactly one")

    def _check(self, path: str, analysis: Analysis) -> None:
        estimands = tuple(estimand.id for estimand in self.estimands)
        _known(f"{path}.estimand", analysis.estimand, estimands, "estimand")
        _known(f"{path}.visit", analysis.visit, (*self.data.follow_ups, ALL), "visit after the baseline")
        columns = self.data
        taken = {columns.participant, columns.visit, columns.arm}
        for key, name in [
            ("outcome", analysis.outcome),
            *(("covariates", each) for each in analysis.covariates),
        ]:
            if name in taken:
                raise Fault(f"{path}.{key}", f"column {shown(name)} already stands for something else")
        if analysis.outcome in columns.classes:
            raise Fault(f"{path}.outcome", f"column {shown(analysis.outcome)} is not a number")
        if analysis.role == "sensitivity" and analysis.estimand not in self._main_estimands:
            reason = (
                "a sensitivity analysis has the estimand of a primary or secondary one; this is supplementary"
            )
            raise Fault(f"{path}.role", reason)

    @property
    def _main_estimands(self) -> set[str]:
        return {each.estimand for each in self.analyses if each.role in ("primary", "secondary")}

    @property
    def primary(self) -> Analysis:
        return next(analysis for analysis in self.analyses if analysis.role == "primary")

    def analysis(self, id: str) -> Analysis:
        """The analysis of this id; `KeyError` when there is none."""
        return {analysis.id: analysis for analysis in self.analyses}[id]

    def estimand(self, id: str) -> Estimand:
        """The estimand of this id; `KeyError` when there is none."""
        return {estimand.id: estimand for estimand in self.estimands}[id]

    def visits_of(self, analysis: Analysis) -> tuple[str, ...]:
        """The visits that an analysis looks at."""
        return self.data.follow_ups if analysis.visit == ALL else (analysis.visit,)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcome columns, each once, the primary one first."""
        return tuple(dict.fromkeys([self.primary.outcome, *(each.outcome for each in self.analyses)]))

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column of the dataset that the plan asks for, each once."""
        data = self.data
        covariates = [name for analysis in self.analyses for name in analysis.covariates]
        site = [] if data.site is None else [data.site]
        names = [data.participant, data.visit, data.arm, *site, *data.baseline, *self.outcomes, *covariates]
        return tuple(dict.fromkeys(names))

    def label(self, name: str) -> str:
        """What a column, visit or arm is called on paper; an outcome without a label, as its analysis."""
        told = self.data.label(name)
        named = [each.label for each in self.analyses if each.outcome == name]
        return named[0] if told == name and named else told


def _known(key: str, value: str, known: Collection[str], what: str) -> None:
    if value not in known:
        raise Fault(key, f"unknown {what} {shown(value)}; known: {', '.join(known)}")


def _filled(key: str, values: Sequence[object]) -> None:
    if not values:
        raise Fault(key, "is empty; give at least one")


def _distinct(key: str, values: Sequence[str], suffix: str = "") -> None:
    for index, value in enumerate(values):
        if value in values[:index]:
            raise Fault(f"{key}[{index}]{suffix}", f"{shown(value)} is there twice")
