"""Reads one TOML table strictly: each key once, of its type, and none that nobody asked for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import TypeVar

from instruments.model import Fault

T = TypeVar("T")
E = TypeVar("E", bound=Enum)


class Table:
    """A TOML table whose values are taken out one by one; `close` refuses what is left.

    Each method raises `Fault` with the key when the value is missing or of another type.
    """

    def __init__(self, values: dict[str, object]) -> None:
        self._left = dict(values)

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def text(self, key: str) -> str:
        return self._take(key, str, "text")

    def integer(self, key: str) -> int:
        return self._take(key, int, "a whole number")

    def flag(self, key: str) -> bool:
        return self._take(key, bool, "true or false")

    def number(self, key: str) -> float:
        kind = float if isinstance(self._left.get(key), float) else int
        value = self._take(key, kind, "a number")
        if not math.isfinite(value):
            raise Fault(key, "must be a finite number")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(_each(key, self._take(key, list, "a list of texts"), str, "a list of texts"))

    def table(self, key: str) -> Table:
        return Table(self._take(key, dict, "a table"))

    def tables(self, key: str) -> list[Table]:
        """A list of tables; an absent key is an empty list."""
        values = self._take(key, list, "a list of tables") if key in self else []
        return [Table(value) for value in _each(key, values, dict, "a list of tables")]

    def named_tables(self, key: str) -> dict[str, Table]:
        """A table of tables, by their names."""
        values = self._take(key, dict, "a table")
        inner = _each(key, list(values.values()), dict, "a table of tables")
        return dict(zip(values, map(Table, inner), strict=True))

    def one_of(self, key: str, kind: type[E]) -> E:
        value = self.text(key)
        known = {member.value: member for member in kind}
        if value not in known:
            raise Fault(key, f'"{value[:20]}" is not one of {", ".join(known)}')
        return known[value]

    def close(self) -> None:
        """`Fault` if the table has a key that was not taken."""
        for key in self._left:
            raise Fault(key[:40], "this key is not known here")

    def _take(self, key: str, kind: type[T], wanted: str) -> T:
        if key not in self._left:
            raise Fault(key, "is missing")
        value = self._left.pop(key)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise Fault(key, f"must be {wanted}")
        return value


@contextmanager
def within(path: str) -> Iterator[None]:
    """Name the table in which a fault was found."""
    try:
        yield
    except Fault as fault:
        raise Fault(f"{path}.{fault.key}", fault.reason) from None


def _each(key: str, values: list[object], kind: type[T], wanted: str) -> list[T]:
    found = [value for value in values if isinstance(value, kind)]
    if len(found) != len(values):
        raise Fault(key, f"must be {wanted}")
    return found
