"""One slot can be opened, by its salt and its path, and all others stay closed"""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from randomization.commitment import leaf, open_leaf, salt
from randomization.merkle import inclusion_path, is_included, merkle_root

SEED = bytes(range(32))
NORTH = {"site": "01"}
sizes = st.integers(1, 40).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1)))


def leaves(size):
    return [sha256(bytes([0, number])).digest() for number in range(size)]


def test_a_salt_opens_its_slot_for_one_arm_only():
    published = leaf(SEED, NORTH, 3, "A")
    shown = salt(SEED, NORTH, 3)
    assert open_leaf(shown, NORTH, 3, "A") == published
    others = [(NORTH, 3, "B"), (NORTH, 4, "A"), ({"site": "02"}, 3, "A")]
    assert published not in [open_leaf(shown, *other) for other in others]


def test_each_slot_has_its_own_salt():
    assert len({salt(SEED, {"site": site}, slot) for site in ("01", "02") for slot in (1, 2, 3)}) == 6


def test_the_root_of_nothing_is_the_hash_of_nothing():
    """RFC 6962, 2.1: SHA-256 of the empty string, e3b0c442..."""
    assert merkle_root([]).hex().startswith("e3b0c44298fc1c14")


def test_the_root_has_the_published_shape():
    """RFC 6962, 2.1.3: seven leaves, hash = node(node(ab, cd), node(ef, g))."""

    def node(left, right):
        return sha256(b"\x01" + left + right).digest()

    a, b, c, d, e, f, g = leaves(7)
    assert merkle_root(leaves(7)) == node(node(node(a, b), node(c, d)), node(node(e, f), g))


def test_the_path_of_the_seventh_leaf_is_the_published_one():
    """RFC 6962, 2.1.3: the path of d6 is [i, k], that is node(e, f) and node(ab, cd)."""
    a, b, c, d, e, f, _ = leaves(7)
    assert inclusion_path(leaves(7), 6) == (merkle_root([e, f]), merkle_root([a, b, c, d]))


@given(sizes)
def test_every_leaf_is_proved_by_its_path(case):
    size, index = case
    listed = leaves(size)
    path = inclusion_path(listed, index)
    assert is_included(listed[index], index, size, path, merkle_root(listed))


@given(sizes, st.data())
def test_no_other_leaf_place_or_path_is_proved(case, data):
    size, index = case
    listed = leaves(size)
    path, root = inclusion_path(listed, index), merkle_root(listed)
    forged = bytes(32)
    elsewhere = data.draw(st.integers(-1, size).filter(lambda place: place != index))
    assert not is_included(forged, index, size, path, root)
    assert not is_included(listed[index], elsewhere, size, path, root)
    assert not is_included(listed[index], index, size, (*path, forged), root)
    assert not is_included(listed[index], index, size, path[:-1], root) or not path


@pytest.mark.parametrize("index", [-1, 4])
def test_a_leaf_that_is_not_there_has_no_path(index):
    with pytest.raises(ValueError, match="there is no leaf"):
        inclusion_path(leaves(4), index)
