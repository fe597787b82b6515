"""An instrument as plain data: its items, its scores and what must be known before it is used.

Every class checks itself when it is made and raises `Fault`, which names the key and the reason.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

CODE = re.compile(r"[A-Z][A-Z0-9]{0,7}")  # CDISC: QSTESTCD and PARAMCD have at most 8 characters
VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}[a-z]?")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")


class Fault(ValueError):
    """Something in an instrument is wrong: `key` says where, `reason` what."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key = key
        self.reason = reason


class Wording(Enum):
    """Whose sentences the items hold. The owner's come with a licence, never with the catalogue."""

    DEMONSTRATION = "demonstration"
    LICENSED = "licensed"


class LicenceState(Enum):
    """What a study needs before it may ask the published questionnaire."""

    OPEN = "open"
    PERMISSION = "permission"
    LICENSED = "licensed"


class ScaleKind(Enum):
    """How an item is answered: by one of some labelled choices, or by a number between two labelled ends."""

    CHOICES = "choices"
    NUMBERS = "numbers"


class Method(Enum):
    """How the answers become a score; `scoring.METHODS` has the function of each."""

    SUM = "sum"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer. Between the ends of a scale of numbers the label is empty."""

    value: int
    label: str

    def __post_init__(self) -> None:
        _require(abs(self.value) <= 1000, "value", "must lie between -1000 and 1000")
        _require(not self.label or _is_text(self.label), "label", "must be one line of text")


@dataclass(frozen=True, slots=True)
class Scale:
    """Every possible answer to an item, lowest value first."""

    kind: ScaleKind
    choices: tuple[Choice, ...]

    def __post_init__(self) -> None:
        values = [choice.value for choice in self.choices]
        rising = len(values) >= 2 and values == sorted(set(values))
        _require(rising, "choices", "must be two or more, their values rising")
        labelled = self.choices if self.kind is ScaleKind.CHOICES else (self.choices[0], self.choices[-1])
        _require(all(choice.label for choice in labelled), "choices", "a label is empty")

    def accepts(self, value: object) -> bool:
        """Whether this is a possible answer: an integer of the scale, not a truth value and not 3.0."""
        return type(value) is int and any(choice.value == value for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Item:
    """One question."""

    code: str
    text: str
    scale: Scale

    def __post_init__(self) -> None:
        _check_code(self.code)
        _require(_is_text(self.text), "text", "must be one line of text")

    @property
    def choices(self) -> tuple[Choice, ...]:
        return self.scale.choices

    @property
    def minimum(self) -> int:
        return self.choices[0].value

    @property
    def maximum(self) -> int:
        return self.choices[-1].value


@dataclass(frozen=True, slots=True)
class MissingRule:
    """How many items may lack an answer before there is no score.

    `most` is what the published key allows; `prorate` says whether a protocol may allow more.
    """

    most: int
    prorate: bool
    note: str

    def __post_init__(self) -> None:
        _require(self.most >= 0, "most", "must not be negative")
        _require(_is_text(self.note), "note", "must be one line of text")


@dataclass(frozen=True, slots=True)
class Mic:
    """A minimal important change *within* a person: in points, or in percent of the first score."""

    points: float | None
    percent: float | None
    source: str

    def __post_init__(self) -> None:
        _require((self.points is None) != (self.percent is None), "points", "give either points or percent")
        size = self.points if self.points is not None else self.percent
        _require(size is not None and 0 < size < math.inf, "points", "a change must be more than zero")
        _require(_is_text(self.source), "source", "must be one line of text")


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """One score: from which items, how, over which range, and which end is the bad one.

    `mics` are in order of preference; none when no change has been agreed on.
    """

    code: str
    label: str
    items: tuple[str, ...]
    method: Method
    minimum: float
    maximum: float
    higher_is_worse: bool
    missing: MissingRule
    mics: tuple[Mic, ...]

    def __post_init__(self) -> None:
        _check_code(self.code)
        _require(_is_text(self.label), "label", "must be one line of text")
        _require(bool(self.items), "items", "must not be empty")
        _require_distinct(self.items, "items")
        _require(-math.inf < self.minimum < self.maximum < math.inf, "maximum", "must be above the minimum")
        _require(self.missing.most < len(self.items), "missing.most", "would leave no item answered")


@dataclass(frozen=True, slots=True)
class Recall:
    """The time that the questions look back on; `hours` is None when the questionnaire states none."""

    text: str
    hours: int | None

    def __post_init__(self) -> None:
        _require(_is_text(self.text), "text", "must be one line of text")
        _require(self.hours is None or self.hours >= 0, "hours", "must not be negative")


@dataclass(frozen=True, slots=True)
class Licence:
    """Who owns the published questionnaire, and what its use takes."""

    state: LicenceState
    holder: str
    note: str

    def __post_init__(self) -> None:
        _require(_is_text(self.holder), "holder", "must be one line of text")
        _require(_is_text(self.note), "note", "must be one line of text")


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire of one version. `sha256` is the hash of the file that it was read from."""

    code: str
    version: str
    scoring_version: str
    title: str
    wording: Wording
    instructions: str
    recall: Recall
    licence: Licence
    minimum_age: int
    minutes: int
    languages: tuple[str, ...]
    items: tuple[Item, ...]
    scores: tuple[ScoreRule, ...]
    sha256: str

    def __post_init__(self) -> None:
        _check_code(self.code)
        for key, version in (("version", self.version), ("scoring_version", self.scoring_version)):
            _require(VERSION.fullmatch(version) is not None, key, "must look like 1, 2.1 or 2.1a")
        _require(_is_text(self.title), "title", "must be one line of text")
        _require(_is_text(self.instructions), "instructions", "must be one line of text")
        _require(0 <= self.minimum_age <= 120, "minimum_age", "must lie between 0 and 120 years")
        _require(1 <= self.minutes <= 120, "minutes", "must lie between 1 and 120")
        self._check_languages()
        self._check_codes()

    def _check_languages(self) -> None:
        _require(bool(self.languages), "languages", "must not be empty")
        for language in self.languages:
            _require(LANGUAGE.fullmatch(language) is not None, "languages", "must look like en or pt-BR")

    def _check_codes(self) -> None:
        items = [item.code for item in self.items]
        _require(bool(items), "items", "must not be empty")
        _require_distinct(items, "items")
        _require_distinct([*items, *(rule.code for rule in self.scores)], "scores")
        for rule in self.scores:
            for code in rule.items:
                _require(code in items, f"scores.{rule.code}.items", f"{code} is not an item")

    @property
    def is_demonstration(self) -> bool:
        """Whether the texts are our own, which every page that shows them has to say."""
        return self.wording is Wording.DEMONSTRATION

    def rule(self, code: str) -> ScoreRule:
        """The rule of the score of this code; `KeyError` when there is none."""
        return {rule.code: rule for rule in self.scores}[code]


def _require(holds: bool, key: str, reason: str) -> None:
    if not holds:
        raise Fault(key, reason)


def _is_text(text: str) -> bool:
    return text.isprintable() and text == text.strip() and 0 < len(text) <= 500


def _check_code(code: str) -> None:
    _require(CODE.fullmatch(code) is not None, "code", "must be 1 to 8 capital letters and digits")


def _require_distinct(codes: Sequence[str], key: str) -> None:
    twice = [code for code, count in Counter(codes).items() if count > 1]
    _require(not twice, key, f"{twice[0] if twice else None} is there twice")
