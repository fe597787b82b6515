"""The chain shows what was changed, lost or moved; what it cannot show, a kept hash does"""

import pytest

from randomization.ledger import GENESIS, entry_hash, verify_chain


def chain(length):
    entries, prev = [], GENESIS
    for seq in range(1, length + 1):
        entry = {
            "seq": seq,
            "prev": prev,
            "action": "RANDOMIZED",
            "object": f"01-{seq:03d}",
            "body": {"n": seq},
        }
        entry["h"] = prev = entry_hash(entry)
        entries.append(entry)
    return entries


def rehash(entries):
    """What a forger does who knows how the chain is made."""
    prev = GENESIS
    for seq, entry in enumerate(entries, start=1):
        entry.update(seq=seq, prev=prev)
        entry["h"] = prev = entry_hash(entry)
    return entries


def test_an_untouched_chain_holds():
    assert verify_chain(chain(20)) is None
    assert verify_chain([]) is None


TAMPERED = {
    "an edited field": (lambda e: e[6].update(object="01-999"), "entry 7: its content"),
    "an edited body": (lambda e: e[6].update(body={"n": 8}), "entry 7: its content"),
    "a lost entry": (lambda e: e.pop(6), "entry 7: the number here is 8"),
    "two entries swapped": (lambda e: e.insert(6, e.pop(7)), "entry 7: the number here is 8"),
    "an entry put in": (lambda e: e.insert(6, dict(e[6])), "entry 8: the number here is 7"),
    "an entry rehashed alone": (
        lambda e: e[6].update(object="01-999", h=entry_hash({**e[6], "object": "01-999"})),
        "entry 8: it does not follow",
    ),
    "content that no entry can have": (lambda e: e[6].update(body={"n": None}), "entry 7: its content"),
    "a number changed": (lambda e: e[6].update(seq=70), "entry 7: the number here is 70"),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_the_first_bad_entry_is_named(name):
    tamper, reason = TAMPERED[name]
    entries = chain(20)
    tamper(entries)
    assert verify_chain(entries).startswith(reason)


@pytest.mark.parametrize(
    "forge",
    [lambda e: e[6].update(object="01-999"), lambda e: e.pop(6), lambda e: e.__delitem__(slice(15, 20))],
)
def test_a_rewritten_chain_holds_by_itself_and_differs_from_a_kept_hash(forge):
    entries = chain(20)
    kept = entries[-1]["h"]
    forge(entries)
    rehash(entries)
    assert verify_chain(entries) is None
    assert entries[-1]["h"] != kept
