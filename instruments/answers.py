"""What an answer may be: an integer of the item's scale, or a reason why there is none.

Text is read strictly, because what is kept must be what was sent: the digits 0 to 9 in their shortest form,
nothing around them. Digits of other scripts are refused rather than guessed; a page turns them itself.
"""

from __future__ import annotations

import re
from enum import Enum

from instruments.model import Item

WHOLE_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,5}")
LONGEST_ECHO = 20


class Missing(Enum):
    """Why an item has no answer. Four different facts, none of them a zero."""

    SKIPPED = "skipped"
    DECLINED = "declined"
    NOT_APPLICABLE = "not_applicable"
    NOT_SHOWN = "not_shown"


class AnswerError(ValueError):
    """An answer that cannot be accepted; `reason` is one short line for the person who gave it."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


def check_answer(item: Item, raw: object) -> int:
    """The answer as an integer of the item's scale; `AnswerError` for anything else."""
    value = _whole_number(item, raw)
    if item.scale.accepts(value):
        return value
    if item.minimum <= value <= item.maximum:
        raise AnswerError(item.code, f"{value} is not one of the choices")
    raise AnswerError(item.code, f"{_shown(value)} is not between {item.minimum} and {item.maximum}")


def _whole_number(item: Item, raw: object) -> int:
    if type(raw) is int:
        return raw
    if raw is None or raw == "":
        raise AnswerError(item.code, "there is no answer")
    if isinstance(raw, str) and WHOLE_NUMBER.fullmatch(raw):
        return int(raw)
    raise AnswerError(item.code, f"{_shown(raw)} is not a whole number in the digits 0 to 9")


def _shown(raw: object) -> str:
    """What was sent, short and harmless enough to be repeated in a message."""
    if type(raw) is int:
        return str(raw) if abs(raw) < 10**9 else "this number"
    if not isinstance(raw, str):
        return "this"
    safe = "".join(sign if sign.isprintable() else "?" for sign in raw[:LONGEST_ECHO])
    return f'"{safe}…"' if len(raw) > LONGEST_ECHO else f'"{safe}"'
