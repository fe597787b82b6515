"""A configuration describes its rule fully, and nothing else is taken for one"""

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from randomization.config import RULES, described, rule_of
from randomization.design import PermutedBlocks
from randomization.encoding import canon
from tests.spec.randomization.any_rule import any_design, any_minimization


@given(st.integers())
def test_a_rule_comes_back_from_its_configuration(number):
    random = Random(number)
    rule = any_minimization(random, ("site", "age")) if random.random() < 0.2 else any_design(random)
    kept = json.loads(canon({"study": "S", **described(rule), "factors": {"site": ["01"]}}))
    assert rule_of(kept) == rule


def test_blocks_are_described_as_the_vectors_have_them():
    """Integrity.md 5.8."""
    design = PermutedBlocks(("A", "B"), (1, 1), (4, 6, 8))
    assert described(design) == {"alg": "PB-v1", "arms": ["A", "B"], "ratio": [1, 1], "blocks": [4, 6, 8]}


def test_every_rule_has_its_own_name():
    assert list(RULES) == ["PB-v1", "SR-v1", "BC-v1", "BS-v1", "UD-v1", "BU-v1", "MP-v1", "MIN-v1"]


BLOCKS = {"alg": "PB-v1", "arms": ["A", "B"], "ratio": [1, 1], "blocks": [4]}
BROKEN = [
    ({"alg": "PB-v9"}, "alg: 'PB-v9' is not one of PB-v1"),
    ({"alg": ["PB-v1"]}, "alg: .* is not one of"),
    ({"alg": "BS-v1"}, "limit: is missing, BS-v1 needs it"),
    ({"blocks": 4}, "PB-v1: a parameter has the wrong shape"),
    ({"blocks": ["4"]}, "PB-v1: a parameter has the wrong shape"),
    ({"blocks": [5]}, "block_sizes: each must be a multiple of 2"),
]


@pytest.mark.parametrize(("changes", "reason"), BROKEN)
def test_a_configuration_that_describes_no_rule_is_refused(changes, reason):
    with pytest.raises(ValueError, match=reason):
        rule_of({**BLOCKS, **changes})
