"""How often each arm was given at each level of each factor: all that minimization remembers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from randomization.ratio import Counts, changed

Factors = Mapping[str, str]
Margin = tuple[str, ...]  # a factor, its level, and the levels of the factors that are kept apart


class Margins:
    """Counts of the arms by factor and level, apart for each combination of the `within` factors."""

    def __init__(self, arms: int, factors: Sequence[str], within: Sequence[str] = ()) -> None:
        self._none: Counts = (0,) * arms
        self._factors = tuple(factors)
        self._within = tuple(within)
        self._counts: dict[Margin, Counts] = {}

    def of(self, factors: Factors) -> dict[str, Counts]:
        """For each factor, the arms' counts among those who share this person's level."""
        return {factor: self._counts.get(key, self._none) for factor, key in self._keys(factors).items()}

    def add(self, factors: Factors, arm: int) -> None:
        """Count one more person."""
        for key in self._keys(factors).values():
            self._counts[key] = changed(self._counts.get(key, self._none), arm, 1)

    def _keys(self, factors: Factors) -> dict[str, Margin]:
        missing = [name for name in (*self._factors, *self._within) if name not in factors]
        if missing:
            raise ValueError(f"the factor {missing[0]} is missing")
        apart = tuple(factors[name] for name in self._within)
        return {name: (name, factors[name], *apart) for name in self._factors}
