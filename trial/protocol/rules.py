"""The small rules that the parts of a protocol check themselves with; each raises `Fault`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from trial.protocol.faults import Fault, is_visible, join, shown

IDENTIFIER = re.compile(r"[A-Za-z0-9_-]+")  # ASCII: the allocation's hashes must agree in every language
LONGEST_PROSE = 20_000


def require(holds: bool, key: str, reason: str) -> None:
    """`Fault` unless it holds."""
    if not holds:
        raise Fault(key, reason)


def identifier(key: str, value: str, longest: int = 32) -> None:
    """1 to `longest` ASCII letters, digits, _ or -."""
    fits = IDENTIFIER.fullmatch(value) is not None and len(value) <= longest
    require(fits, key, f"{shown(value)} must be 1 to {longest} letters A to Z, digits, _ or -")


def line(key: str, value: str, longest: int = 300) -> None:
    """One line of text, with nothing invisible in it and no space around it."""
    require(bool(value.strip()), key, "is empty; give a text")
    require(all(map(is_visible, value)), key, "must be one line without control characters")
    require(value == value.strip(), key, "must not begin or end with a space")
    require(len(value) <= longest, key, f"must have {longest} characters or fewer")


def prose(key: str, value: str) -> None:
    """Text of any number of lines."""
    require(bool(value.strip()), key, "is empty; give a text")
    require(all(sign == "\n" or is_visible(sign) for sign in value), key, "must not hold control characters")
    require(len(value) <= LONGEST_PROSE, key, f"must have {LONGEST_PROSE} characters or fewer")


def between(key: str, value: int, lowest: int, highest: int) -> None:
    """A number of a range, both ends included."""
    require(lowest <= value <= highest, key, f"must lie between {lowest} and {highest}")


def one_of(key: str, value: str, known: Collection[str]) -> None:
    """One of a few words."""
    require(value in known, key, f"{shown(value)} is not known; use {either(known)}")


def filled(key: str, values: Collection[object]) -> None:
    """A list that is not empty."""
    require(bool(values), key, "is empty; give at least one")


def distinct(key: str, values: Sequence[str], field: str = "") -> None:
    """No value twice; the fault names the second one's place in the list."""
    seen: set[str] = set()
    for index, value in enumerate(values):
        place = join(f"{key}[{index}]", field)
        require(value not in seen, place, f"{shown(value)} is there twice; each may stand once")
        seen.add(value)


def either(words: Iterable[str]) -> str:
    """`a, b or c`."""
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last
