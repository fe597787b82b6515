"""Whoever is blind is sent no arm: every address, by every method, as everybody (integrity.md 2a)"""

import re
from collections import defaultdict

import pytest

from tests.blinding.canaries import CODES, TEXTS, counts, disguises, shingles
from tests.blinding.routes import patterns

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("blinding")]

WRITERS = ("ida", "kim")  # the author and the certifier, who have both wordings of everybody before them
REPORT = "p/report/"
RUNS = "studies/<str:study>/results/<uuid:public_id>/"  # and its files
NEVER = {
    "api/",  # the answer to every other address
    "p/visit/<slug:code>/<int:number>/save/",  # takes an honest answer, which the tests of that page give
}


def _of(scan, *names):
    return [answer for answer in scan.all if answer.who in names]


def _may_name_arms(answer):
    """The few answers in which an arm has its place, each held to its own test below."""
    return (
        answer.who in WRITERS
        or (answer.who == "cal" and answer.route.startswith(RUNS))  # a rehearsal's arms are made up
        or (answer.route == REPORT and b'<article class="reading">' in answer.body)
    )


def _sightings(scan, answers):
    return [answer.place for answer in answers if scan.canaries.are_in(answer.everything)]


def test_every_address_is_visited_and_somebody_is_let_in(scans):
    """A new route is visited by itself; one with a new kind of parameter stops the scan in `routes`."""
    reached = {answer.route for answer in scans[0].all if answer.status < 400}

    assert {route for route, _ in patterns()} - reached == NEVER


def test_everybody_asks_for_much(scans):
    """A scan that was turned away at the door would find nothing either."""
    shown = defaultdict(int)
    for answer in scans[0].blind:
        shown[answer.who] += answer.status == 200
    assert {name: number for name, number in shown.items() if not number} == {}
    assert sum(shown.values()) > 800


def test_nobody_who_is_blind_is_sent_an_arm(scans):
    for scan in scans:
        assert _sightings(scan, [each for each in scan.blind if not _may_name_arms(each)]) == []


def test_nor_after_the_unblinding_but_those_who_analyse(scans):
    for scan in scans:
        others = [each for each in scan.unblinded if each.who not in {"cal", "paul"}]
        assert _sightings(scan, [each for each in others if not _may_name_arms(each)]) == []


def test_whoever_writes_or_certifies_is_shown_all_wordings_or_none(scans):
    for scan in scans:
        shown = [
            (each.place, [code for code, n in counts(each.body).items() if n]) for each in _of(scan, *WRITERS)
        ]
        assert [place for place, codes in shown if len(codes) == 1] == []
        assert [place for place, codes in shown if len(codes) == 2]


def test_a_participant_is_sent_their_own_text_and_nothing_of_the_other(scans):
    for scan in scans:
        for name in ("unread", "reader", "answering"):
            own = scan.wordings[name]
            other = next(code for code in CODES.values() if code != own)
            pages = [each for each in _of(scan, name) if each.route == REPORT and each.status == 200]
            words = " ".join(" ".join(each.body.decode() for each in pages).split())

            assert counts(words.encode())[own] > 0
            assert counts(words.encode())[other] == 0
            assert not any(shingle in words for shingle in shingles(TEXTS[other]) - shingles(TEXTS[own]))


def test_the_ledger_names_a_wording_only_where_all_are_named(scans):
    for scan in scans:
        named = defaultdict(list)
        for action, about, body in scan.trail:
            if scan.canaries.are_in(repr(body).encode()):
                named[action, about].append(body["wording"])
        assert {action for action, _ in named} == {"VERSION_WRITTEN", "VERSION_CERTIFIED"}
        assert all(sorted(wordings) == sorted(CODES.values()) for wordings in named.values())


def test_nothing_that_is_asked_is_too_much_for_the_platform(scans):
    for scan in scans:
        assert [each.place for each in scan.all if each.status >= 500] == []


def test_no_answer_is_kept_by_any_cache(scans):
    """integrity.md T8, T23: not one, whoever asked for whatever."""
    answers = [each for each in scans[0].all if each.who != "witness"]

    assert [each.place for each in answers if b"Cache-Control: private, no-store" not in each.head] == []
    assert [each.place for each in answers if re.search(rb"(?m)^(ETag|Last-Modified):", each.head)] == []


# The scan itself -----------------------------------------------------------------------------------


def test_the_canary_is_seen_where_it_has_its_place(scans):
    """On the author's pages, in the participant's text, in the rehearsal and in the result."""
    scan = scans[0]
    seen = [each for each in scan.all if scan.canaries.are_in(each.everything)]

    assert {each.who for each in seen} == {*WRITERS, "cal", "paul", "unread", "reader", "answering"}
    assert {each.route for each in seen} >= {REPORT, RUNS}


@pytest.mark.parametrize("code", CODES.values())
def test_a_canary_is_seen_in_any_dress(scans, code):
    dressed = [code.encode(), code.lower().encode(), *disguises(code)]

    assert len(dressed) == 7
    assert all(scans[0].canaries.are_in(b"x" + each + b"y") for each in dressed)
