"""A text as lines, sentences and words, in Latin and in Devanagari letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# `\w` has no combining marks: without them a Hindi word falls apart at each vowel sign.
_SIGN = r"(?:[^\W_]|[\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u200c\u200d])"
WORD = re.compile(rf"\d+(?:[.,]\d+)+|{_SIGN}+(?:['\u2019/\-]{_SIGN}+)*")
_END = re.compile(r"[.!?।]+[\"'”\u2019»)\]]*(?=\s|$)")
_ABBREVIATED = ("dr", "prof", "mr", "mrs", "ms", "sr", "sra", "dra", "st", "vs", "bzw", "ca", "z.b", "डॉ")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands in the text, from `start` to `end`; `key` is what it is compared by."""

    text: str
    start: int
    end: int

    @property
    def key(self) -> str:
        return key(self.text)


def key(word: str) -> str:
    """Words are the same whatever their case, and however their accents are encoded."""
    return unicodedata.normalize("NFC", word.replace("\u2019", "'")).casefold()


def words(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """The words of the text, or of the part of it from `start` to `end`."""
    found = WORD.finditer(text, start, len(text) if end is None else end)
    return [Word(match.group(), match.start(), match.end()) for match in found]


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence that has a word starts and ends; a line's end also ends one, as in a list."""
    for line in re.finditer(r"[^\n]+", text):
        start = line.start()
        for mark in _END.finditer(text, line.start(), line.end()):
            if _ends(text, start, mark, line.end()):
                if WORD.search(text, start, mark.end()):
                    yield start, mark.end()
                start = mark.end()
        if WORD.search(text, start, line.end()):
            yield start, line.end()


def _ends(text: str, start: int, mark: re.Match[str], end: int) -> bool:
    """A full stop after an abbreviation, or before a small letter, does not end a sentence."""
    if not mark.group().startswith("."):
        return True
    before = text[start : mark.start()].split()
    if before and key(before[-1].lstrip("(„“\"'")) in _ABBREVIATED:
        return False
    after = text[mark.end() : end].lstrip()
    return not after[:1].islower()


def blocks(text: str) -> list[str]:
    """What stands between blank lines."""
    return [block.strip() for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
