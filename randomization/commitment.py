"""Binding the allocation before it begins, and opening it afterwards (docs/allocation.md)."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from hashlib import sha256

from randomization.design import Stratum
from randomization.encoding import canon, lp
from randomization.stream import SEED_BYTES, hmac_sha256


def share_commitment(study: str, party: int, share: bytes) -> bytes:
    """What a party publishes of its share before either share is shown."""
    return sha256(lp(b"share-v1", study.encode("ascii"), struct.pack(">I", party), share)).digest()


def seed_from_shares(
    study: str, config: Mapping[str, object], first: bytes, second: bytes, beacon: bytes = b""
) -> bytes:
    """The seed of two parties, and of a public beacon if there is one: neither party alone can choose it."""
    if len(first) != SEED_BYTES or len(second) != SEED_BYTES:
        raise ValueError(f"each share has {SEED_BYTES} bytes")
    bound = sha256(canon(dict(config))).digest()
    return hmac_sha256(first, lp(b"seed-v1", study.encode("ascii"), bound, second, beacon))


def commitment(config: Mapping[str, object], seed: bytes) -> bytes:
    """Binds design and seed without telling either: the seed has 256 bits."""
    return sha256(lp(b"alloc-commit-v1", canon(dict(config)), seed)).digest()


def salt(seed: bytes, stratum: Stratum, slot: int) -> bytes:
    """What hides one slot's arm; shown with the arm, it opens that leaf and no other."""
    return hmac_sha256(seed, lp(b"salt-v1", canon(dict(stratum)), struct.pack(">I", slot)))


def leaf(seed: bytes, stratum: Stratum, slot: int, arm: str) -> bytes:
    """The salted hash of one slot's arm; without the salt two guesses would tell the arm."""
    return open_leaf(salt(seed, stratum, slot), stratum, slot, arm)


def open_leaf(salt: bytes, stratum: Stratum, slot: int, arm: str) -> bytes:
    """The leaf that this salt and arm give: whoever holds a leaf compares."""
    return sha256(
        b"\x00" + lp(salt, canon(dict(stratum)), struct.pack(">I", slot), arm.encode("ascii"))
    ).digest()
