"""Cluster allocation: sites, clinics or wards get an arm, and everyone in them that arm.

All units are known before the trial and are allocated at once, so nothing need be hidden from whoever sees
the arms before: the arms are dealt like cards, which balances them in every stratum and overall.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import ClassVar, TypeVar

from randomization.design import Stratum
from randomization.encoding import canon
from randomization.ratio import CODE, Ratio, check_arms
from randomization.stream import Stream

T = TypeVar("T")
Units = Mapping[str, Stratum]  # each unit's code and its stratum; an empty stratum when there is only one


@dataclass(frozen=True, slots=True)
class Clusters:
    """Units dealt into arms in the ratio, stratum by stratum.

    In every stratum, and over all of them, an arm has as many units as the complete sets of the ratio give
    it, and of the units left over at most its part. Every unit gets an arm with the probability of its part.
    """

    alg: ClassVar[str] = "clusters-v1"
    arms: tuple[str, ...]
    ratio: Ratio

    def __post_init__(self) -> None:
        check_arms(self.arms, self.ratio)

    def allocate(self, seed: bytes, units: Units) -> dict[str, str]:
        """Each unit's arm; the order in which the units are named does not matter."""
        check_units(units, sum(self.ratio))
        return deal(Stream(seed, self.alg.encode()), one_set(self.arms, self.ratio), units)


def deal(stream: Stream, cards: Sequence[T], units: Units) -> dict[str, T]:
    """Shuffled cards, dealt round and round to the units, which are shuffled within shuffled strata.

    A stratum's units follow one another, so that it gets whole rounds and then different cards; the next
    stratum goes on where it ended, so that what is left over in one is made up for in another.
    """
    deck = list(cards)
    stream.shuffle(deck)
    return dict(sorted(zip(_in_turn(stream, units), cycle(deck), strict=False)))


def one_set(values: Sequence[T], ratio: Ratio) -> list[T]:
    """Each value as often as its part of the ratio, in order."""
    return [value for value, part in zip(values, ratio, strict=True) for _ in range(part)]


def check_units(units: Units, least: int) -> None:
    """ValueError unless the units have ASCII codes and there are enough that each arm or wave gets one."""
    if len(units) < least:
        raise ValueError(f"units: {least} or more are needed, there are {len(units)}")
    if not all(CODE.fullmatch(unit) for unit in units):
        raise ValueError("units: a unit's code is ASCII letters, digits, _ and -, 32 at most")


def _in_turn(stream: Stream, units: Units) -> list[str]:
    names = {unit: canon(dict(stratum)) for unit, stratum in units.items()}
    strata = sorted(set(names.values()))
    stream.shuffle(strata)
    turns: list[str] = []
    for stratum in strata:
        members = sorted(unit for unit, name in names.items() if name == stratum)
        stream.shuffle(members)
        turns += members
    return turns
