"""The bundle that is published after the lock: all that anyone needs to check the allocation again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from randomization.commitment import commitment, leaf
from randomization.config import rule_of
from randomization.design import Stratum, slots
from randomization.merkle import merkle_root
from randomization.minimization import Minimization

FORMAT = "allocation-bundle-v1"
Entry = Mapping[str, object]


class Shares(NamedTuple):
    """The parties' shares, the public beacon (may be empty), and what was published of the shares."""

    first: bytes
    second: bytes
    beacon: bytes
    commitments: tuple[bytes, bytes]


class Drawn(NamedTuple):
    """One allocation as it was recorded: `entry` is its number in the ledger, `stratum` the factors then.

    With minimization `slot` is the number of the draw.
    """

    stratum: Stratum
    slot: int
    arm: str
    leaf: str
    entry: int


def bundle(
    config: Mapping[str, object],
    seed: bytes,
    shares: Shares,
    draws: Sequence[Drawn],
    ledger: Sequence[Entry],
    checkpoints: Sequence[tuple[int, str]] = (),
    tree: tuple[Sequence[Stratum], int] | None = None,
) -> dict[str, object]:
    """The bundle as JSON has it: draws in the order of the ledger, which is whole.

    `checkpoints` are numbers and hashes of entries as kept outside; `tree` the strata and the slots of each
    over which the published root was made, None when the rule has no list. Nothing is checked: `verify` does.
    """
    return {
        "format": FORMAT,
        "config": dict(config),
        "seed": seed.hex(),
        "commitment": commitment(config, seed).hex(),
        "shares": {
            "first": shares.first.hex(),
            "second": shares.second.hex(),
            "beacon": shares.beacon.hex(),
            "commitments": [share.hex() for share in shares.commitments],
        },
        "tree": _tree(config, seed, *tree) if tree else {},
        "draws": [{**draw._asdict(), "stratum": dict(draw.stratum)} for draw in draws],
        "ledger": [dict(entry) for entry in ledger],
        "checkpoints": [{"seq": seq, "h": h} for seq, h in checkpoints],
    }


def tree_root(config: Mapping[str, object], seed: bytes, strata: Sequence[Stratum], length: int) -> bytes:
    """The root over the first `length` slots of each stratum, one after the other: published when sealing."""
    rule = rule_of(config)
    if isinstance(rule, Minimization):
        raise ValueError("tree: minimization has no list of slots")
    return merkle_root(
        [
            leaf(seed, stratum, slot, arm)
            for stratum in strata
            for slot, arm in enumerate(islice(slots(rule, seed, stratum), length), start=1)
        ]
    )


def _tree(
    config: Mapping[str, object], seed: bytes, strata: Sequence[Stratum], length: int
) -> dict[str, object]:
    root = tree_root(config, seed, strata, length).hex()
    return {"strata": [dict(stratum) for stratum in strata], "slots": length, "root": root}
