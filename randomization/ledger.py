"""A chain of entries, each holding the hash of the one before: a changed, lost or moved entry shows.

The chain alone does not show a ledger that was rewritten from some entry on, or cut at its end: for that
somebody outside must have kept a later hash, such as a receipt's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256

from randomization.encoding import canon

GENESIS = "0" * 64  # what the first entry holds in the place of an earlier hash


def entry_hash(entry: Mapping[str, object]) -> str:
    """SHA-256 (hex) of the entry without its own hash `h`."""
    return sha256(canon({key: value for key, value in entry.items() if key != "h"})).hexdigest()


def verify_chain(entries: Iterable[Mapping[str, object]]) -> str | None:
    """One line naming the first bad entry, or None when the chain holds."""
    prev = GENESIS
    for number, entry in enumerate(entries, start=1):
        if entry.get("seq") != number:
            return f"entry {number}: the number here is {entry.get('seq')}"
        if entry.get("prev") != prev:
            return f"entry {number}: it does not follow the entry before it"
        if not _holds(entry):
            return f"entry {number}: its content is not what was written"
        prev = str(entry["h"])
    return None


def _holds(entry: Mapping[str, object]) -> bool:
    try:
        return entry_hash(entry) == entry.get("h")
    except ValueError:  # content that could never have been hashed was not what was written
        return False
