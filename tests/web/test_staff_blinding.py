"""The canary: arms with names that cannot be overlooked, and every page of every blinded role is searched

Authors and certifiers are left out: they write and certify all wordings of everyone before the allocation,
so the wordings' names are on their pages, and on all alike. A rehearsal's made-up arms are left out too.
"""

import re
from html import unescape
from urllib.parse import urljoin

import pytest
from django.urls import reverse

from tests import cast
from tests.web.desk import Desk
from trial.services import consent, link

pytestmark = pytest.mark.slow

CODES = {"factual": "zqarmalpha", "reassuring": "zqarmbeta"}
LABELS = {"Factual wording": "ZQARMALPHA one", "Reassuring wording": "ZQARMBETA two"}
CANARY = re.compile("zqarm|unlikely sentence", re.IGNORECASE)
HREF = re.compile(r'(?:href|action|src)="([/?][^"]*)"')
LEFT_OUT = ("/sign-out/", "/static/")


@pytest.fixture
def trial():
    """A study with such arms, and people at every step; their texts hold a sentence found nowhere else."""
    replace = {f'"{old}"': f'"{new}"' for old, new in (CODES | LABELS).items()}
    replace |= {f"{old} =": f"{new} =" for old, new in CODES.items()}
    study = cast.sealed_study(replace=replace)[0]
    ann = cast.who(study, "ann")
    texts = {code: f"An unlikely sentence of {code}." for code in CODES.values()}
    for step in (cast.screened, cast.checked, cast.consented, cast.with_baseline):
        step(ann)
    cast.certified(ann, texts=texts)
    for _ in range(4):
        pat = cast.randomized(ann, texts=texts)
        link.send(participant=pat, by=ann, at=cast.AT)
        cast.read_report(pat)
    consent.withdraw(participant=pat, reason="lost", by=ann, at=cast.AT)
    return study


def _crawl(desk):
    """Every page that can be reached from the start, by its address."""
    found, waiting = {}, [reverse("home")]
    while waiting:
        address = waiting.pop()
        if address in found or address.startswith(LEFT_OUT):
            continue
        response = desk.client.get(address, follow=True)
        found[address] = f"{response.headers}\n{response.content.decode()}"
        waiting += [urljoin(address, unescape(link)) for link in HREF.findall(found[address])]
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "least"), [("ann", 20), ("bob", 4), ("mona", 20), ("paul", 20), ("finn", 3), ("cal", 3)]
)
def test_no_page_of_a_blinded_role_names_an_arm(trial, clock, name, least):
    pages = _crawl(Desk(cast.who(trial, name)))

    assert len(pages) >= least
    assert [address for address, page in pages.items() if CANARY.search(page)] == []


@pytest.mark.django_db
def test_the_canary_would_be_seen(trial):
    pat = trial.participants.get(code="01-006")

    assert "ZQARMALPHA" in Desk(cast.who(trial, "ida")).get("report", pat).content.decode()
