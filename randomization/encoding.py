"""Bytes that every implementation agrees on: what is hashed must not depend on a language's habits."""

from __future__ import annotations

import json
import struct

LARGEST = (1 << 53) - 1  # a whole number beyond it loses digits in JavaScript and R


def lp(*parts: bytes) -> bytes:
    """Each part behind its length (4 bytes, big-endian): no two lists of parts give the same bytes."""
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def canon(value: object) -> bytes:
    r"""Canonical JSON: sorted keys, no spaces, ASCII text and integers only.

    ValueError for a float, a truth value, nothing, a number beyond 2^53 - 1, or text beyond ASCII: languages
    write these differently. Control characters and DEL are escaped (`\\n`, `\\u007f`), nothing else is.
    """
    _check(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")


def _check(value: object) -> None:
    if isinstance(value, str):
        if not value.isascii():
            raise ValueError(f"{value!r} is not ASCII")
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise ValueError(f"the key {key!r} is not text")
            _check(key)
            _check(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            _check(inner)
    elif type(value) is not int:
        raise ValueError(f"{value!r} is neither text nor a whole number")
    elif abs(value) > LARGEST:
        raise ValueError(f"{value} is not a number that every language keeps exactly")
