"""Counterbalanced orders: each item at each place, and after each other, equally often"""

import hashlib
from collections import Counter
from itertools import islice, pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from randomization.orders import Orders, cyclic, williams
from tests.spec.randomization.any_rule import seeds

FOUR = Orders(("a", "b", "c", "d"), "williams")
SURGEONS = {"profession": "surgeon"}
SIZES = range(2, 21)


def seed(number):
    return hashlib.sha256(f"orders {number}".encode()).digest()


def followers(rows):
    return Counter(pair for row in rows for pair in pairwise(row))


def from_one(rows):
    return [" ".join(str(symbol + 1) for symbol in row) for row in rows]


def first(design, secret, stratum, people):
    return list(islice(design.dealt(secret, stratum), people))


def test_four_items_have_the_published_square():
    """R crossdes: williams(4)."""
    assert from_one(williams(4)) == ["1 2 4 3", "2 3 1 4", "3 4 2 1", "4 1 3 2"]


def test_three_items_have_the_two_published_squares():
    """R crossdes: williams(3)."""
    assert from_one(williams(3)) == ["1 2 3", "2 3 1", "3 1 2", "3 2 1", "1 3 2", "2 1 3"]


def test_ten_items_have_the_published_first_row():
    """R crossdes: williams(10)[1, ]."""
    assert from_one(williams(10))[0] == "1 2 10 3 9 4 8 5 7 6"


@pytest.mark.parametrize("items", SIZES)
@pytest.mark.parametrize("square", [cyclic, williams])
def test_every_item_stands_once_in_a_row_and_equally_often_at_each_place(square, items):
    rows = square(items)
    assert all(sorted(row) == list(range(items)) for row in rows)
    for column in zip(*rows, strict=True):
        assert Counter(column) == dict.fromkeys(range(items), len(rows) // items)


@pytest.mark.parametrize("items", SIZES)
def test_in_a_williams_square_every_item_follows_every_other_equally_often(items):
    """Williams 1949: once in one square of an even size, twice in the two of an odd one."""
    times = 1 + items % 2
    assert followers(williams(items)) == dict.fromkeys(permutations(range(items), 2), times)
    assert len(williams(items)) == items * times


@pytest.mark.parametrize("items", range(3, 21))
def test_in_a_cyclic_square_an_item_always_follows_the_same_one(items):
    """Why it is not for items that carry over."""
    assert len(followers(cyclic(items))) == items


@settings(deadline=None)
@given(seeds, st.integers(2, 7), st.sampled_from(["cyclic", "williams"]), st.integers(1, 40))
def test_no_row_is_used_more_than_once_more_often_than_another(secret, items, square, people):
    design = Orders(tuple("abcdefg"[:items]), square)
    used = Counter(first(design, secret, SURGEONS, people))
    counts = [used[row] for row in design.rows(secret)]
    assert sum(counts) == people
    assert max(counts) - min(counts) <= 1


@settings(deadline=None)
@given(seeds, st.integers(1, 30))
def test_a_person_has_the_same_order_however_it_is_asked_for(secret, slot):
    assert FOUR.order_at(secret, SURGEONS, slot) == first(FOUR, secret, SURGEONS, slot)[-1]


@settings(deadline=None)
@given(seeds)
def test_all_strata_share_the_orders_and_each_deals_them_by_itself(secret):
    surgeons, nurses = (first(FOUR, secret, {"profession": name}, 40) for name in ("surgeon", "nurse"))
    assert set(surgeons) == set(nurses) == set(FOUR.rows(secret))
    assert surgeons != nurses


def test_every_first_order_is_equally_likely():
    """All 24 orders of four items come first equally often; secrets 0 to 4,799; SciPy's chisquare."""
    found = Counter(FOUR.order_at(seed(number), SURGEONS, 1) for number in range(4800))
    assert len(found) == 24
    assert chisquare(list(found.values())).pvalue > 1e-4


def test_every_row_is_as_likely_to_come_last_in_a_round():
    """The fourth of four people, by the row of the square; secrets 0 to 1,999; SciPy's chisquare."""
    rows = Counter(
        FOUR.rows(seed(number)).index(FOUR.order_at(seed(number), SURGEONS, 4)) for number in range(2000)
    )
    assert chisquare([rows[row] for row in range(4)]).pvalue > 1e-4


VECTORS = [
    (FOUR, SURGEONS, "bdac abcd cadb dcba dcba bdac cadb abcd"),
    (Orders(("a", "b", "c"), "williams"), {}, "bac abc cab acb cba bca"),
    (Orders(("a", "b", "c"), "cyclic"), {}, "cab abc bca cab bca abc"),
]


@pytest.mark.parametrize(("design", "stratum", "orders"), VECTORS)
def test_the_orders_of_a_stratum_are_the_published_ones(design, stratum, orders):
    """The test vectors of docs/allocation.md, computed by dealing.js."""
    found = first(design, bytes(range(32)), stratum, len(orders.split()))
    assert ["".join(order) for order in found] == orders.split()


BROKEN = [
    (lambda: Orders(("a",), "cyclic"), "items: from two to 100 different items"),
    (lambda: Orders(("a", "a"), "cyclic"), "items: from two to 100 different items"),
    (lambda: Orders(tuple(map(str, range(101))), "cyclic"), "items: from two to 100 different items"),
    (lambda: Orders(("a", "b c"), "cyclic"), "items: an item's code is ASCII letters"),
    (lambda: Orders(("a", "b"), "graeco"), "square: one of cyclic, williams"),
    (lambda: FOUR.order_at(bytes(32), SURGEONS, 0), "slots count from 1"),
]


@pytest.mark.parametrize(("build", "reason"), BROKEN)
def test_orders_that_cannot_be_are_refused_with_their_reason(build, reason):
    with pytest.raises(ValueError, match=reason):
        build()
