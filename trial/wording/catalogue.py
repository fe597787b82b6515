"""What an MRI can show, where, and how it is named: read from one file a region, `regions/*.toml`.

Levels, sides and grades are the kind's own, so that a finding that cannot be is refused when it is made.
Shares of people without pain are those of the file's source, for people of about the same age; a kind
without shares has none, whatever is known of its neighbours.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

Language = Literal["en", "de", "es", "hi"]

REGIONS = ("lumbar", "neck", "shoulder", "knee", "hip")  # the lower back first: most of the trials
LANGUAGES: tuple[Language, ...] = ("en", "de", "es", "hi")
SIDES = ("left", "right", "both", "central")
GRADES = ("mild", "moderate", "severe")
SIGNIFICANCES = ("incidental", "uncertain", "relevant")  # critical ones are stopped by the gate, not worded
YOUNGEST, OLDEST = 18, 110
LONGEST = 40  # characters of a wrong value that a fault repeats


@dataclass(frozen=True, slots=True)
class Share:
    """Of 100 people without pain, how many have the finding; `age` is theirs, as `group` says."""

    of_100: int
    group: Literal["at", "under", "from"]
    age: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding: where it can be, how it is graded, and its names, by wording and language."""

    code: str
    region: str
    levels: tuple[str, ...]
    sides: tuple[str, ...]
    grades: tuple[str, ...]
    names: Mapping[str, Mapping[str, str]]
    shares: tuple[int, ...] = ()

    @property
    def factual(self) -> str:
        return self.names["factual"]["en"]

    def scale(self, grade: str) -> tuple[str, ...]:
        """The grades that this one is one of: words, or numbers."""
        return GRADES if grade in GRADES else tuple(each for each in self.grades if each not in GRADES)


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the body that is examined; `words` are its own in each language."""

    code: str
    net: str
    words: Mapping[str, Mapping[str, str]]
    places: Mapping[str, Mapping[str, str]]
    citation: str
    ages: str


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:  # what TOML holds may be anything
    folder = resources.files("trial.wording.regions")
    return {
        region: tomllib.loads((folder / f"{region}.toml").read_text(encoding="utf-8")) for region in REGIONS
    }


@cache
def regions() -> Mapping[str, Region]:
    """Every region, by its code."""
    return {code: _region(code, table) for code, table in _tables().items()}


def _region(code: str, table: Mapping[str, Any]) -> Region:
    source = table.get("source", {})
    words = {"part": table["part"], "pain": table["pain"]}
    return Region(
        code, table["net"], words, table["places"], source.get("citation", ""), source.get("ages", "")
    )


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of finding, by its code, in the order of the files."""
    named = {code: kind for table in _tables().values() for code, kind in table["kinds"].items()}
    return {
        code: _kind(code, region, table["levels"], kind, named)
        for region, table in _tables().items()
        for code, kind in table["kinds"].items()
    }


def _kind(
    code: str,
    region: str,
    levels: Mapping[str, Sequence[str]],
    kind: Mapping[str, Any],
    named: Mapping[str, Any],
) -> Kind:
    names = named[kind.get("as", code)]
    return Kind(
        code,
        region,
        tuple(levels[kind["levels"]]),
        tuple(kind["sides"]),
        tuple(kind["grades"]),
        {wording: names[wording] for wording in ("factual", "reassuring")},
        tuple(kind.get("shares", ())),
    )


def share(kind: str, age: int) -> Share | None:
    """The share of people without pain who have the finding, from the source's own table.

    Of the decades, the nearest one below the age counts; nothing is said outside the table.
    """
    found = kinds()[kind]
    if not found.shares:
        return None
    if regions()[found.region].ages == "from 40":
        return Share(found.shares[age >= 40], "from" if age >= 40 else "under", 40)
    decade = age // 10 * 10
    by_decade = dict(zip(range(20, 90, 10), found.shares, strict=True))
    return Share(by_decade[decade], "at", decade) if decade in by_decade else None


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of an MRI; ValueError names the part that cannot be."""

    kind: str
    level: str
    side: str = ""
    grade: str = ""
    significance: str = ""

    def __post_init__(self) -> None:
        for fault in faults(self.kind, self.level, self.side, self.grade, self.significance):
            raise ValueError(fault)


def faults(kind: str, level: str, side: str, grade: str, significance: str) -> list[str]:
    """What is wrong with a finding, as `part: reason`; of an unknown kind no more is judged."""
    if kind not in kinds():
        return [_unknown("kind", kind, tuple(kinds()))]
    found = kinds()[kind]
    parts = (
        ("level", level, found.levels),
        ("side", side, ("", *found.sides)),
        ("grade", grade, ("", *found.grades)),
        ("significance", significance, ("", *SIGNIFICANCES)),
    )
    return [_unknown(name, value, known, kind) for name, value, known in parts if value not in known]


def _unknown(part: str, value: str, known: Sequence[str], kind: str = "") -> str:
    choices = ", ".join(filter(None, known))
    if not choices:
        return f"{part}: {value[:LONGEST]!r}: {kind} has no {part}"
    return f"{part}: {value[:LONGEST]!r} is not one of {choices}"


def age_fault(age: int) -> str | None:
    """Why there can be no report for a person of this age."""
    if YOUNGEST <= age <= OLDEST:
        return None
    return f"age: {age} is not between {YOUNGEST} and {OLDEST}"
