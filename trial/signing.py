"""Signatures that anyone can check later with the public key: of receipts, and of checkpoints.

Notes have the form of C2SP signed-note: text, an empty line, and `— name base64(key hash ‖ signature)`.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

ED25519 = b"\x01"  # the type of signature in a note's key hash
KEY_HASH_BYTES = 4


def public_key() -> str:
    """What signatures are checked with: 32 bytes, base64."""
    return base64.b64encode(_public_bytes()).decode()


def signature(message: bytes) -> str:
    """The signature of a message, base64."""
    return base64.b64encode(_key().sign(message)).decode()


def holds(message: bytes, signed: str, key: str) -> bool:
    """Whether the signature is that of the message under a public key."""
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(signed, validate=True), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def note(name: str, text: str) -> str:
    """A signed note; `text` ends with a line break."""
    signed = _key_hash(name, _public_bytes()) + _key().sign(text.encode())
    return f"{text}\n\u2014 {name} {base64.b64encode(signed).decode()}\n"


def opened(note: str, name: str, key: str) -> str | None:
    """A note's text, or None unless `name` signed it with this public key."""
    text, between, last = note.rpartition("\n\u2014 ")
    if not between or not last.endswith("\n"):
        return None
    signer, _, signed = last[:-1].rpartition(" ")
    try:
        raw, public = base64.b64decode(signed, validate=True), base64.b64decode(key, validate=True)
    except ValueError:
        return None
    ours = signer == name and raw[:KEY_HASH_BYTES] == _key_hash(name, public)
    made = base64.b64encode(raw[KEY_HASH_BYTES:]).decode()
    return text if ours and holds(text.encode(), made, key) else None


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.SIGNING_KEY))


def _public_bytes() -> bytes:
    return _key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _key_hash(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:KEY_HASH_BYTES]
