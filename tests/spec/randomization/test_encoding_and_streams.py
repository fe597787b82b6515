"""Bytes and streams: nothing is ambiguous, nothing is biased"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from randomization.commitment import seed_from_shares, share_commitment
from randomization.encoding import canon, lp
from randomization.stream import Stream, index_at


@given(st.lists(st.binary(max_size=5), max_size=4), st.lists(st.binary(max_size=5), max_size=4))
def test_different_parts_never_give_the_same_bytes(one, other):
    assert (lp(*one) == lp(*other)) == (one == other)


def test_keys_are_sorted_and_nothing_is_spaced():
    assert canon({"b": [1, "x"], "a": {}}) == b'{"a":{},"b":[1,"x"]}'


@pytest.mark.parametrize(
    "value", [1.0, True, None, "ä", {"ä": 1}, {1: "x"}, [float("nan")], {"a": {"b": 2.5}}]
)
def test_what_languages_write_differently_is_refused(value):
    with pytest.raises(ValueError, match=r"is n(ot|either)"):
        canon(value)


def test_control_characters_are_written_one_way():
    """RFC 8259, 7; DEL may stand bare or escaped there, so the way is ours: escaped."""
    assert canon('a"\\\n\x01\x7f/') == rb'"a\"\\\n\u0001\u007f/"'


@pytest.mark.parametrize("number", [1 << 53, -(1 << 53)])
def test_a_number_that_loses_digits_elsewhere_is_refused(number):
    with pytest.raises(ValueError, match="not a number that every language keeps"):
        canon({"n": number})
    assert canon(number - 1 if number > 0 else number + 1)


@given(st.binary(min_size=32, max_size=32), st.integers(1, 1000))
def test_a_draw_stays_below_its_bound(seed, bound):
    stream = Stream(seed, b"spec")
    assert all(0 <= stream.below(bound) < bound for _ in range(20))


def test_words_past_the_last_multiple_are_rejected():
    """With a bound just over 2^31 about half of all words must be rejected: 1,000 draws need about 2,000."""
    bound = (1 << 31) + 1
    drawn, words = Stream(bytes(32), b"spec"), Stream(bytes(32), b"spec")
    expected = []
    while len(expected) < 1000:
        word = words.word()
        if word < bound:
            expected.append(word)
    assert [drawn.below(bound) for _ in range(1000)] == expected


def test_there_is_no_number_below_zero():
    with pytest.raises(ValueError, match="no number from 0 to -1"):
        Stream(bytes(32), b"spec").below(0)


@given(st.integers(1, 1 << 100), st.binary(min_size=32, max_size=32))
def test_a_large_bound_takes_as_many_words_as_hold_it(bound, seed):
    drawn, words = Stream(seed, b"spec"), Stream(seed, b"spec")
    size = max(1, (len(f"{bound - 1:b}") + 31) // 32)
    limit = (1 << 32 * size) // bound * bound
    number = limit
    while number >= limit:
        number = int.from_bytes(b"".join(words.word().to_bytes(4) for _ in range(size)))
    assert drawn.below(bound) == number % bound


def test_an_index_is_as_likely_as_its_weight():
    places = [index_at([2, 0, 3], place) for place in range(5)]
    assert places == [0, 0, 2, 2, 2]
    with pytest.raises(ValueError, match="past the last weight"):
        index_at([2, 0, 3], 5)


def test_a_seed_has_256_bits():
    with pytest.raises(ValueError, match="31 bytes, not 32"):
        Stream(bytes(31), b"spec")


def test_neither_party_chooses_the_seed_alone():
    config = {"study": "S"}
    seeds = {
        seed_from_shares("S", config, first, second)
        for first in (b"a" * 32, b"b" * 32)
        for second in (b"c" * 32, b"d" * 32)
    }
    assert len(seeds) == 4
    assert seed_from_shares("S", config, b"a" * 32, b"c" * 32, b"round 7") not in seeds


def test_a_share_is_bound_to_its_study_and_party():
    bound = {share_commitment(study, party, b"s" * 32) for study in ("S", "T") for party in (1, 2)}
    assert len(bound) == 4


def test_a_short_share_is_refused():
    with pytest.raises(ValueError, match="each share has 32 bytes"):
        seed_from_shares("S", {}, b"short", b"d" * 32)
