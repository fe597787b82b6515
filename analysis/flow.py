"""The counts of the CONSORT 2025 flow diagram. Their arithmetic is checked when they are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field

import pandas as pd

from analysis.plan import Plan

Reasons = Mapping[str, int]  # a count for each reason

UNKNOWN_REASON = "No value of the primary outcome"
INCOMPLETE = "Covariate missing"


class FlowError(ValueError):
    """Counts that do not add up, and which."""


@dataclass(frozen=True, slots=True)
class ArmFlow:
    """What became of those allocated to an arm. `not_received` is None where receipt is not known."""

    arm: str
    label: str
    allocated: int
    analysed: int
    not_received: Reasons | None = None
    lost: Reasons = field(default_factory=dict)
    excluded: Reasons = field(default_factory=dict)

    def __post_init__(self) -> None:
        _counts(f"{self.arm}.allocated", [self.allocated, self.analysed])
        for reasons in (self.not_received or {}, self.lost, self.excluded):
            _counts(self.arm, reasons.values())
        ends = self.analysed + total(self.lost) + total(self.excluded)
        _equal(f"{self.arm}: allocated", self.allocated, "analysed, lost and excluded", ends)
        if total(self.not_received or {}) > self.allocated:
            raise FlowError(f"{self.arm}: more did not receive what they were allocated than were allocated")

    @property
    def received(self) -> int | None:
        """How many received what they were allocated to; None where that is not known."""
        return None if self.not_received is None else self.allocated - total(self.not_received)


@dataclass(frozen=True, slots=True)
class FlowCounts:
    """The whole diagram (domain.md 5.1). `assessed` is None for a dataset that begins at the randomization.

    `critical` are those with a critical finding, who were routed to clinical care instead.
    """

    randomized: int
    arms: tuple[ArmFlow, ...]
    assessed: int | None = None
    excluded: Reasons = field(default_factory=dict)
    critical: int = 0

    def __post_init__(self) -> None:
        _counts("randomized", [self.randomized, self.critical, *self.excluded.values()])
        _equal("randomized", self.randomized, "allocated", sum(arm.allocated for arm in self.arms))
        if self.assessed is not None:
            ends = total(self.excluded) + self.critical + self.randomized
            _equal("assessed", self.assessed, "excluded, critical findings and randomized", ends)
        elif self.excluded or self.critical:
            raise FlowError("assessed: is not given, so nobody can be excluded before the randomization")

    def to_dict(self) -> dict[str, object]:
        """Plain values, fit for JSON."""
        return asdict(self)


def from_data(
    plan: Plan,
    data: pd.DataFrame,
    *,
    assessed: int | None = None,
    excluded: Reasons | None = None,
    critical: int = 0,
    not_received: Mapping[str, str] | None = None,
    withdrawn: Mapping[str, str] | None = None,
) -> FlowCounts:
    """The counts of a checked dataset, up to the primary analysis.

    What happened before the randomization is given by `assessed`, `excluded` and `critical`. `not_received`
    and `withdrawn` give the reason by participant; without the latter, a lost one has no known reason.
    """
    columns, primary = plan.data, plan.primary
    people = data.drop_duplicates(columns.participant).set_index(columns.participant)[columns.arm]
    rows = data[data[columns.visit] == primary.visit].set_index(columns.participant)
    measured = set(rows.index[rows[primary.outcome].notna()])
    complete = set(rows.index[rows[[primary.outcome, *primary.covariates]].notna().all(axis=1)])
    arms = [
        _arm(plan, arm, set(people.index[people == arm]), measured, complete, not_received, withdrawn or {})
        for arm in columns.arms
    ]
    return FlowCounts(
        randomized=len(people),
        arms=tuple(arms),
        assessed=assessed,
        excluded=excluded or {},
        critical=critical,
    )


def total(reasons: Reasons) -> int:
    """All of them, whatever the reason."""
    return sum(reasons.values())


def _arm(
    plan: Plan,
    arm: str,
    people: set[str],
    measured: set[str],
    complete: set[str],
    not_received: Mapping[str, str] | None,
    withdrawn: Mapping[str, str],
) -> ArmFlow:
    return ArmFlow(
        arm=arm,
        label=plan.data.arms[arm],
        allocated=len(people),
        analysed=len(people & complete),
        not_received=None
        if not_received is None
        else _tally(not_received[who] for who in people & set(not_received)),
        lost=_tally(withdrawn.get(who, UNKNOWN_REASON) for who in people - measured),
        excluded=_tally(INCOMPLETE for _ in people & measured - complete),
    )


def _tally(reasons: Iterable[str]) -> dict[str, int]:
    """How often each reason, the commonest first."""
    counts = Counter(reasons)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _counts(what: str, values: Iterable[int]) -> None:
    if any(value < 0 for value in values):
        raise FlowError(f"{what}: a count cannot be negative")


def _equal(what: str, whole: int, parts: str, added: int) -> None:
    if whole != added:
        raise FlowError(f"{what} are {whole}, but {parts} add up to {added}")
