"""Reads a dataset from outside, and checks that it is what the plan says: one row a participant and visit."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import pandas as pd

from analysis.faults import DataError, shown
from analysis.plan import Plan

if TYPE_CHECKING:
    from pandas import Series as Column

__all__ = ["MISSING", "DataError", "checked", "parse", "read"]

MISSING = frozenset({"", "NA", "NaN", "."})  # what R, Python and SAS write where there is no value
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
HEADING = 1  # the row that a fault of a whole column names


def read(path: Path, plan: Plan) -> pd.DataFrame:
    """The checked dataset of a CSV file; `DataError` is one line, `file:row: field: reason`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path.name}: cannot be read: {error.strerror}") from None
    return parse(data, plan, path.name)


def parse(data: bytes, plan: Plan, source: str) -> pd.DataFrame:
    """The checked dataset that a CSV file's bytes hold. Its index is the line in the file."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        raise DataError(f"{source}:{row}: encoding: is not UTF-8; save the file as UTF-8") from None
    lines = _lines(text, source)
    _, heading = next(lines, (HEADING, []))
    _check_heading(heading, plan, source)
    rows = [(line, cells) for line, cells in lines]
    for line, cells in rows:
        if len(cells) != len(heading):
            reason = (
                f"has {len(cells)} cells, the heading has {len(heading)}; quote a cell that holds a comma"
            )
            raise DataError(f"{source}:{line}: row: {reason}")
    frame = pd.DataFrame(
        [[None if cell.strip() in MISSING else cell.strip() for cell in cells] for _, cells in rows],
        columns=heading,
        index=[line for line, _ in rows],
        dtype=object,
    )
    return checked(plan, frame, source)


def checked(plan: Plan, data: pd.DataFrame, source: str = "data") -> pd.DataFrame:
    """The plan's columns of a data frame: codes as text, numbers as numbers, every promise of the plan kept.

    Visits and arms are ordered categories. What was checked once is not altered by a second time.
    """
    return _Check(plan, source)(data)


def _lines(text: str, source: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line that it begins on; blank lines are left out."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = HEADING
    try:
        for cells in reader:
            if cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"{source}:{line}: row: is not CSV: {error}") from None


def _check_heading(heading: Sequence[str], plan: Plan, source: str) -> None:
    if not heading:
        raise DataError(f"{source}:{HEADING}: heading: the file is empty; its first row names the columns")
    for name in plan.columns:
        if name not in heading:
            raise DataError(f"{source}:{HEADING}: {name}: the plan names this column, the file has none such")
        if heading.count(name) > 1:
            raise DataError(f"{source}:{HEADING}: {name}: two columns have this name; rename one")


class _Check:
    """The checks of one dataset against its plan; calling it gives the typed copy."""

    def __init__(self, plan: Plan, source: str) -> None:
        self.plan, self.columns, self.source = plan, plan.data, source

    def __call__(self, data: pd.DataFrame) -> pd.DataFrame:
        _check_heading(list(data.columns), self.plan, self.source)
        if data.empty:
            self._refuse(HEADING, "rows", "there are none; one row a participant and visit is needed")
        typed = pd.DataFrame({name: self._typed(data[name]) for name in self.plan.columns}, index=data.index)
        self._codes(typed)
        self._once(typed)
        self._constant(typed)
        self._arms(typed)
        for outcome in self.plan.outcomes:
            if typed[outcome].isna().all():
                self._refuse(HEADING, outcome, "has no value at all")
        order = {self.columns.visit: self.columns.visits, self.columns.arm: tuple(self.columns.arms)}
        for name, codes in order.items():
            typed[name] = pd.Categorical(typed[name], categories=list(codes), ordered=True)
        return typed

    def _refuse(self, row: object, field: str, reason: str) -> NoReturn:
        raise DataError(f"{self.source}:{row}: {field}: {reason}")

    # One column at a time -----------------------------------------------------------------------------

    def _typed(self, column: Column[Any]) -> Column[Any]:
        """Codes as text; another column as numbers if each of its values is one, as text if none is."""
        name = str(column.name)
        values = pd.Series([_cell(value) for value in column], index=column.index, dtype=object)
        if name in self.columns.classes:
            return values
        is_number = values.map(_is_number)
        if name in self.plan.outcomes or (is_number & values.notna()).any():
            return self._numbers(name, values, is_number)
        return values

    def _numbers(self, name: str, values: Column[Any], is_number: Column[bool]) -> Column[float]:
        wrong = values.index[values.notna() & ~is_number]
        if len(wrong):
            hint = (
                ""
                if name in self.plan.outcomes
                else ", the rest of the column is; else name it in data.categorical"
            )
            self._refuse(wrong[0], name, f"{shown(values[wrong[0]])} is not a number{hint}")
        return values.map(lambda value: np.nan if value is None else float(value)).astype(float)

    # What the plan promises ---------------------------------------------------------------------------

    def _codes(self, data: pd.DataFrame) -> None:
        """No participant, visit or arm is missing; visits and arms are the plan's."""
        known = {
            self.columns.participant: None,
            self.columns.visit: self.columns.visits,
            self.columns.arm: tuple(self.columns.arms),
        }
        for name, codes in known.items():
            for row, value in data[name].items():
                if value is None:
                    self._refuse(row, name, "is missing")
                if codes is not None and value not in codes:
                    self._refuse(row, name, f"{shown(value)} is not in the plan; known: {', '.join(codes)}")

    def _once(self, data: pd.DataFrame) -> None:
        keys = [self.columns.participant, self.columns.visit]
        twice = data[data.duplicated(keys)]
        if len(twice):
            who, when = twice[keys].iloc[0]
            reason = f"{shown(who)} has a second row at {shown(when)}; keep one"
            self._refuse(twice.index[0], self.columns.participant, reason)

    def _constant(self, data: pd.DataFrame) -> None:
        """Arm and site, and without a baseline visit the baseline too, do not change within a participant."""
        site = [] if self.columns.site is None else [self.columns.site]
        baseline = [] if self.columns.baseline_visit else self.columns.baseline
        for name in (self.columns.arm, *site, *baseline):
            first = data.groupby(self.columns.participant)[name].transform("first")
            differs = data.index[data[name].notna() & (data[name] != first)]
            if len(differs):
                row = differs[0]
                here, before = (shown(_cell(values[row])) for values in (data[name], first))
                reason = f"is {here}, but {before} in the participant's first row"
                self._refuse(row, name, reason)

    def _arms(self, data: pd.DataFrame) -> None:
        for arm in self.columns.arms:
            if not (data[self.columns.arm] == arm).any():
                self._refuse(HEADING, self.columns.arm, f"no participant is in arm {shown(arm)} of the plan")


def _cell(value: object) -> object:
    """Text as text, a whole number without its point, whatever stands for missing as None."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _is_number(value: object) -> bool:
    return isinstance(value, str) and NUMBER.fullmatch(value) is not None
