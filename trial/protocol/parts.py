"""The parts of a protocol but its randomization and schedule. The attributes' names are the file's keys."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from trial.protocol.rules import between, distinct, filled, identifier, line, one_of, prose, require

KINDS = ("live", "training", "synthetic")
LANGUAGES = ("en",)  # the languages that the participants' pages speak
ZONE = re.compile(r"UTC|[A-Z][A-Za-z_]+(/[A-Z][A-Za-z0-9_+-]*){1,2}")
REGISTRY_NUMBER = re.compile(r"(?!none)(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9/.-]{5,39}", re.IGNORECASE)
STRATEGIES = (  # ICH E9(R1), A.3.2
    "treatment policy",
    "hypothetical",
    "composite",
    "while on treatment",
    "principal stratum",
)


@dataclass(frozen=True, slots=True)
class Study:
    """What the trial is called, what it asks, and of whom."""

    code: str
    title: str
    kind: str
    registry: str
    language: str
    timezone: str
    objective: str
    population: str
    planned: int
    sample_size: str

    def __post_init__(self) -> None:
        identifier("code", self.code)
        line("title", self.title)
        one_of("kind", self.kind, KINDS)
        line("registry", self.registry)
        is_registered = self.kind != "live" or REGISTRY_NUMBER.fullmatch(self.registry) is not None
        require(
            is_registered, "registry", "a live study must be registered; give its number, such as NCT01234567"
        )
        one_of("language", self.language, LANGUAGES)
        require(
            _is_zone(self.timezone), "timezone", "must be a time zone of the IANA list, such as Europe/Berlin"
        )
        line("objective", self.objective)
        line("population", self.population)
        between("planned", self.planned, 1, 1_000_000)
        line("sample_size", self.sample_size, 1000)


@dataclass(frozen=True, slots=True)
class Site:
    """A place that recruits."""

    code: str
    name: str

    def __post_init__(self) -> None:
        identifier("code", self.code, 8)
        line("name", self.name, 100)


@dataclass(frozen=True, slots=True)
class Arm:
    """One of the wordings that are compared; `ratio` is its share of the participants."""

    code: str
    label: str
    ratio: int
    reference: bool = False

    def __post_init__(self) -> None:
        identifier("code", self.code)
        line("label", self.label, 100)
        between("ratio", self.ratio, 1, 20)


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion of eligibility: an inclusion must hold, an exclusion must not."""

    id: str
    text: str
    kind: str

    def __post_init__(self) -> None:
        identifier("id", self.id)
        line("text", self.text)
        one_of("kind", self.kind, ("inclusion", "exclusion"))


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A critical finding; it stops the randomization until the treating clinician was told."""

    id: str
    text: str

    def __post_init__(self) -> None:
        identifier("id", self.id)
        line("text", self.text)


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agrees to, and which version of it."""

    version: str
    date: date
    text: str

    def __post_init__(self) -> None:
        line("version", self.version, 20)
        prose("text", self.text)


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a factor: the scores under `below`, or all the rest."""

    code: str
    label: str
    below: float | None = None

    def __post_init__(self) -> None:
        identifier("code", self.code)
        line("label", self.label, 100)
        require(self.below is None or math.isfinite(self.below), "below", "must be a finite number")


@dataclass(frozen=True, slots=True)
class Factor:
    """A stratification factor that is cut from a score measured before the randomization."""

    code: str
    label: str
    score: str
    visit: str
    levels: tuple[Level, ...]

    def __post_init__(self) -> None:
        identifier("code", self.code)
        require(self.code != "site", "code", '"site" is taken: it stands for the sites; choose another code')
        line("label", self.label, 100)
        identifier("score", self.score, 8)
        identifier("visit", self.visit, 8)
        require(len(self.levels) >= 2, "levels", "must be two or more")
        distinct("levels", [level.code for level in self.levels], "code")
        self._check_cuts()

    def _check_cuts(self) -> None:
        """Every score belongs to exactly one level."""
        lowest = -math.inf
        for index, level in enumerate(self.levels[:-1]):
            key = f"levels[{index}].below"
            require(level.below is not None, key, "is missing; only the last level takes all the rest")
            assert level.below is not None  # for the type checker; the line above has said it
            require(level.below > lowest, key, "must be more than the level before it")
            lowest = level.below
        last = f"levels[{len(self.levels) - 1}].below"
        require(self.levels[-1].below is None, last, "leave it out: the last level takes all the rest")

    def level_of(self, score: float) -> str:
        """The code of the level that a score belongs to; `ValueError` when it is no number."""
        if not math.isfinite(score):
            raise ValueError(f"{self.score} is not a finite number")
        return next(level.code for level in self.levels if level.below is None or score < level.below)


@dataclass(frozen=True, slots=True)
class IntercurrentEvent:
    """What may come between, and how the estimand treats it (ICH E9(R1), A.3.2)."""

    event: str
    strategy: str

    def __post_init__(self) -> None:
        line("event", self.event)
        one_of("strategy", self.strategy, STRATEGIES)


@dataclass(frozen=True, slots=True)
class Estimand:
    """What is to be estimated: the five attributes of ICH E9(R1), A.3.1."""

    id: str
    treatment: str
    population: str
    variable: str
    intercurrent: tuple[IntercurrentEvent, ...]
    summary: str

    def __post_init__(self) -> None:
        identifier("id", self.id)
        line("treatment", self.treatment)
        line("population", self.population)
        line("variable", self.variable)
        filled("intercurrent", self.intercurrent)
        line("summary", self.summary)


@dataclass(frozen=True, slots=True)
class Debriefing:
    """What the participants are told when the study has ended."""

    text: str

    def __post_init__(self) -> None:
        prose("text", self.text)


def _is_zone(name: str) -> bool:
    """Whether this machine knows the zone by its name in the IANA list."""
    if len(name) > 60 or not ZONE.fullmatch(name):
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; not a zone's file; a folder of zones
        return False
    return True
