"""How many syllables a word has, in the languages whose readability formulas ask for it.

Patterns of hyphenation (pyphen) find fewer syllables than there are, because a printer does not break every
word; groups of vowels find fewer too, but not in the same words. The larger of the two counts is taken.
docs/wording.md tells how often that is right.
"""

from __future__ import annotations

import re
from functools import cache

import pyphen

from trial.wording.text import key

PATTERNS = {"en": "en_US", "de": "de_DE", "es": "es"}
SHORTEST = 2  # letters that hyphenation must leave on either side: with one, "disc" would fall in two


@cache
def syllables(word: str, language: str) -> int:
    """At least one; a level such as L4/5 or a number counts as one."""
    if any(sign.isdigit() for sign in word):
        return 1
    return sum(_of_part(part, language) for part in re.split(r"[-/]", key(word)) if part)


def _of_part(part: str, language: str) -> int:
    hyphens = len(_patterns(language).positions(part))
    return max(1, hyphens + 1, _NUCLEI[language](part))


@cache
def _patterns(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=PATTERNS[language], left=SHORTEST, right=SHORTEST)


def _english(word: str) -> int:
    """Groups of vowels, less the endings -e, -ed and -es where they are silent."""
    groups = len(re.findall("[aeiouy]+", word))
    silent = re.search("(?<!l)e$|(?<![td])ed$|(?<![szxcg])(?<!sh)(?<!ch)es$", word)
    return groups - bool(silent)


def _german(word: str) -> int:
    return len(re.findall("ei|ie|ai|au|eu|äu|aa|ee|oo|[aeiouyäöü]", word.replace("qu", "k")))


def _spanish(word: str) -> int:
    """Each strong or accented vowel is a nucleus; weak ones lean on it, or are one together."""
    strong = len(re.findall("[aeoáéóíú]", word))
    return strong + len(re.findall("(?<![aeoáéóíúiuü])[iuü]+(?![aeoáéóíúiuü])", word))


_NUCLEI = {"en": _english, "de": _german, "es": _spanish}
