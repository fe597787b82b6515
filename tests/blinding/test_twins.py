"""Two studies that differ in the arms alone are told apart by nobody (integrity.md 2, the twins)"""

import io
import re

import pytest
from pypdf import PdfReader

from tests.blinding.story import BINDING

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("blinding")]

REPORT = "p/report/"
ARTICLE = re.compile(rb'<article class="reading">.*?</article>', re.DOTALL)
HASH = re.compile(rb"[0-9a-f]{64}|[0-9a-f]{23}(?=\xe2\x80\xa6)")  # whole, or cut as on the trail's page
SIGNED = re.compile(rb"[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{80,94}=*")  # such a hash in base64, Ed25519 of one
CERTIFICATE = "allocation/certificate.pdf"  # its bytes are packed, so their number follows from the hashes


def _bare(scan, answer):
    """The answer without what binds the arms, and without the text of the own report and what fills it up."""
    if answer.route.endswith(CERTIFICATE) and answer.status == 200:
        return _printed(scan, answer.body) if answer.body else b""
    places = {value[:23].encode(): place.encode() for value, place in scan.commitments.items()}
    content = HASH.sub(lambda found: places.get(found[0][:23], found[0]), answer.everything)
    content = SIGNED.sub(b"signed", content)
    if answer.route != REPORT:
        return content
    return ARTICLE.sub(b"", content).rstrip()


def _printed(scan, paper):
    """The words of a page of paper, without what binds the arms."""
    words = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).split())
    for value, place in scan.commitments.items():
        words = words.replace(value, place)
    return words


def _results(answer):
    """What the statistician and the investigator see of the arms, once they may."""
    return answer.who in {"cal", "paul"} and "/results/" in answer.route


def _differing(one, other, first, second):
    pairs = zip(first, second, strict=True)
    return [a.place for a, b in pairs if a.place != b.place or _bare(one, a) != _bare(other, b)]


def test_the_twins_are_in_different_arms(scans):
    one, other = scans

    assert sorted(set(one.wordings.values())) == ["ZQARMALPHA", "ZQARMBRAVO"]
    assert all(one.wordings[name] != other.wordings[name] for name in one.wordings)


def test_while_the_study_is_blind_everybody_is_answered_alike(scans):
    """Status, headers, cookies, body, mails and log lines: pages, API, exports and the rehearsal."""
    one, other = scans

    assert len(one.blind) > 4000
    assert _differing(one, other, one.blind, other.blind) == []


def test_after_the_unblinding_only_the_results_differ(scans):
    one, other = scans
    pairs = list(zip(one.unblinded, other.unblinded, strict=True))
    first, second = zip(*[pair for pair in pairs if not _results(pair[0])], strict=True)

    assert _differing(one, other, first, second) == []


def test_every_answer_is_as_long_in_either_arm(scans):
    """integrity.md T7: on the wire, with the text of the own report in it."""
    one, other = scans
    lengths = [
        (a.place, len(a.everything), len(b.everything))
        for a, b in zip(one.blind, other.blind, strict=True)
        if not a.route.endswith(CERTIFICATE)
    ]

    assert [each for each in lengths if each[1] != each[2]] == []


def test_the_ledgers_differ_in_what_binds_the_arms_and_in_nothing_else(scans):
    bare = [
        [(action, about, sorted(body) if action in BINDING else body) for action, about, body in scan.trail]
        for scan in scans
    ]
    assert bare[0] == bare[1]
    assert scans[0].trail != scans[1].trail


def test_a_difference_would_be_seen(scans):
    """The results on the real arms differ between the twins, and so do the texts that are read."""
    one, other = scans
    differing = _differing(one, other, one.unblinded, other.unblinded)
    texts = [
        (ARTICLE.findall(a.body), ARTICLE.findall(b.body))
        for a, b in zip(one.blind, other.blind, strict=True)
        if a.route == REPORT
    ]
    assert {who for who, _, _ in differing} == {"cal", "paul"}
    assert any(own and own != others for own, others in texts)
