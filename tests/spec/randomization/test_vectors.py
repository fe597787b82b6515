"""The same secret gives the same allocation in any language

Witness: the test vectors of docs/allocation.md, which were computed by an independent implementation.
"""

import pytest

from randomization.commitment import commitment, leaf
from randomization.design import PermutedBlocks, strata
from randomization.merkle import merkle_root

SEED = bytes(range(32))
DESIGN = PermutedBlocks(arms=("A", "B"), ratio=(1, 1), block_sizes=(4, 6, 8))
CONFIG = {
    "study": "DEMO-1",
    "alg": "PB-v1",
    "arms": ["A", "B"],
    "ratio": [1, 1],
    "blocks": [4, 6, 8],
    "factors": {"lang": ["de", "en"], "site": ["01", "02"]},
    "protocol_sha256": "0" * 64,
}


def test_the_commitment_is_the_published_one():
    assert (
        commitment(CONFIG, SEED).hex() == "06600ca62004653d9f67f1ac1e45a09eef04b53892a3c228d08b4ca73ef086a9"
    )


@pytest.mark.parametrize(
    ("site", "lang", "arms"),
    [("01", "de", "BAAABABBAABBABBBAABAAAABBBABBAAB"), ("02", "en", "BBBAAABAABBBAABABABABAABBABAABBA")],
)
def test_the_arms_of_a_stratum_are_the_published_ones(site, lang, arms):
    assert "".join(DESIGN.sequence(SEED, {"site": site, "lang": lang}, 32)) == arms


def test_the_leaf_of_a_slot_is_the_published_one():
    found = leaf(SEED, {"site": "01", "lang": "de"}, 1, "B").hex()
    assert found == "f8f67836919f4f372ea12c818771bcdfaddd7d9b4ed9c886c2348b2293956b66"


def test_the_root_over_all_slots_is_the_published_one():
    leaves = [
        leaf(SEED, stratum, slot, arm)
        for stratum in strata({"site": ("01", "02"), "lang": ("de", "en")})
        for slot, arm in enumerate(DESIGN.sequence(SEED, stratum, 500), start=1)
    ]
    assert merkle_root(leaves).hex() == "1f7866689f32e36440562c816b47519bdd979a7848a1b20f396cb89a4a9382fd"
