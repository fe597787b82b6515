"""From answers to scores: a score is a value or an explicit reason, never a silent zero.

The rules are those of domain.md 3.0: complete items only, unless the published key allows for gaps or the
protocol opts in to prorating; a value outside its item's range spoils every score that it would enter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from instruments.answers import Missing
from instruments.model import Instrument, Item, Method, MissingRule, ScoreRule

Answer = int | Missing | None


class Reason(Enum):
    """Why there is no score."""

    TOO_MANY_MISSING = "too_many_missing"
    OUT_OF_RANGE = "out_of_range"
    DECLINED = "declined"
    NOT_APPLICABLE = "not_applicable"
    NOT_SHOWN = "not_shown"


@dataclass(frozen=True, slots=True)
class Score:
    """A value or the reason why there is none: always exactly one of the two."""

    code: str
    value: float | None = None
    reason: Reason | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.reason is None):
            raise ValueError(f"{self.code}: a score is either a value or a reason")


def total(rule: ScoreRule, answered: Mapping[str, int]) -> float:
    """The sum of all items; with gaps, the mean of the answered items in place of the others."""
    plain = sum(answered.values())
    return plain if len(answered) == len(rule.items) else plain * len(rule.items) / len(answered)


def mean(rule: ScoreRule, answered: Mapping[str, int]) -> float:
    """The mean of the answered items."""
    return sum(answered.values()) / len(answered)


METHODS: Mapping[Method, Callable[[ScoreRule, Mapping[str, int]], float]] = {
    Method.SUM: total,
    Method.MEAN: mean,
}


def score(
    instrument: Instrument, answers: Mapping[str, Answer], *, prorate_up_to: float | None = None
) -> dict[str, Score]:
    """Every score of the instrument, by its code.

    `answers` maps item codes to answers; a code that is left out counts as skipped, a code that is no item
    raises `ValueError`. `prorate_up_to` is the protocol's choice: the share of a score's items, below 1,
    that may lack an answer. A key that forbids prorating stays as published.
    """
    items = {item.code: item for item in instrument.items}
    unknown = sorted(set(answers) - set(items))
    if unknown:
        raise ValueError(f"{instrument.code}: {unknown[0][:20]!r} is not an item")
    if prorate_up_to is not None and not 0 <= prorate_up_to < 1:
        raise ValueError("prorate_up_to: must be at least 0 and below 1")
    return {rule.code: _score(rule, items, answers, prorate_up_to) for rule in instrument.scores}


def _score(
    rule: ScoreRule, items: Mapping[str, Item], answers: Mapping[str, Answer], prorate_up_to: float | None
) -> Score:
    given = {code: answers.get(code) for code in rule.items}
    gaps = [_cause(answer) for answer in given.values() if answer is None or isinstance(answer, Missing)]
    answered = {
        code: answer
        for code, answer in given.items()
        if answer is not None and not isinstance(answer, Missing)
    }
    if not all(items[code].scale.accepts(answer) for code, answer in answered.items()):
        return Score(rule.code, reason=Reason.OUT_OF_RANGE)
    if len(gaps) > _allowed(rule.missing, len(rule.items), prorate_up_to):
        return Score(rule.code, reason=gaps[0] if len(set(gaps)) == 1 else Reason.TOO_MANY_MISSING)
    return Score(rule.code, METHODS[rule.method](rule, answered))


def _cause(answer: Missing | None) -> Reason:
    """What one unanswered item says about the score, were all the gaps like it."""
    if answer is None or answer is Missing.SKIPPED:
        return Reason.TOO_MANY_MISSING
    return Reason(answer.value)


def _allowed(missing: MissingRule, items: int, prorate_up_to: float | None) -> int:
    """How many items may lack an answer: as published, or as the protocol widened it."""
    if prorate_up_to is None or not missing.prorate:
        return missing.most
    # Quotients are compared, because 3 / 15 is the same number as 0.2 while 0.2 * 15 is not 3.
    most = max(gaps for gaps in range(items) if gaps / items <= prorate_up_to)
    return max(missing.most, most)
