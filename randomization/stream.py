"""Random numbers that follow from a secret: HMAC-SHA256 in counter mode (docs/allocation.md)."""

from __future__ import annotations

import hmac
import struct
from collections.abc import MutableSequence, Sequence
from hashlib import sha256
from typing import TypeVar

from randomization.encoding import lp

T = TypeVar("T")
WORDS = 1 << 32
SEED_BYTES = 32


def hmac_sha256(key: bytes, message: bytes) -> bytes:
    """HMAC-SHA256 (RFC 2104)."""
    return hmac.new(key, message, sha256).digest()


class Stream:
    """32-bit words without an end, one stream a purpose: block j is HMAC(K, j), read from the left."""

    def __init__(self, seed: bytes, *purpose: bytes) -> None:
        if len(seed) != SEED_BYTES:
            raise ValueError(f"the seed has {len(seed)} bytes, not {SEED_BYTES}")
        self._key = hmac_sha256(seed, lp(*purpose))
        self._block = 0
        self._words: list[int] = []

    def word(self) -> int:
        """The next 32 bits as an integer."""
        if not self._words:
            digest = hmac_sha256(self._key, struct.pack(">Q", self._block))
            self._words = list(struct.unpack(">8I", digest))[::-1]
            self._block += 1
        return self._words.pop()

    def below(self, bound: int) -> int:
        """An integer from 0 to bound - 1, each equally likely: numbers past the last multiple are rejected.

        A bound beyond 2^32 takes as many words as hold it, the first word being the highest.
        """
        if bound < 1:
            raise ValueError(f"there is no number from 0 to {bound - 1}")
        words = max(1, -(-(bound - 1).bit_length() // 32))
        limit = WORDS**words // bound * bound
        while (number := self._number(words)) >= limit:
            pass
        return number % bound

    def pick(self, weights: Sequence[int]) -> int:
        """An index, as likely as its weight among all weights; one number is drawn, whatever the weights."""
        return index_at(weights, self.below(sum(weights)))

    def _number(self, words: int) -> int:
        number = 0
        for _ in range(words):
            number = number << 32 | self.word()
        return number

    def shuffle(self, items: MutableSequence[T]) -> None:
        """Fisher-Yates from the top, in place."""
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]


def index_at(weights: Sequence[int], place: int) -> int:
    """The index whose share of the line 0, 1, ..., sum(weights) - 1 holds `place`; shares lie in order."""
    for index, weight in enumerate(weights):
        if place < weight:
            return index
        place -= weight
    raise ValueError("the place lies past the last weight")
