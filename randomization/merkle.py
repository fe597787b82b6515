"""One hash over all leaves, and the proof that one leaf is under it without showing the others (RFC 6962)."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaves that are hashes already, in their order."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = _middle(len(leaves))
    return _node(merkle_root(leaves[:middle]), merkle_root(leaves[middle:]))


def inclusion_path(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The hashes that lead from the leaf at `index` (from 0) to the root, lowest first (RFC 6962, 2.1.1)."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"there is no leaf {index} among {len(leaves)}")
    if len(leaves) == 1:
        return ()
    middle = _middle(len(leaves))
    if index < middle:
        return (*inclusion_path(leaves[:middle], index), merkle_root(leaves[middle:]))
    return (*inclusion_path(leaves[middle:], index - middle), merkle_root(leaves[:middle]))


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path proves that `leaf` stands at `index` of the `size` leaves under `root`."""
    return 0 <= index < size and _climb(leaf, index, size, list(path)) == root


def _climb(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root that the path leads to; None when the path is too short or too long. Takes from its end."""
    if size == 1:
        return None if path else leaf
    if not path:
        return None
    sibling, middle = path.pop(), _middle(size)
    if index < middle:
        below = _climb(leaf, index, middle, path)
        return below and _node(below, sibling)
    below = _climb(leaf, index - middle, size - middle, path)
    return below and _node(sibling, below)


def _middle(size: int) -> int:
    """The largest power of two below `size`: how many leaves stand on the left."""
    return 1 << (size - 1).bit_length() - 1


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()
