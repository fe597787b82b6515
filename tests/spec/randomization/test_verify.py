"""A published bundle, checked by two verifiers: ours, and one in JavaScript that shares no code with it"""

import copy
import json
import subprocess
from pathlib import Path
from random import Random

import pytest

from randomization.bundle import tree_root
from randomization.by_counts import Simple
from randomization.commitment import leaf
from randomization.design import PermutedBlocks
from randomization.ledger import GENESIS, entry_hash
from randomization.minimization import Minimization
from randomization.verify import verify
from tests.spec.randomization.any_bundle import any_bundle, bundle_of

VERIFIER = Path(__file__).parents[3] / "randomization" / "verify.js"
FACTORS = {"lang": ("de", "en"), "site": ("01", "02")}
BLOCKS = PermutedBlocks(("A", "B"), (1, 1), (4, 6))
NO_FORM = "bundle: not in the form of docs/allocation.md"


def by_javascript(folder, bundles):
    """What verify.js says of each bundle, None where everything holds."""
    for number, bundle in enumerate(bundles):
        (folder / f"{number}.json").write_text(json.dumps(bundle))
    names = [f"{number}.json" for number in range(len(bundles))]
    done = subprocess.run(["node", VERIFIER, *names], cwd=folder, capture_output=True, text=True, check=False)
    said = [line.split(": ", 1)[1] for line in done.stdout.splitlines()]
    assert len(said) == len(bundles), done.stderr
    assert done.returncode == any(line != "everything holds" for line in said)
    return [None if line == "everything holds" else line for line in said]


def true_bundle(rule=BLOCKS):
    return json.loads(json.dumps(bundle_of(rule, FACTORS, Random(7), people=30)))


def rehash(bundle, start=0):
    """Give the ledger from an entry on the hashes that its new content has: what a database owner can do."""
    prev = bundle["ledger"][start - 1]["h"] if start else GENESIS
    for number, entry in enumerate(bundle["ledger"][start:], start=start + 1):
        entry.update(seq=number, prev=prev)
        entry["h"] = prev = entry_hash(entry)
    return bundle


@pytest.mark.slow
@pytest.mark.node
def test_a_thousand_random_designs_verify_in_both_languages(tmp_path):
    """Every rule, two to four arms, equal and unequal ratios; seed 2026."""
    random = Random(2026)
    bundles = [json.loads(json.dumps(any_bundle(random))) for _ in range(1000)]
    assert [verify(bundle) for bundle in bundles] == [None] * 1000
    assert by_javascript(tmp_path, bundles) == [None] * 1000
    assert len({bundle["config"]["alg"] for bundle in bundles}) == 8


def _set(*path, to):
    def tamper(bundle):
        place = bundle
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = to(place[path[-1]]) if callable(to) else to

    return tamper


def _other(digest):
    return ("0" if digest[0] != "0" else "1") + digest[1:]


def _swap_two_arms(bundle):
    """Two people of one stratum exchange arms and leaves, and the whole chain is computed again."""
    draws = [draw for draw in bundle["draws"] if draw["stratum"] == bundle["draws"][0]["stratum"]]
    one, two = draws[0], next(draw for draw in draws if draw["arm"] != draws[0]["arm"])
    one["arm"], two["arm"] = two["arm"], one["arm"]
    seed = bytes.fromhex(bundle["seed"])
    for draw in (one, two):
        draw["leaf"] = leaf(seed, draw["stratum"], draw["slot"], draw["arm"]).hex()
        bundle["ledger"][draw["entry"] - 1]["body"]["leaf"] = draw["leaf"]
    bundle["checkpoints"] = []
    rehash(bundle)


def _delete_a_draw(bundle):
    gone = bundle["draws"].pop(4)
    del bundle["ledger"][gone["entry"] - 1]
    for draw in bundle["draws"][4:]:
        draw["entry"] -= 1
    rehash(bundle)


def _truncate(bundle):
    kept = bundle["checkpoints"][-1]["seq"] - 1
    bundle["ledger"] = bundle["ledger"][:kept]
    bundle["draws"] = [draw for draw in bundle["draws"] if draw["entry"] <= kept]


def _other_blocks(bundle):
    bundle["config"]["blocks"] = [4]


def _seal_late(bundle):
    ledger = bundle["ledger"]
    ledger.insert(6, ledger.pop(1))
    for draw in bundle["draws"]:
        draw["entry"] = next(e["seq"] for e in ledger if e["body"].get("leaf") == draw["leaf"])
    rehash(bundle)


def _edit_and_rehash(bundle):
    bundle["ledger"][15]["actor"] = "eve"
    rehash(bundle, 15)


def _drop_an_entry(bundle):
    del bundle["ledger"][12]


def _swap_two_entries(bundle):
    ledger = bundle["ledger"]
    ledger[8], ledger[9] = ledger[9], ledger[8]


def _hide_a_draw(bundle):
    bundle["draws"].pop()


def _root_of_other_slots(bundle):
    cells, seed = bundle["tree"]["strata"], bytes.fromhex(bundle["seed"])
    bundle["tree"]["root"] = tree_root(bundle["config"], seed, cells, 6).hex()


