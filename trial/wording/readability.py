"""How hard a text is to read: published formulas, each for the language that it was made for.

No formula has been established for Hindi; there the lengths of sentences and words are all that is said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trial.wording.syllables import PATTERNS, syllables
from trial.wording.text import Word, sentences, words

LONG = 6  # letters; a longer word is a long one in the Vienna formula


@dataclass(frozen=True, slots=True)
class Counts:
    """What the formulas ask for; `polysyllables` have three syllables or more, `complex` those of Gunning."""

    words: int
    sentences: int
    letters: int = 0
    syllables: int = 0
    polysyllables: int = 0
    complex: int = 0
    monosyllables: int = 0
    long: int = 0


def flesch_kincaid(n: Counts) -> float:
    """Kincaid et al. 1975: the school grade in the United States."""
    return 0.39 * n.words / n.sentences + 11.8 * n.syllables / n.words - 15.59


def flesch(n: Counts) -> float:
    """Flesch 1948: 0 to 100, higher is easier."""
    return 206.835 - 1.015 * n.words / n.sentences - 84.6 * n.syllables / n.words


def smog(n: Counts) -> float:
    """McLaughlin 1969: a school grade; made for 30 sentences, scaled for fewer."""
    return 1.0430 * math.sqrt(n.polysyllables * 30 / n.sentences) + 3.1291


def fog(n: Counts) -> float:
    """Gunning 1952: a school grade."""
    return 0.4 * (n.words / n.sentences + 100 * n.complex / n.words)


def coleman_liau(n: Counts) -> float:
    """Coleman & Liau 1975: a school grade from letters alone."""
    return 0.0588 * 100 * n.letters / n.words - 0.296 * 100 * n.sentences / n.words - 15.8


def amstad(n: Counts) -> float:
    """Amstad 1978: Flesch's reading ease for German."""
    return 180 - n.words / n.sentences - 58.5 * n.syllables / n.words


def vienna(n: Counts) -> float:
    """Bamberger & Vanecek 1984, first formula: the school grade in Austria."""
    of_words = 100 / n.words
    return (
        0.1935 * n.polysyllables * of_words
        + 0.1672 * n.words / n.sentences
        + 0.1297 * n.long * of_words
        - 0.0327 * n.monosyllables * of_words
        - 0.875
    )


def szigriszt(n: Counts) -> float:
    """Szigriszt Pazos 1993: Flesch's reading ease for Spanish; 55 is where "normal" begins (INFLESZ)."""
    return 206.835 - 62.3 * n.syllables / n.words - n.words / n.sentences


def fernandez_huerta(n: Counts) -> float:
    """Fernández Huerta 1959, with sentences as its worked example has them."""
    return 206.84 - 60 * n.syllables / n.words - 1.02 * n.words / n.sentences


FORMULAS: Mapping[str, Mapping[str, Callable[[Counts], float]]] = {
    "en": {
        "flesch_kincaid": flesch_kincaid,
        "flesch": flesch,
        "smog": smog,
        "fog": fog,
        "coleman_liau": coleman_liau,
    },
    "de": {"vienna": vienna, "amstad": amstad},
    "es": {"szigriszt": szigriszt, "fernandez_huerta": fernandez_huerta},
    "hi": {},
}


@dataclass(frozen=True, slots=True)
class Target:
    """What a version should reach: a grade at most, or an ease at least."""

    formula: str
    most: float = math.inf
    least: float = -math.inf

    def missed(self, value: float) -> bool:
        return not self.least <= value <= self.most


TARGETS: Mapping[str, Target] = {
    "en": Target("flesch_kincaid", most=8),  # the reading level of the average adult
    "de": Target("vienna", most=8),
    "es": Target("szigriszt", least=55),
}


@dataclass(frozen=True, slots=True)
class Readability:
    """A text's lengths and, by formula, its scores."""

    words: int
    sentences: int
    words_per_sentence: float
    letters_per_word: float
    scores: Mapping[str, float]


def measure(text: str, language: str) -> Readability:
    """The text's readability; a text without a word has none, and says so with zeros."""
    counts = count(text, language)
    if not counts.words:
        return Readability(0, 0, 0.0, 0.0, {})
    return Readability(
        counts.words,
        counts.sentences,
        counts.words / counts.sentences,
        counts.letters / counts.words,
        {name: formula(counts) for name, formula in FORMULAS[language].items()},
    )


def target_fault(found: Readability, language: str) -> str | None:
    """Why the version is too hard to read; None if it is not, or if its language has no target."""
    target = TARGETS.get(language)
    if target is None or target.formula not in found.scores:
        return None
    value = found.scores[target.formula]
    if not target.missed(value):
        return None
    limit = f"at most {target.most:g}" if target.most < math.inf else f"at least {target.least:g}"
    return f"{target.formula} is {value:.1f}, the target is {limit}"


def count(text: str, language: str) -> Counts:
    """The counts of a text; syllables only where the language's formulas use them."""
    within = [words(text, start, end) for start, end in sentences(text)]
    every = [word for sentence in within for word in sentence]
    letters = [sum(sign.isalnum() for sign in word.text) for word in every]
    if language not in PATTERNS:
        return Counts(len(every), len(within), sum(letters))
    parts = [syllables(word.text, language) for word in every]
    return Counts(
        words=len(every),
        sentences=len(within),
        letters=sum(letters),
        syllables=sum(parts),
        polysyllables=sum(n >= 3 for n in parts),
        complex=sum(_is_complex(word, word is sentence[0]) for sentence in within for word in sentence),
        monosyllables=sum(n == 1 for n in parts),
        long=sum(n > LONG for n in letters),
    )


def _is_complex(word: Word, is_first: bool) -> bool:
    """Gunning's hard words: three syllables, but no names, compounds of easy words, or -es, -ed and -ing."""
    text = word.text
    if syllables(text, "en") < 3 or (text[0].isupper() and not is_first):
        return False
    if "-" in text:
        return any(syllables(part, "en") >= 3 for part in text.split("-") if part)
    for ending in ("es", "ed", "ing"):
        if text.casefold().endswith(ending):
            return syllables(text[: -len(ending)], "en") >= 3
    return True
