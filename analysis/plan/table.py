"""Takes the values of a table of a plan out one by one, each of its type; refuses what is left over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from analysis.faults import Fault, join, one_line


class Table:
    """A table of a plan. Each method raises `Fault` with the key: missing, or of another type."""

    def __init__(self, values: Mapping[str, object], hint: str = "") -> None:
        self._left = dict(values)
        self._missing = f"is missing; {hint}" if hint else "is missing"

    def text(self, key: str) -> str:
        return as_text(key, self._take(key))

    def optional_text(self, key: str) -> str | None:
        return self.text(key) if key in self._left else None

    def number(self, key: str) -> float:
        value = self._take(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Fault(key, "must be a number")
        return float(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; an absent key is an empty one."""
        values = as_list(key, self._left.pop(key, []))
        return tuple(as_text(f"{key}[{index}]", value) for index, value in enumerate(values))

    def named_texts(self, key: str) -> dict[str, str]:
        """A table of texts; an absent key is an empty one."""
        values = as_table(key, self._left.pop(key, {}))
        return {name: as_text(join(key, name), value) for name, value in values.items()}

    def named_numbers(self, key: str) -> dict[str, float]:
        """A table of numbers; an absent key is an empty one."""
        inner = Table(as_table(key, self._left.pop(key, {})))
        with within(key):
            return {name: inner.number(name) for name in list(inner._left)}

    def table(self, key: str) -> Table:
        return Table(as_table(key, self._take(key)))

    def tables(self, key: str, hint: str) -> list[Table]:
        """A list of tables; the hint is told when one of them lacks a key."""
        values = as_list(key, self._take(key))
        return [Table(as_table(f"{key}[{index}]", value), hint) for index, value in enumerate(values)]

    def close(self) -> None:
        """`Fault` if the table has a key that was not taken."""
        for key in self._left:
            raise Fault(one_line(key)[:40], "this key is not known here")

    def _take(self, key: str) -> object:
        if key not in self._left:
            raise Fault(key, self._missing)
        return self._left.pop(key)


def as_text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise Fault(key, "must be a text")
    if not value.strip():
        raise Fault(key, "is empty")
    return value


def as_list(key: str, value: object) -> Sequence[object]:
    if not isinstance(value, list | tuple):
        raise Fault(key, "must be a list")
    return value


def as_table(key: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise Fault(key, "must be a table")
    return value


@contextmanager
def within(path: str) -> Iterator[None]:
    """Name the table in which a fault was found."""
    try:
        yield
    except Fault as fault:
        raise Fault(join(path, fault.key), fault.reason) from None
