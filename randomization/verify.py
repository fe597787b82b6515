"""Checks a published bundle: that everybody got what the sealed secret said, and nothing was changed since.

`verify.js` checks the same in the same order, in another language; both give the same line for a fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count, zip_longest
from typing import Any

from randomization.bundle import FORMAT, tree_root
from randomization.commitment import commitment, leaf, seed_from_shares, share_commitment
from randomization.config import rule_of
from randomization.design import Stratum, slots
from randomization.encoding import canon
from randomization.ledger import verify_chain
from randomization.minimization import Minimization

Bundle = Mapping[str, Any]  # JSON from outside: its shape is part of what is checked


class _Fault(Exception):
    """The first thing that does not hold, in a line."""


def verify(bundle: Bundle) -> str | None:
    """One line that names the first fault, or None when everything holds."""
    try:
        for check in CHECKS:
            check(bundle)
    except _Fault as fault:
        return str(fault)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return "bundle: not in the form of docs/allocation.md"
    return None


def _require(holds: bool, fault: str) -> None:
    if not holds:
        raise _Fault(fault)


def check_format(bundle: Bundle) -> None:
    """The bundle is of the version that this code knows, and its configuration describes a rule."""
    _require(bundle["format"] == FORMAT, f"format: not {FORMAT}")
    rule_of(bundle["config"])


def check_secret(bundle: Bundle) -> None:
    """Both shares open what was published of them, the seed follows from them, and was committed to."""
    config, seed, shares = bundle["config"], bytes.fromhex(bundle["seed"]), bundle["shares"]
    first, second = bytes.fromhex(shares["first"]), bytes.fromhex(shares["second"])
    published_of = zip((first, second), shares["commitments"], strict=True)
    for party, (part, published) in enumerate(published_of, start=1):
        opened = share_commitment(config["study"], party, part).hex()
        _require(opened == published, f"share {party}: does not open its commitment")
    found = seed_from_shares(config["study"], config, first, second, bytes.fromhex(shares["beacon"]))
    _require(found == seed, "seed: does not follow from the shares")
    opened = commitment(config, seed).hex()
    _require(opened == bundle["commitment"], "commitment: not that of this configuration and seed")


def check_tree(bundle: Bundle) -> None:
    """The root that was published is that of the slots that the secret gives."""
    if tree := bundle["tree"]:
        root = tree_root(bundle["config"], bytes.fromhex(bundle["seed"]), tree["strata"], tree["slots"])
        _require(root.hex() == tree["root"], "tree: not the root of these slots")


def check_draws(bundle: Bundle) -> None:
    """Every draw is the next of its stratum, its arm is what the secret gives, its leaf is of that arm."""
    seed, factors = bytes.fromhex(bundle["seed"]), bundle["config"]["factors"]
    due, gaps = _due(bundle["config"], seed), _gaps(bundle)
    for number, draw in enumerate(bundle["draws"], start=1):
        stratum = draw["stratum"]
        known = stratum.keys() == factors.keys() and all(stratum[name] in factors[name] for name in factors)
        _require(known, f"draw {number}: a stratum that the configuration does not have")
        slot, arm = due(stratum, sum(burned for entry, burned in gaps if entry < draw["entry"]))
        _require(draw["slot"] == slot, f"draw {number}: slot {draw['slot']} where {slot} is due")
        _require(draw["arm"] == arm, f"draw {number}: not the arm that the secret gives")
        opened = leaf(seed, stratum, slot, arm).hex()
        _require(draw["leaf"] == opened, f"draw {number}: the leaf is not that of its arm")


def check_ledger(bundle: Bundle) -> None:
    """The chain holds, sealing came first, and the ledger's randomizations are the draws, one by one."""
    fault = verify_chain(bundle["ledger"])
    _require(fault is None, f"ledger: {fault}")
    entries, acts = bundle["ledger"], ("SEALED", "RANDOMIZED")
    sealed, randomized = ([entry for entry in entries if entry["action"] == act] for act in acts)
    published = {"commitment": bundle["commitment"], "root": bundle["tree"].get("root")}
    first = min([entry["seq"] for entry in randomized], default=len(entries) + 1)
    once = len(sealed) == 1 and sealed[0]["seq"] < first
    once = once and all(sealed[0]["body"].get(name) == value for name, value in published.items())
    _require(once, "ledger: not sealed once, with this commitment, before the first randomization")
    for number, (draw, entry) in enumerate(zip_longest(bundle["draws"], randomized), start=1):
        same = draw and entry and (draw["entry"], draw["leaf"]) == (entry["seq"], entry["body"]["leaf"])
        _require(bool(same), f"draw {number}: not the randomization that the ledger has")


def check_checkpoints(bundle: Bundle) -> None:
    """What was kept outside is still in the ledger: it was neither rewritten before it nor cut."""
    hashes = {entry["seq"]: entry["h"] for entry in bundle["ledger"]}
    for kept in bundle["checkpoints"]:
        _require(hashes.get(kept["seq"]) == kept["h"], f"checkpoint {kept['seq']}: not in the ledger")


CHECKS: tuple[Callable[[Bundle], None], ...] = (
    check_format,
    check_secret,
    check_tree,
    check_draws,
    check_ledger,
    check_checkpoints,
)


def _gaps(bundle: Bundle) -> list[tuple[int, int]]:
    """Where records were lost: the entry that says so, and how many slots of each stratum it burned."""
    return [(e["seq"], e["body"]["burned"]) for e in bundle["ledger"] if e["action"] == "GAP_CLOSED"]


Due = Callable[[Stratum, int], tuple[int, str]]


def _due(config: Mapping[str, object], seed: bytes) -> Due:
    """A function from a stratum, and how many slots were burned so far, to the slot and arm that are due."""
    rule = rule_of(config)
    if isinstance(rule, Minimization):
        return _next_draw(rule, seed)
    lists: dict[bytes, Iterator[tuple[int, str]]] = {}
    skipped: dict[bytes, int] = {}

    def due(stratum: Stratum, burned: int) -> tuple[int, str]:
        name = canon(dict(stratum))
        listed = lists.setdefault(name, enumerate(slots(rule, seed, stratum), start=1))
        for _ in range(burned - skipped.get(name, 0)):
            next(listed)
        skipped[name] = burned
        return next(listed)

    return due


def _next_draw(rule: Minimization, seed: bytes) -> Due:
    margins, numbers = rule.margins(), count(1)

    def due(factors: Stratum, burned: int) -> tuple[int, str]:
        number = next(numbers) + burned
        arm = rule.arm_for(seed, number, margins, factors)
        margins.add(factors, rule.arms.index(arm))
        return number, arm

    return due
