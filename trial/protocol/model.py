"""The whole protocol: its parts, what must hold between them, and what the rest asks of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass
from datetime import date
from itertools import product
from math import prod
from typing import Protocol as Shape
from typing import TypeVar

from trial.protocol.faults import shown
from trial.protocol.parts import (
    Arm,
    Consent,
    Criterion,
    Debriefing,
    Estimand,
    Factor,
    RedFlag,
    Site,
    Study,
)
from trial.protocol.randomization import Randomization
from trial.protocol.rules import distinct, filled, require
from trial.protocol.schedule import Visit, Window, check_order

FORMAT = 1
SITE = "site"  # what stratify_by calls the sites
MOST_COMBINATIONS = 1_000  # of levels; no stratum need be filled, but a report simulates them all
LONGEST_STRATUM = 200  # characters of its canonical JSON: the width of the column that keeps it


class _HasCode(Shape):
    @property
    def code(self) -> str: ...


C = TypeVar("C", bound=_HasCode)


@dataclass(frozen=True, slots=True)
class Protocol:
    """A trial as its file defines it. `plan` is kept as it was read; `analysis.plan` understands it."""

    format: int
    study: Study
    sites: tuple[Site, ...]
    arms: tuple[Arm, ...]
    eligibility: tuple[Criterion, ...]
    red_flags: tuple[RedFlag, ...]
    consent: Consent
    randomization: Randomization
    visits: tuple[Visit, ...]
    estimands: tuple[Estimand, ...]
    plan: Mapping[str, object]
    debriefing: Debriefing
    sha256: str  # of the file's bytes; no key of the file
    factors: tuple[Factor, ...] = ()

    def __post_init__(self) -> None:
        require(self.format == FORMAT, "format", f"must be {FORMAT}")
        self._check_lists()
        self._check_arms()
        check_order(self.visits)
        self._check_factors()
        self._check_strata()

    # What must hold between the parts ---------------------------------------------------------------

    def _check_lists(self) -> None:
        for key in ("sites", "eligibility", "red_flags", "estimands", "plan"):
            filled(key, getattr(self, key))
        distinct("sites", [site.code for site in self.sites], "code")
        distinct("eligibility", [criterion.id for criterion in self.eligibility], "id")
        distinct("red_flags", [flag.id for flag in self.red_flags], "id")
        distinct("estimands", [estimand.id for estimand in self.estimands], "id")
        require(
            "estimands" not in self.plan, "plan.estimands", "must stand outside the plan, as [[estimands]]"
        )
        require(bool(self.inclusion), "eligibility", "there is no inclusion criterion; give at least one")

    def _check_arms(self) -> None:
        require(len(self.arms) >= 2, "arms", "must be two or more")
        distinct("arms", [arm.code for arm in self.arms], "code")
        distinct("arms", [arm.label for arm in self.arms], "label")
        references = sum(arm.reference for arm in self.arms)
        require(
            references == 1, "arms", f"{references} are the reference; exactly one must have reference = true"
        )
        share = sum(arm.ratio for arm in self.arms)
        for index, size in enumerate(self.randomization.block_sizes or ()):
            key = f"randomization.block_sizes[{index}]"
            require(size % share == 0, key, f"must be a multiple of {share}, the sum of the arms' ratio")

    def _check_factors(self) -> None:
        distinct("factors", [factor.code for factor in self.factors], "code")
        known = {SITE, *(factor.code for factor in self.factors)}
        for index, code in enumerate(self.randomization.stratify_by):
            key = f"randomization.stratify_by[{index}]"
            require(code in known, key, f'{shown(code)} is neither "site" nor the code of a factor')
        for index, factor in enumerate(self.factors):
            used = factor.code in self.randomization.stratify_by
            require(
                used,
                f"factors[{index}].code",
                "is not in randomization.stratify_by; add it or drop the factor",
            )
            reason = f"must be {self.baseline.code}, the visit before the randomization"
            require(factor.visit == self.baseline.code, f"factors[{index}].visit", reason)

    def _check_strata(self) -> None:
        count = prod(len(codes) for codes in self.factor_levels.values())
        key = "randomization.stratify_by"
        if self.randomization.is_minimization:
            reason = f"makes {count} combinations of levels; {MOST_COMBINATIONS} or fewer can be foreseen"
            require(count <= MOST_COMBINATIONS, key, reason)
        else:
            reason = (
                f"makes {count} strata for {self.study.planned} participants; use fewer or coarser factors"
            )
            require(count <= self.study.planned, key, reason)
        longest = {code: max(codes, key=len) for code, codes in self.factor_levels.items()}
        fits = len(json.dumps(longest, separators=(",", ":"))) <= LONGEST_STRATUM
        require(fits, key, "the codes of the factors and their levels are too long together; shorten them")

    # What the rest asks -----------------------------------------------------------------------------

    @property
    def is_live(self) -> bool:
        """Whether real people take part; all else is marked wherever it shows."""
        return self.study.kind == "live"

    @property
    def reference_arm(self) -> Arm:
        return next(arm for arm in self.arms if arm.reference)

    @property
    def inclusion(self) -> tuple[Criterion, ...]:
        return tuple(criterion for criterion in self.eligibility if criterion.kind == "inclusion")

    @property
    def exclusion(self) -> tuple[Criterion, ...]:
        return tuple(criterion for criterion in self.eligibility if criterion.kind == "exclusion")

    @property
    def baseline(self) -> Visit:
        """The one visit before the randomization, which is the first."""
        return self.visits[0]

    @property
    def follow_ups(self) -> tuple[Visit, ...]:
        """The visits after the randomization, in their order."""
        return tuple(visit for visit in self.visits if not visit.is_baseline)

    def arm(self, code: str) -> Arm:
        """The arm of this code; `KeyError` when there is none."""
        return _by_code(self.arms, code)

    def site(self, code: str) -> Site:
        """The site of this code; `KeyError` when there is none."""
        return _by_code(self.sites, code)

    def visit(self, code: str) -> Visit:
        """The visit of this code; `KeyError` when there is none."""
        return _by_code(self.visits, code)

    def factor(self, code: str) -> Factor:
        """The stratification factor of this code; `KeyError` when there is none."""
        return _by_code(self.factors, code)

    def level_of(self, factor: str, score: float) -> str:
        """The code of the factor's level that a score belongs to."""
        return self.factor(factor).level_of(score)

    def instruments_at(self, visit: str) -> tuple[str, ...]:
        """The codes of the questionnaires of a visit, in their order."""
        return self.visit(visit).instruments

    def window(self, visit: str, anchor: date) -> Window:
        """When a visit opens, is due and closes, if its anchor was on this date."""
        return self.visit(visit).window(anchor)

    @property
    def factor_levels(self) -> dict[str, list[str]]:
        """By stratification factor, in the protocol's order, the codes of its levels."""
        return {
            code: [part.code for part in (self.sites if code == SITE else self.factor(code).levels)]
            for code in self.randomization.stratify_by
        }

    def strata(self) -> tuple[dict[str, str], ...]:
        """Every combination of levels, the last factor's changing fastest; one empty one without factors."""
        levels = self.factor_levels
        return tuple(dict(zip(levels, codes, strict=True)) for codes in product(*levels.values()))

    @property
    def plan_tables(self) -> dict[str, object]:
        """The analysis plan with its estimands, in fresh tables as `analysis.plan.parse` takes them."""
        return {**deepcopy(dict(self.plan)), "estimands": [_table(estimand) for estimand in self.estimands]}


def _by_code(parts: Sequence[C], code: str) -> C:
    return {part.code: part for part in parts}[code]


def _table(estimand: Estimand) -> dict[str, object]:
    return {**asdict(estimand), "intercurrent": [asdict(event) for event in estimand.intercurrent]}