TAMPERED = {
    "another format": (_set("format", to="allocation-bundle-v9"), "format: not allocation-bundle-v1"),
    "a first share that was not published": (
        _set("shares", "first", to=_other),
        "share 1: does not open its commitment",
    ),
    "a second share that was not published": (
        _set("shares", "second", to=_other),
        "share 2: does not open its commitment",
    ),
    "another seed": (_set("seed", to=_other), "seed: does not follow from the shares"),
    "another beacon": (_set("shares", "beacon", to="00"), "seed: does not follow from the shares"),
    "other block sizes": (_other_blocks, "seed: does not follow from the shares"),
    "another commitment": (
        _set("commitment", to=_other),
        "commitment: not that of this configuration and seed",
    ),
    "a root of other slots": (_root_of_other_slots, "tree: not the root of these slots"),
    "a stratum that does not exist": (
        _set("draws", 2, "stratum", "site", to="09"),
        "draw 3: a stratum that the configuration does not have",
    ),
    "a stratum with a factor too few": (
        _set("draws", 2, "stratum", to={"site": "01"}),
        "draw 3: a stratum that the configuration does not have",
    ),
    "a slot that was left out": (_set("draws", 0, "slot", to=2), "draw 1: slot 2 where 1 is due"),
    "two arms exchanged, all hashes renewed": (_swap_two_arms, "draw 1: not the arm that the secret gives"),
    "a leaf of nothing": (_set("draws", 5, "leaf", to=_other), "draw 6: the leaf is not that of its arm"),
    "a draw deleted, all hashes renewed": (_delete_a_draw, "draw 6: slot 5 where 4 is due"),
    "an edited entry": (
        _set("ledger", 15, "actor", to="eve"),
        "ledger: entry 16: its content is not what was written",
    ),
    "an entry with content that has no canonical form": (
        _set("ledger", 15, "actor", to="Zoë"),
        "ledger: entry 16: its content is not what was written",
    ),
    "an edited entry, hashes renewed from there": (_edit_and_rehash, "checkpoint 21: not in the ledger"),
    "an entry deleted": (_drop_an_entry, "ledger: entry 13: the number here is 14"),
    "two entries exchanged": (_swap_two_entries, "ledger: entry 9: the number here is 10"),
    "a chain that begins elsewhere": (
        _set("ledger", 0, "prev", to="1" * 64),
        "ledger: entry 1: it does not follow the entry before it",
    ),
    "the end cut off": (_truncate, "checkpoint 31: not in the ledger"),
    "sealed after the first randomization": (
        _seal_late,
        "ledger: not sealed once, with this commitment, before the first randomization",
    ),
    "a draw that was kept back": (_hide_a_draw, "draw 30: not the randomization that the ledger has"),
    "a checkpoint of another ledger": (
        _set("checkpoints", 1, "h", to=_other),
        "checkpoint 11: not in the ledger",
    ),
    "no shares": (_set("shares", to=None), NO_FORM),
    "no draws": (_set("draws", to=None), NO_FORM),
    "a rule that nobody knows": (_set("config", "alg", to="XX-v1"), NO_FORM),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_our_verifier_names_the_first_fault(name):
    tamper, fault = TAMPERED[name]
    bundle = true_bundle()
    assert verify(bundle) is None
    tamper(bundle)
    assert verify(bundle).startswith(fault)


@pytest.mark.node
def test_the_other_verifier_says_the_same_of_each(tmp_path):
    """In the same words, but for a rule that nobody knows: it cannot be told from a wrong secret there."""
    bundles = []
    for tamper, _ in TAMPERED.values():
        bundles.append(copy.deepcopy(true_bundle()))
        tamper(bundles[-1])
    said = dict(zip(TAMPERED, by_javascript(tmp_path, bundles), strict=True))
    assert said.pop("a rule that nobody knows") == "seed: does not follow from the shares"
    assert said == {name: verify(bundle) for name, bundle in zip(said, bundles, strict=False)}


@pytest.mark.node
def test_both_replay_minimization_and_see_exchanged_arms(tmp_path):
    rule = Minimization(("A", "B"), (1, 1), (4, 5), "range", {"lang": 1, "site": 2}, ("site",))
    bundle = true_bundle(rule)
    assert verify(bundle) is None
    swapped = copy.deepcopy(bundle)
    swapped["draws"][3]["arm"] = "A" if swapped["draws"][3]["arm"] == "B" else "B"
    assert verify(swapped) == "draw 4: not the arm that the secret gives"
    assert by_javascript(tmp_path, [bundle, swapped]) == [None, "draw 4: not the arm that the secret gives"]


@pytest.mark.node
def test_a_study_without_a_single_draw_verifies(tmp_path):
    bundle = json.loads(json.dumps(bundle_of(Simple(("A", "B"), (1, 1)), FACTORS, Random(1), people=0)))
    assert verify(bundle) is None
    assert by_javascript(tmp_path, [bundle]) == [None]


def test_minimization_has_no_tree():
    rule = Minimization(("A", "B"), (1, 1), (4, 5), "range", {"site": 1})
    config = true_bundle(rule)["config"]
    with pytest.raises(ValueError, match="no list of slots"):
        tree_root(config, bytes(32), [{"site": "01"}], 5)


def test_the_other_verifier_is_short_enough_to_be_read():
    """Integrity.md 5.1: anyone can check again with under 150 lines."""
    assert len(VERIFIER.read_text().splitlines()) < 150
