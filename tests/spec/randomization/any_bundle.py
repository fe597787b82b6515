"""Published bundles of any rule, whole and true, for the two verifiers."""

from itertools import islice
from random import Random

from randomization.bundle import Drawn, Shares, bundle, tree_root
from randomization.commitment import commitment, leaf, seed_from_shares, share_commitment
from randomization.config import described
from randomization.design import slots, strata
from randomization.ledger import GENESIS, entry_hash
from randomization.minimization import Minimization
from tests.spec.randomization.any_rule import any_design, any_minimization

FACTORS = ({"site": ("01", "02", "03")}, {"lang": ("de", "en"), "site": ("01", "02")}, {})
TREE_SLOTS = 5


def any_bundle(random: Random, people: int = 20):
    """A bundle of a random rule in which `people` were drawn.

    Every seventh of them was refused first; in half of the bundles records were lost and slots burned.
    """
    factors = random.choice(FACTORS[:2]) if random.random() < 0.9 else FACTORS[2]
    minimized = bool(factors) and random.random() < 0.2
    rule = any_minimization(random, tuple(factors)) if minimized else any_design(random)
    return bundle_of(rule, factors, random, people)


def bundle_of(rule, factors, random, people=20):
    """A bundle of this rule."""
    config = {
        "study": "DEMO-1",
        "factors": {name: list(levels) for name, levels in factors.items()},
        "protocol_sha256": random.randbytes(32).hex(),
        **described(rule),
    }
    first, second, beacon = random.randbytes(32), random.randbytes(32), random.choice([b"", b"round 7"])
    commitments = (share_commitment("DEMO-1", 1, first), share_commitment("DEMO-1", 2, second))
    seed = seed_from_shares("DEMO-1", config, first, second, beacon)
    cells = strata(factors)
    tree = None if isinstance(rule, Minimization) else (cells, TREE_SLOTS)
    sealed = {"commitment": commitment(config, seed).hex()}
    ledger = []
    append(ledger, "LOADED", {})
    append(ledger, "SEALED", sealed | ({"root": tree_root(config, seed, *tree).hex()} if tree else {}))
    draws = []
    gap = random.randrange(2 * people) if people else 0
    burned = random.randrange(1, 9)
    for number, (stratum, slot, arm) in enumerate(_drawn(rule, seed, cells, random, people, gap, burned)):
        if number % 7 == 6:
            append(ledger, "REFUSED", {"act": "randomize"})
        if number == gap:
            append(ledger, "GAP_CLOSED", {"burned": burned})
        told = leaf(seed, stratum, slot, arm).hex()
        append(ledger, "RANDOMIZED", {"leaf": told})
        draws.append(Drawn(stratum, slot, arm, told, len(ledger)))
    append(ledger, "LOCKED", {})
    checkpoints = [(entry["seq"], entry["h"]) for entry in ledger[::10]]
    return bundle(config, seed, Shares(first, second, beacon, commitments), draws, ledger, checkpoints, tree)


def append(ledger, action, body):
    """One more entry, in the form of docs/allocation.md."""
    entry = {
        "seq": len(ledger) + 1,
        "prev": ledger[-1]["h"] if ledger else GENESIS,
        "ts": f"2026-03-02T09:{len(ledger) // 60 % 60:02}:{len(ledger) % 60:02}.000000+00:00",
        "actor": "ann",
        "role": "coordinator",
        "action": action,
        "object": "DEMO-1",
        "body": body,
    }
    ledger.append({**entry, "h": entry_hash(entry)})


def _drawn(rule, seed, cells, random, people, gap, burned):
    lists = [enumerate(slots(rule, seed, cell), start=1) for cell in cells] if not _listless(rule) else []
    margins = rule.margins() if _listless(rule) else None
    for number in range(1, people + 1):
        place = random.randrange(len(cells))
        if number == gap + 1:
            lists = [islice(listed, burned, None) for listed in lists]
        if margins is None:
            yield cells[place], *next(lists[place])
            continue
        number += burned if number > gap else 0
        arm = rule.arm_for(seed, number, margins, cells[place])
        margins.add(cells[place], rule.arms.index(arm))
        yield cells[place], number, arm


def _listless(rule):
    return isinstance(rule, Minimization)
