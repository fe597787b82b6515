"""Factorial designs: interventions crossed into arms, so that every list design can draw them.

A factor here is an intervention with levels, such as the wording; a *stratification* factor is what a
participant brings along (`randomization.design.strata`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import gcd, prod

from randomization.design import strata
from randomization.ratio import Ratio, check_arms

LEVEL = re.compile(r"[A-Za-z0-9-]+")  # no underscore: it parts the levels in an arm's code


@dataclass(frozen=True, slots=True)
class Crossed:
    """Factors, their levels and the ratio of each; every combination of levels is an arm.

    The arms' ratio is the product of the factors', so that each factor alone keeps its own and no factor
    tells anything about another. The last factor runs fastest.
    """

    factors: Mapping[str, tuple[str, ...]]
    ratios: Mapping[str, Ratio]

    def __post_init__(self) -> None:
        if len(self.factors) < 2 or self.factors.keys() != self.ratios.keys():
            raise ValueError("factors: two or more, each with its ratio")
        for factor, levels in self.factors.items():
            _check_levels(factor, levels, self.ratios[factor])
        check_arms(self.arms, self.ratio)

    @property
    def arms(self) -> tuple[str, ...]:
        """The levels of every combination, joined by an underscore."""
        return tuple("_".join(levels.values()) for levels in strata(self.factors))

    @property
    def ratio(self) -> Ratio:
        """The product of the factors' parts, in the smallest whole numbers."""
        parts = [dict(zip(levels, self.ratios[name], strict=True)) for name, levels in self.factors.items()]
        products = [
            prod(part[level] for part, level in zip(parts, cell.values(), strict=True))
            for cell in strata(self.factors)
        ]
        return tuple(product // gcd(*products) for product in products)

    def levels(self, arm: str) -> dict[str, str]:
        """The level of each factor in an arm; ValueError for an arm that is not one of these."""
        for code, levels in zip(self.arms, strata(self.factors), strict=True):
            if code == arm:
                return levels
        raise ValueError(f"arm: {arm!r} is not one of {', '.join(self.arms)}")

    def margin(self, factor: str) -> dict[str, tuple[str, ...]]:
        """The arms of each level of a factor: whom its main effect compares."""
        if factor not in self.factors:
            raise ValueError(f"factor: {factor!r} is not one of {', '.join(self.factors)}")
        return {
            level: tuple(arm for arm in self.arms if self.levels(arm)[factor] == level)
            for level in self.factors[factor]
        }


def crossed(
    factors: Mapping[str, Sequence[str]], ratios: Mapping[str, Sequence[int]] | None = None
) -> Crossed:
    """The factors crossed; a factor without a ratio has equal parts."""
    given = ratios or {}
    if unknown := given.keys() - factors.keys():
        raise ValueError(f"ratios: {min(unknown)!r} is not a factor")
    return Crossed(
        {factor: tuple(levels) for factor, levels in factors.items()},
        {factor: tuple(given.get(factor, (1,) * len(levels))) for factor, levels in factors.items()},
    )


def _check_levels(factor: str, levels: tuple[str, ...], ratio: Ratio) -> None:
    if len(levels) < 2 or len(set(levels)) < len(levels):
        raise ValueError(f"{factor}: two or more different levels are needed")
    if not all(LEVEL.fullmatch(level) for level in levels):
        raise ValueError(f"{factor}: a level's code is ASCII letters, digits and -")
    if len(ratio) != len(levels) or min(ratio) < 1:
        raise ValueError(f"{factor}: its ratio is one whole number from 1 for each level")
