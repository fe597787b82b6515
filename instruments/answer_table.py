"""Scores of many people at once: a CSV of answers in, a CSV of scores or reasons out.

Every item has a column, headed by its code. Other columns (who, when) are passed on as they are. A cell is a
value, empty (no answer), or one of the words of `Missing`.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from instruments.answers import AnswerError, Missing, check_answer
from instruments.model import Instrument, Item
from instruments.scoring import Answer, Score, score

REASON = "_REASON"  # follows a score's code in the heading of the column that says why there is none
WORDS = {missing.value: missing for missing in Missing}


class AnswerTableError(ValueError):
    """A table that cannot be scored, as one line: `row: field: reason`. The heading is row 1."""

    def __init__(self, row: int, field: str, reason: str) -> None:
        shown = "".join(sign if sign.isprintable() else "?" for sign in field[:40])
        super().__init__(f"{row}: {shown}: {reason}")


@dataclass(frozen=True, slots=True)
class Row:
    """What one line of the table holds: the other columns' cells in order, and the answers by item."""

    others: tuple[str, ...]
    answers: Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """A whole table, every answer of which was checked."""

    others: tuple[str, ...]
    rows: tuple[Row, ...]


def read_answers(instrument: Instrument, text: str) -> AnswerTable:
    """The table in a CSV text; `AnswerTableError` names the first fault."""
    lines = _lines(text)
    _, heading = next(lines, (1, []))
    _check_heading(instrument, heading)
    items = {item.code: item for item in instrument.items}
    rows = tuple(_row(number, heading, cells, items) for number, cells in lines)
    if not rows:
        raise AnswerTableError(2, instrument.code, "there is no row of answers")
    return AnswerTable(tuple(name for name in heading if name not in items), rows)


def write_scores(instrument: Instrument, table: AnswerTable, *, prorate_up_to: float | None = None) -> str:
    """CSV: the other columns, then for each score its value and, where there is none, the reason."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*table.others, *_score_columns(instrument)])
    for row in table.rows:
        scores = score(instrument, row.answers, prorate_up_to=prorate_up_to)
        writer.writerow([*row.others, *(cell for each in scores.values() for cell in _cells(each))])
    return out.getvalue()


def _score_columns(instrument: Instrument) -> list[str]:
    return [name for rule in instrument.scores for name in (rule.code, rule.code + REASON)]


def _cells(found: Score) -> tuple[str, str]:
    return "" if found.value is None else str(found.value), "" if found.reason is None else found.reason.value


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """The lines that are not empty, with their numbers."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        raise AnswerTableError(reader.line_num, "row", f"is not CSV: {error}") from None


def _check_heading(instrument: Instrument, heading: list[str]) -> None:
    for item in instrument.items:
        if item.code not in heading:
            raise AnswerTableError(1, item.code, "this column is missing")
    for name, count in Counter(heading).items():
        if count > 1:
            raise AnswerTableError(1, name, "this column is there twice")
        if name in _score_columns(instrument):
            raise AnswerTableError(1, name, "this column is computed, it cannot be given")


def _row(number: int, heading: list[str], cells: list[str], items: Mapping[str, Item]) -> Row:
    if len(cells) != len(heading):
        raise AnswerTableError(number, "row", f"has {len(cells)} cells, the heading has {len(heading)}")
    pairs = list(zip(heading, cells, strict=True))
    return Row(
        others=tuple(cell for name, cell in pairs if name not in items),
        answers={name: _answer(number, items[name], cell) for name, cell in pairs if name in items},
    )


def _answer(number: int, item: Item, cell: str) -> Answer:
    if cell == "":
        return None
    if cell in WORDS:
        return WORDS[cell]
    try:
        return check_answer(item, cell)
    except AnswerError as error:
        raise AnswerTableError(number, item.code, error.reason) from None
