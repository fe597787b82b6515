"""Counterbalanced orders: in which order a participant sees the vignettes, or a reader the reports.

The rows of a Latin square, in which every item stands once in each row and as often at each place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import ClassVar

from randomization.design import Stratum
from randomization.encoding import canon
from randomization.ratio import CODE
from randomization.stream import Stream

Square = tuple[tuple[int, ...], ...]
MOST_ITEMS = 100


def cyclic(items: int) -> Square:
    """Each row is the one before, moved by one: as many rows as items.

    Balanced for the place only: an item always follows the same other one, so that what carries over from
    the one to the next looks like an effect of the next.
    """
    return _moved(range(items))


def williams(items: int) -> Square:
    """Each item follows each other one equally often: once with an even number of items, in as many rows,
    twice with an odd one, in twice as many (Williams, Aust J Sci Res A 1949;2:149).

    The first row goes 0, 1, n - 1, 2, n - 2, ...; an odd number needs the mirrored rows too.
    """
    zigzag = [(place + 1) // 2 if place % 2 else (items - place // 2) % items for place in range(items)]
    rows = _moved(zigzag)
    return rows if items % 2 == 0 else rows + tuple(row[::-1] for row in rows)


SQUARES: Mapping[str, Callable[[int], Square]] = {"cyclic": cyclic, "williams": williams}


@dataclass(frozen=True, slots=True)
class Orders:
    """A square over items; the rows are dealt in rounds, each row once a round, in random order.

    After r people of a stratum no row was used more than once more often than another. Which item is which
    symbol of the square is drawn once for the study, so that its orders are as few as the square's rows.
    """

    alg: ClassVar[str] = "orders-v1"
    items: tuple[str, ...]
    square: str

    def __post_init__(self) -> None:
        if not 2 <= len(self.items) <= MOST_ITEMS or len(set(self.items)) < len(self.items):
            raise ValueError(f"items: from two to {MOST_ITEMS} different items are needed")
        if not all(CODE.fullmatch(item) for item in self.items):
            raise ValueError("items: an item's code is ASCII letters, digits, _ and -, 32 at most")
        if self.square not in SQUARES:
            raise ValueError(f"square: one of {', '.join(SQUARES)}")

    def rows(self, seed: bytes) -> tuple[tuple[str, ...], ...]:
        """The study's orders: the square with the items in the place of its symbols."""
        symbols = list(self.items)
        Stream(seed, self.alg.encode(), b"items").shuffle(symbols)
        return tuple(tuple(symbols[symbol] for symbol in row) for row in SQUARES[self.square](len(symbols)))

    def dealt(self, seed: bytes, stratum: Stratum) -> Iterator[tuple[str, ...]]:
        """The orders of the stratum's people, one after another, without an end."""
        stream, rows = Stream(seed, self.alg.encode(), b"rows", canon(dict(stratum))), self.rows(seed)
        while True:
            turns = list(range(len(rows)))
            stream.shuffle(turns)
            yield from (rows[turn] for turn in turns)

    def order_at(self, seed: bytes, stratum: Stratum, slot: int) -> tuple[str, ...]:
        """The order of one person of the stratum; slots count from 1."""
        if slot < 1:
            raise ValueError("slots count from 1")
        return next(islice(self.dealt(seed, stratum), slot - 1, None))


def _moved(first: Iterable[int]) -> Square:
    """The row and all that come of adding 1, 2, ... to its symbols, round the end."""
    row = tuple(first)
    return tuple(tuple((symbol + by) % len(row) for symbol in row) for by in range(len(row)))
