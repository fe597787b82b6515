"""Arms and their ratio, checked once for all designs, and which arms are behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import lcm

CODE = re.compile(r"[A-Za-z0-9_-]{1,32}")
LARGEST_PART = 1000

Ratio = tuple[int, ...]
Counts = tuple[int, ...]
Weights = tuple[int, ...]
Fraction = tuple[int, int]  # numerator, denominator: whole numbers, so that every language agrees


def check_arms(arms: Sequence[str], ratio: Sequence[int]) -> None:
    """ValueError unless there are two or more arms with ASCII codes, and a part of the ratio for each."""
    if len(arms) < 2 or len(set(arms)) < len(arms):
        raise ValueError("arms: two or more different arms are needed")
    if not all(CODE.fullmatch(arm) for arm in arms):
        raise ValueError("arms: an arm's code is ASCII letters, digits, _ and -, 32 at most")
    if len(ratio) != len(arms) or not all(1 <= part <= LARGEST_PART for part in ratio):
        raise ValueError(f"ratio: one whole number from 1 to {LARGEST_PART} for each arm")


def check_number(name: str, value: int, least: int = 1, most: int = 1000) -> None:
    """ValueError, naming the parameter, unless the number is in its range."""
    if not least <= value <= most:
        raise ValueError(f"{name}: a whole number from {least} to {most}")


def scaled(counts: Sequence[int], ratio: Ratio) -> Counts:
    """The counts per part of the ratio, over a common denominator: equal where the ratio is kept."""
    common = lcm(*ratio)
    return tuple(count * (common // part) for count, part in zip(counts, ratio, strict=True))


def lagging(values: Sequence[int]) -> tuple[int, ...]:
    """The indices of the smallest value."""
    least = min(values)
    return tuple(index for index, value in enumerate(values) if value == least)


def whole_sets(counts: Sequence[int], ratio: Ratio) -> int:
    """How many complete sets of the ratio the counts hold."""
    return min(count // part for count, part in zip(counts, ratio, strict=True))


def without_whole_sets(counts: Sequence[int], ratio: Ratio) -> Counts:
    """The counts less the complete sets of the ratio: what is left says how far the arms are apart."""
    sets = whole_sets(counts, ratio)
    return tuple(count - sets * part for count, part in zip(counts, ratio, strict=True))


def changed(counts: Counts, arm: int, by: int) -> Counts:
    """The counts with one arm's changed."""
    return (*counts[:arm], counts[arm] + by, *counts[arm + 1 :])


def within(counts: Counts, ratio: Ratio, limit: int) -> bool:
    """Whether no two arms are further apart than `limit` participants per part of the ratio."""
    values = scaled(counts, ratio)
    return max(values) - min(values) <= limit * lcm(*ratio)
