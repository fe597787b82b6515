"""The numbers of a design report; `design.json` holds them all, under these names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from randomization.simulate import Apart

Places = Mapping[str, Apart]  # by stratum, `01/low`, or by level, `site=01`
Moments = Mapping[int, Apart]  # by the number of participants so far


@dataclass(frozen=True, slots=True)
class Asked:
    """What was simulated. `shares`: of the participants, how many come from each stratum."""

    participants: int
    trials: int
    seed: int
    shares: Mapping[str, float]
    recruiters_see_arms: bool


@dataclass(frozen=True, slots=True)
class Predictability:
    """Shares of right guesses by who sees all earlier arms, and of arms that are known beforehand.

    `chance` is what a guess that sees nothing gets; `own_site`, with minimization only, is the convergence
    guess of who sees the arms of their own site alone.
    """

    chance: float
    convergence: float
    bayes: float
    certain: float
    own_site: float | None


@dataclass(frozen=True, slots=True)
class Advice:
    """Reasons to think again, and reasons not to use the design at all."""

    warnings: Sequence[str]
    refusals: Sequence[str]


@dataclass(frozen=True, slots=True)
class DesignReport:
    """A design and what it does; how far arms are apart, in participants per part of the ratio."""

    study: str
    title: str
    kind: str
    protocol_sha256: str
    design: str
    parameters: Mapping[str, object]
    arms: Mapping[str, int]  # each arm's part of the ratio
    factors: Mapping[str, Sequence[str]]
    asked: Asked
    predictability: Predictability
    overall: Apart
    highest: Apart
    looks: Moments
    levels: Places
    strata: Places
    course: Moments
    advice: Advice  # for recruiters who see past arms or do not, as was asked
    if_arms_were_seen: Advice
    software: Mapping[str, str]
