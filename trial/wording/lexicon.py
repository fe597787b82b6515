"""Words that alarm or that few understand, one file a language and version. It flags and replaces nothing."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from trial.wording.negation import Negation
from trial.wording.phrases import Hit, Phrases
from trial.wording.text import Word, key, sentences, words

CURRENT = {"en": 1, "de": 1, "es": 1, "hi": 1}


@dataclass(frozen=True, slots=True)
class Term:
    """A word, what may stand instead of it, who says so, and who found it hard to understand, if so."""

    term: str
    forms: tuple[str, ...]
    source: str
    instead: str = ""
    approval: bool = False
    unclear: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """A term as it stands in a text, from `start` to `end`."""

    term: Term
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Untrue:
    """A claim in a text that no report version may make, and why."""

    text: str
    start: int
    end: int
    why: str


@dataclass(frozen=True)
class Lexicon:
    """One version of one language's words."""

    language: str
    version: int
    sha256: str
    terms: dict[str, Term]
    negation: Negation
    _terms: Phrases
    _calming: Phrases
    _untrue: Phrases

    def flags(self, text: str) -> list[Flag]:
        """The terms in the text, less those that their sentence denies."""
        return [
            Flag(self.terms[hit.name], text[start:end], start, end)
            for sentence in _sentences(text)
            for hit, start, end in sentence.hits(self._terms)
            if not self.negation.denies(text, sentence.words, sentence.keys, hit)
        ]

    def calming(self, text: str) -> int:
        """How many calming phrases the text has."""
        return sum(len(self._calming.find(sentence.keys)) for sentence in _sentences(text))

    def untrue(self, text: str) -> list[Untrue]:
        """What the text claims and may not, whatever its sentence does with it."""
        return [
            Untrue(text[start:end], start, end, hit.name)
            for sentence in _sentences(text)
            for hit, start, end in sentence.hits(self._untrue)
        ]

    def denies(self, text: str, phrase: str) -> bool:
        """Whether every sentence of the text that has the phrase denies it."""
        looked_for = Phrases({"phrase": [" ".join(word.text for word in words(phrase))]})
        denied = [
            self.negation.denies(text, sentence.words, sentence.keys, hit)
            for sentence in _sentences(text)
            for hit in looked_for.find(sentence.keys)
        ]
        return bool(denied) and all(denied)


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: Sequence[Word]
    keys: Sequence[str]

    def hits(self, phrases: Phrases) -> Iterator[tuple[Hit, int, int]]:
        for hit in phrases.find(self.keys):
            yield hit, self.words[hit.start].start, self.words[hit.end - 1].end


def _sentences(text: str) -> Iterator[_Sentence]:
    for start, end in sentences(text):
        found = words(text, start, end)
        yield _Sentence(found, [key(word.text) for word in found])


@cache
def lexicon(language: str, version: int | None = None) -> Lexicon:
    """The lexicon of a language: the current one, or the version that was named."""
    name = f"{language}-{version or CURRENT[language]}.toml"
    data = (resources.files("trial.wording.lexicons") / name).read_bytes()
    table = tomllib.loads(data.decode())
    terms = {each["term"]: Term(**{**each, "forms": tuple(each["forms"])}) for each in table["terms"]}
    return Lexicon(
        language,
        table["version"],
        hashlib.sha256(data).hexdigest(),
        terms,
        Negation.of(table["negation"]),
        Phrases({name: term.forms for name, term in terms.items()}),
        Phrases({"calming": table["calming"]["forms"]}),
        Phrases({each["why"]: each["forms"] for each in table["untrue"]}),
    )
