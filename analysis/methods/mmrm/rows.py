"""The rows that the model is fitted to, everything checked and coded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.faults import DataError, shown
from analysis.methods.ancova import _arms, _check_duplicates, _frame, _levels
from analysis.methods.linear import Array
from analysis.methods.mmrm.likelihood import Integers

if TYPE_CHECKING:
    from pandas import Series as Column


@dataclass(frozen=True, slots=True)
class Names:
    """Which column of the data is what."""

    outcome: str
    arm: str
    reference: str
    visit: str
    participant: str
    covariates: tuple[str, ...]
    by_visit: tuple[str, ...]  # a slope at each visit
    baseline: str | None  # the visit at which the arms are held equal

    @property
    def all_covariates(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.covariates, *self.by_visit)))


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """The complete rows, everything as codes and numbers."""

    visits: tuple[str, ...]
    arms: tuple[str, ...]  # the reference first
    participant: Integers
    visit: Integers
    arm_of: Integers  # participants
    outcome: Array
    frame: pd.DataFrame

    @property
    def participants(self) -> int:
        return len(self.arm_of)


def complete_rows(data: pd.DataFrame, names: Names) -> Rows:
    """The rows with outcome and covariates. `DataError` says which part of the data does not fit."""
    frame = _frame(data, names.outcome, [names.arm, names.visit, names.participant], names.all_covariates)
    everyone, all_visits = pd.factorize(frame[names.participant])[0], pd.factorize(frame[names.visit])[0]
    if len(np.unique(everyone * (all_visits.max(initial=0) + 1) + all_visits)) < len(frame):
        _check_duplicates(frame, names.participant, names.visit)
    arms = _arms(frame[names.arm], names.reference)
    complete = frame[[names.outcome, *names.all_covariates]].notna().all(axis=1).to_numpy()
    frame = frame[complete]
    if frame.empty:
        raise DataError(f"{names.outcome}: no row has outcome and covariates; check the data")
    visits = levels(frame[names.visit])
    visit, arm = codes(frame[names.visit], visits), codes(frame[names.arm], arms)
    _check_visits(names, visits)
    _check_cells(names, visit, arm, visits, arms)
    participant, people = pd.factorize(everyone[complete])
    outcome = frame[names.outcome].to_numpy(float)
    if np.ptp(outcome) == 0:
        raise DataError(f"{names.outcome}: is {outcome[0]:g} in every row; there is nothing to compare")
    arm_of = np.zeros(len(people), dtype=np.intp)
    arm_of[participant] = arm
    moved = np.flatnonzero(arm_of[participant] != arm)
    if len(moved):
        who = frame[names.participant].iloc[moved[0]]
        raise DataError(f"{names.participant}: {shown(who)} is in two arms; keep the one as randomized")
    return Rows(tuple(visits), arms, participant.astype(np.intp), visit, arm_of, outcome, frame)


def levels(column: Column[Any]) -> list[str]:
    """The values in the order of their categories, or else sorted."""
    return _levels(column)


def codes(column: Column[Any], levels: Sequence[str]) -> Integers:
    """The place of each value among the levels."""
    numbers, values = pd.factorize(column)
    place = {level: number for number, level in enumerate(levels)}
    return np.array([place[str(value)] for value in values], dtype=np.intp)[numbers]


def _check_visits(names: Names, visits: list[str]) -> None:
    if len(visits) < 2:
        raise DataError(
            f"{names.visit}: there is one visit only, {shown(visits[0])}; use ancova, which needs no more"
        )
    if names.baseline is not None and names.baseline not in visits:
        raise DataError(f"baseline: the visit {shown(names.baseline)} is not among {', '.join(visits)}")


def _check_cells(
    names: Names, visit: Integers, arm: Integers, visits: list[str], arms: tuple[str, ...]
) -> None:
    """An outcome of every arm at every visit."""
    filled = np.zeros((len(arms), len(visits)), dtype=bool)
    filled[arm, visit] = True
    for number, each in enumerate(arms):
        if not filled[number].any():
            raise DataError(
                f"{names.arm}: arm {shown(each)} has no row with outcome and covariates; check the data"
            )
    for a, v in np.argwhere(~filled):
        raise DataError(
            f"{names.arm}: arm {shown(arms[a])} has no row with outcome and covariates at visit"
            f" {shown(visits[v])}; leave the visit out"
        )
