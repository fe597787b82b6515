"""Canaries: arms, labels and texts made of words that occur nowhere else, and the search for them.

Both arms' words are equally long, so that only a word and never its length can differ between two pages.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests import cast
from trial.models import ReportVersion, Study

CODES: Mapping[str, str] = {"factual": "ZQARMALPHA", "reassuring": "ZQARMBRAVO"}
MARK = "ZQARM"

# What the protocol says of its arms, and in which words it says it here.
REPLACE: Mapping[str, str] = {
    **{f'"{arm}"': f'"{code}"' for arm, code in CODES.items()},
    **{f"{arm} = ": f"{code} = " for arm, code in CODES.items()},
    **{f"{arm.capitalize()} wording": f"Label {code}" for arm, code in CODES.items()},
}

# A sentence is repeated so that the texts differ in length and in shape, and each holds its canary.
SENTENCES: Mapping[str, tuple[str, int]] = {
    "ZQARMALPHA": ("- Zqarmalpha: there is a bulge of this disc, and the next one is worn.\n", 3),
    "ZQARMBRAVO": ("Zqarmbravo is what most people of this age have; the back is strong.\n\n", 30),
}
TEXTS: Mapping[str, str] = {
    code: f"Your MRI.\n\n{sentence * times}" for code, (sentence, times) in SENTENCES.items()
}
SHINGLE = 12  # words


def loaded_study() -> Study:
    """The example protocol with these words in the place of its arms, and its staff."""
    return cast.loaded_study(replace=REPLACE)


def shingles(text: str) -> set[str]:
    """Every run of so many words; a text that is quoted anywhere shows at least one of them."""
    words = text.split()
    return {" ".join(words[start : start + SHINGLE]) for start in range(len(words) - SHINGLE + 1)}


def disguises(word: str) -> set[bytes]:
    """The word as it looks in hexadecimal, in UTF-16 and in each of base64's three alignments."""
    plain = word.encode()
    shifted = (base64.b64encode(bytes(shift) + plain).rstrip(b"=") for shift in range(3))
    # The first and last signs of base64 also depend on what stands before and after.
    aligned = {code[start:-1] for start, code in zip((0, 2, 3), shifted, strict=True)}
    return {plain.hex().encode(), word.encode("utf-16-le"), *aligned}


@dataclass(frozen=True, slots=True)
class Canaries:
    """What nobody who is blind may be sent: a canary, plain or disguised, or the name of a version."""

    needles: tuple[bytes, ...]

    def are_in(self, content: bytes) -> bool:
        """Whether any of them is there, in whichever case."""
        lower = content.lower()
        return any(needle in lower for needle in self.needles)


def canaries(versions: Iterable[ReportVersion]) -> Canaries:
    """Those of a study with these versions."""
    spellings = {spelling for code in CODES.values() for spelling in (code, code.lower(), code.capitalize())}
    hidden = {disguise.lower() for spelling in spellings for disguise in disguises(spelling)}
    names = {str(version.public_id).encode() for version in versions}
    return Canaries((MARK.lower().encode(), *sorted(hidden | names)))


def counts(content: bytes) -> dict[str, int]:
    """How often each arm's word stands in a page, however it is written."""
    page = content.lower()
    return {code: page.count(code.lower().encode()) for code in CODES.values()}
