"""The sums over participants of one missingness pattern, and whether the columns depend on one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.faults import DataError, shown
from analysis.methods.linear import DEPENDENT, Array
from analysis.methods.mmrm.layout import Layout
from analysis.methods.mmrm.likelihood import Integers, Sums
from analysis.methods.mmrm.rows import Rows


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """The sums, and which pattern each participant has."""

    sums: Sums
    of: Integers  # participants


def sum_up(layout: Layout, by_arm: bool) -> Patterns:
    """The sums of each missingness pattern, of each arm apart if each has a matrix of its own."""
    rows = layout.rows
    numbers, source, mask, column = _parts(layout)
    seen = np.zeros((rows.participants, len(rows.visits)), dtype=bool)
    seen[rows.participant, rows.visit] = True
    group = rows.arm_of if by_arm else np.zeros(rows.participants, dtype=np.intp)
    keys = np.column_stack((np.packbits(seen, axis=1), group.astype(np.uint8)))
    _, first, of, counts = np.unique(keys, axis=0, return_index=True, return_inverse=True, return_counts=True)
    order = np.argsort(of, kind="stable")
    people = np.split(numbers[order], np.cumsum(counts)[:-1])
    gram = np.stack([own.T @ own for own in people])
    sums = Sums(
        counts=counts.astype(float),
        group=group[first],
        observed=seen[first].astype(float),
        gram=gram[np.ix_(np.arange(len(gram)), source, source)],
        mask=mask,
        column=column,
        rows=len(rows.visit),
    )
    return Patterns(sums, of.astype(np.intp))


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the participants' numbers, set into a column at a visit or at all visits."""

    number: int
    visit: int | None
    column: int


def _parts(layout: Layout) -> tuple[Array, Integers, Array, Integers]:
    """The participants' numbers; for each part its number, its visits and its column.

    A source that differs within a participant has a number at each visit.
    """
    rows, visits = layout.rows, len(layout.rows.visits)
    numbers: list[Array] = []
    parts: list[_Part] = []
    places: dict[int, tuple[int, bool]] = {}
    for number, column in enumerate(layout.columns):
        values = column.source.values
        if id(column.source) not in places:
            varies = _varies(rows, values)
            places[id(column.source)] = (len(numbers), varies)
            numbers += _by_visit(rows, values) if varies else [_constant(rows, values)]
        place, varies = places[id(column.source)]
        at = [column.visit] if column.visit is not None or not varies else range(visits)
        parts += [_Part(place + (visit or 0) * varies, visit, number) for visit in at]
    parts += [_Part(len(numbers) + visit, visit, len(layout.columns)) for visit in range(visits)]
    numbers += _by_visit(rows, layout.outcome())
    masks = [np.ones(visits) if part.visit is None else np.eye(visits)[part.visit] for part in parts]
    return (
        np.column_stack(numbers),
        np.array([part.number for part in parts]),
        np.column_stack(masks),
        np.array([part.column for part in parts]),
    )


def _constant(rows: Rows, values: Array) -> Array:
    own = np.zeros(rows.participants)
    own[rows.participant] = values
    return own


def _by_visit(rows: Rows, values: Array) -> list[Array]:
    table = np.zeros((rows.participants, len(rows.visits)))
    table[rows.participant, rows.visit] = values
    return list(table.T)


def _varies(rows: Rows, values: Array) -> bool:
    """Whether the values differ within a participant."""
    return bool(np.any(_constant(rows, values)[rows.participant] != values))


def check_rank(layout: Layout, cross: Array) -> None:
    """Gram-Schmidt on X'X: `DataError` names a column that the columns before it make up."""
    scale = np.sqrt(np.maximum(np.diag(cross), np.finfo(float).tiny))
    left = cross / np.outer(scale, scale)
    for number, label in enumerate(layout.labels):
        if left[number, number] < DEPENDENT:
            raise DataError(
                f"the design is singular: {shown(label)} says nothing beyond the other columns; leave it out"
            )
        left = left - np.outer(left[:, number], left[number]) / left[number, number]
