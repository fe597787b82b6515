"""What must be true of the answers that the clients of a campaign got (integrity.md 3.1, I1, I6, I10)."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from trial.models import Study
from trial.models.allocation import Allocation
from trial.services.allocation import Receipt

Line = Mapping[str, Any]  # a line of a client's history, whose values are of several types
AGAIN = {503, 507}


def receipts(lines: Iterable[Line]) -> list[Receipt]:
    """Every receipt that a client was given."""
    return [Receipt(**json.loads(line["body"])) for line in lines if line["kind"] == "ok"]


def faults(study: Study, lines: Sequence[Line], log: str) -> Mapping[str, object]:
    """Every violated promise under its name; all empty when the clients have nothing to complain of."""
    asked = {line["person"] for line in lines}
    accepted = {line["person"] for line in lines if line["kind"] == "ok"}
    refused = {line["person"] for line in lines if line["kind"] == "fail"}
    rows = Allocation.objects.filter(study=study).select_related("participant")
    there = {row.participant.code for row in rows}
    return {
        "without an answer in the end": sorted(asked - accepted - refused),
        "refused": sorted(refused),
        "allocated, and nobody was told": sorted(there - accepted),
        "told differently": _differently(lines),
        "errors that are not 503 with Retry-After": _errors(lines),
        "answers that tell too much": _leaks(study, (str(line.get("body", "")) for line in lines)),
        "log that tells an arm": _leaks(study, [log], words=()),
    }


def _differently(lines: Iterable[Line]) -> list[str]:
    """Who was told two things: a repeated request gets the same bytes (T66)."""
    bodies: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        if line["kind"] == "ok":
            bodies[line["person"]].add(line["body"])
    return [person for person, texts in bodies.items() if len(texts) > 1]


def _errors(lines: Iterable[Line]) -> dict[str, int]:
    wrong = (
        f"{line['status']} {line['body'][:80]}"
        for line in lines
        if line.get("status", 0) >= 500 and not (line["status"] in AGAIN and line["retry_after"])
    )
    return dict(Counter(wrong))


def _leaks(study: Study, texts: Iterable[str], words: Sequence[str] = ("Traceback", 'File "')) -> list[str]:
    """Texts with an arm in them, or with a look into the program."""
    secret = [*words, *(arm.code for arm in study.protocol.arms)]
    return [text[:200] for text in texts if any(word in text for word in secret)]
