"""Finds phrases among words: each form stands for itself, and * in a form for any letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trial.wording.text import key

Form = tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """The words from `start` up to `end` are the phrase of this name."""

    name: str
    start: int
    end: int


class Phrases:
    """Names and their forms; the longest form wins, and no word belongs to two phrases."""

    def __init__(self, forms: Mapping[str, Iterable[str]]) -> None:
        pairs = [(_form(form), name) for name, each in forms.items() for form in each]
        self._forms = sorted(pairs, key=lambda pair: -len(pair[0]))
        self._starting: dict[str, list[tuple[Form, str]]] = {}  # by first word, filled as words are met

    def find(self, keys: Sequence[str]) -> list[Hit]:
        """The phrases among the words, from left to right."""
        found, place = [], 0
        while place < len(keys):
            hit = self._at(keys, place)
            found += [hit] if hit else []
            place = hit.end if hit else place + 1
        return found

    def _at(self, keys: Sequence[str], place: int) -> Hit | None:
        for form, name in self._candidates(keys[place]):
            words = keys[place : place + len(form)]
            if len(words) == len(form) and all(
                part.fullmatch(word) for part, word in zip(form, words, strict=True)
            ):
                return Hit(name, place, place + len(form))
        return None

    def _candidates(self, word: str) -> list[tuple[Form, str]]:
        if word not in self._starting:
            self._starting[word] = [pair for pair in self._forms if pair[0][0].fullmatch(word)]
        return self._starting[word]


def _form(form: str) -> Form:
    return tuple(re.compile(re.escape(key(word)).replace(r"\*", ".*")) for word in form.split())
