"""Encryption at rest of what would tell an arm: the allocation secret, its design, each arm.

Only the allocation's own services (`ceremony`, `allocation`, `verification`, `reveal`) and `unblinded` import
this module; import-linter holds the others to it.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings

ARM_BYTES = 32  # every arm is padded to this, so that a ciphertext's length tells nothing


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ALLOCATION_KEYS])


def seal(secret: bytes) -> bytes:
    """Encrypt with the newest key."""
    return _box().encrypt(secret)


def unseal(sealed: bytes | memoryview) -> bytes:
    """Decrypt with whichever key fits; `cryptography.fernet.InvalidToken` if none does."""
    return _box().decrypt(bytes(sealed))


def seal_arm(arm: str) -> bytes:
    """Encrypt an arm's code; equally long whatever the arm."""
    return seal(arm.encode("ascii").ljust(ARM_BYTES, b"\0"))


def unseal_arm(sealed: bytes | memoryview) -> str:
    """The arm's code."""
    return unseal(sealed).rstrip(b"\0").decode("ascii")
