"""Whether a sentence denies what one of its phrases says ("no cord compression").

After NegEx (Chapman et al. 2001): a cue reaches a few words forwards or backwards, up to the end of its
clause. Where the reach is in doubt it ends, so that a phrase is rather flagged for nothing than missed: at
"and", and at a comma unless the clause goes on as a list with "or".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trial.wording.phrases import Hit, Phrases
from trial.wording.text import Word

REACH = 8  # words between a cue and the phrase
_STOP = re.compile(r"[;:()\u2013\u2014]|\s-\s")


@dataclass(frozen=True)
class Negation:
    """The cues of a language."""

    cues: Phrases
    joins: frozenset[str]

    @classmethod
    def of(cls, table: Mapping[str, Sequence[str]]) -> Negation:
        """Longer cues win over the shorter ones in them, so that "not only" hides "not".

        A cue of both directions is one of `after` that is also one of `before`.
        """
        both = set(table["before"]) & set(table["after"])
        return cls(
            Phrases(
                {
                    "before": [cue for cue in table["before"] if cue not in both],
                    "after": [cue for cue in table["after"] if cue not in both],
                    "both": both,
                    "pseudo": table["pseudo"],
                    "ends": table["ends"],
                }
            ),
            frozenset(table["joins"]),
        )

    def denies(self, text: str, words: Sequence[Word], keys: Sequence[str], hit: Hit) -> bool:
        """Whether the phrase at `hit` is denied in the sentence that has these words."""
        cues = self.cues.find(keys)
        return any(self._reaches(text, words, keys, cues, cue, hit) for cue in cues)

    def _reaches(
        self,
        text: str,
        words: Sequence[Word],
        keys: Sequence[str],
        cues: Sequence[Hit],
        cue: Hit,
        hit: Hit,
    ) -> bool:
        if cue.name in ("before", "both") and cue.end <= hit.start:
            first, last = cue.end, hit.start
            listed = keys[first : self._clause_end(text, words, cues, hit.end)]
        elif cue.name in ("after", "both") and hit.end <= cue.start:
            first, last = hit.end, cue.start
            listed = keys[first:last]
        else:
            return False
        if last - first > REACH or any(
            end.name in ("ends", "pseudo") and first <= end.start < last for end in cues
        ):
            return False
        between = text[words[first - 1].end : words[last].start]
        if _STOP.search(between):
            return False
        return "," not in between or not self.joins.isdisjoint(listed)

    def _clause_end(self, text: str, words: Sequence[Word], cues: Sequence[Hit], after: int) -> int:
        """The number of the first word that is no longer of the clause."""
        for place in range(after, len(words)):
            if _STOP.search(text[words[place - 1].end : words[place].start]) or any(
                end.name == "ends" and end.start == place for end in cues
            ):
                return place
        return len(words)
