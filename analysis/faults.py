"""What is wrong with a plan or with data: where, and in one sentence what to do; never more than one line."""

from __future__ import annotations

LONGEST_ECHO = 40


class Fault(ValueError):
    """A fault in one part of a plan: `key` is its path from there, empty for the part itself."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")
        self.key = key
        self.reason = reason


class PlanError(ValueError):
    """A plan that cannot be used; `str()` is exactly one line, `file:key: reason`."""

    def __init__(self, source: str, key: str, reason: str) -> None:
        super().__init__(one_line(f"{source}:{key}: {reason}"))
        self.key = key
        self.reason = reason


class DataError(ValueError):
    """Data that cannot be analysed; `str()` is exactly one line that says which and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(one_line(reason))


def one_line(text: str) -> str:
    """The text with whatever does not print written as an escape."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def shown(value: object) -> str:
    """A value as it stands in a file, in quotation marks, short enough for a message."""
    text = one_line(str(value))
    return f'"{text[:LONGEST_ECHO]}…"' if len(text) > LONGEST_ECHO else f'"{text}"'


def join(path: str, key: str) -> str:
    """The path of a key below another; an index such as `[2]` needs no dot."""
    return f"{path}.{key}" if path and key and not key.startswith("[") else path + key
