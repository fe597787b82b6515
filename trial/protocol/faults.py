"""What is wrong with a protocol: where, and in one sentence what to do; never more than one line."""

from __future__ import annotations

import re
import unicodedata

LONGEST_ECHO = 60
BARE_KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # Unicode's controls, formats, separators


class Fault(ValueError):
    """A fault in one part of a protocol: `key` is its path from there, empty for the part itself."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key = key
        self.reason = reason


class ProtocolError(ValueError):
    """A protocol that cannot be used; `str()` is exactly one line, `file:key: reason`."""

    def __init__(self, source: str, key: str, reason: str) -> None:
        super().__init__(f"{escaped(source)}:{key}: {reason}")
        self.source = source
        self.key = key
        self.reason = reason


def is_visible(sign: str) -> bool:
    """Whether a sign shows as itself: no control, no line separator, nothing that turns the line round."""
    return unicodedata.category(sign) not in INVISIBLE


def escaped(text: str) -> str:
    """The text on one line, with what does not show written as an escape."""
    return "".join(
        sign if is_visible(sign) else sign.encode("unicode_escape", "surrogatepass").decode() for sign in text
    )


def shown(text: str) -> str:
    """What stands in the file, short and harmless enough to be repeated in a message."""
    safe = escaped(text[: LONGEST_ECHO + 1])
    return f'"{safe[: LONGEST_ECHO - 1]}…"' if len(safe) > LONGEST_ECHO else f'"{safe}"'


def key_of(name: str) -> str:
    """A key as it stands in a path; an odd one in quotation marks."""
    return name if BARE_KEY.fullmatch(name) else shown(name)


def join(path: str, key: str) -> str:
    """The path of a key below another."""
    return f"{path}.{key}" if path and key else path + key
