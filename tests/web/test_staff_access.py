"""Who may see which page: each role, each page, in one table"""

import pytest
from django.test import Client
from django.urls import reverse

from tests import cast
from tests.web.desk import Desk, refusals, words
from trial.models import Role
from trial.services import study as studies

# Pat belongs to Ann's site. Bob coordinates another, Ida writes, Kim certifies, Cal analyses, Finn keeps the
# seal, Mona monitors, Paul leads.
PAGES = """
    page             | ann | bob | ida | kim | cal | finn | mona | paul
    -----------------+-----+-----+-----+-----+-----+------+------+-----
    participants     | 200 | 200 | 403 | 403 | 403 | 403  | 200  | 200
    screen           | 200 | 200 | 403 | 403 | 403 | 403  | 403  | 403
    participant  Pat | 200 | 403 | 403 | 403 | 403 | 403  | 200  | 200
    consent      Pat | 200 | 403 | 403 | 403 | 403 | 403  | 403  | 403
    send-link    Pat | 200 | 403 | 403 | 403 | 403 | 403  | 403  | 403
    decline      Pat | 200 | 403 | 403 | 403 | 403 | 403  | 403  | 403
    withdraw     Pat | 200 | 403 | 403 | 403 | 403 | 403  | 403  | 403
    randomize    Pat | 200 | 403 | 403 | 403 | 403 | 403  | 403  | 403
    randomized   Pat | 200 | 403 | 403 | 403 | 403 | 403  | 403  | 403
    reports          | 403 | 403 | 200 | 403 | 403 | 403  | 403  | 403
    report       Pat | 403 | 403 | 200 | 403 | 403 | 403  | 403  | 403
    checks           | 403 | 403 | 403 | 200 | 403 | 403  | 403  | 403
    check        Pat | 403 | 403 | 403 | 200 | 403 | 403  | 403  | 403
    custody          | 403 | 403 | 403 | 403 | 403 | 200  | 403  | 403
    seal             | 403 | 403 | 403 | 403 | 403 | 200  | 403  | 403
    unblind          | 403 | 403 | 403 | 403 | 403 | 200  | 403  | 403
    progress         | 200 | 200 | 403 | 403 | 200 | 403  | 200  | 200
    trail            | 403 | 403 | 403 | 403 | 403 | 403  | 200  | 200
    lock             | 403 | 403 | 403 | 403 | 403 | 403  | 403  | 200
    snapshots        | 403 | 403 | 403 | 403 | 200 | 403  | 403  | 403
    results          | 403 | 403 | 403 | 403 | 200 | 403  | 403  | 200
"""
ACTS = """
    page             | allowed
    -----------------+--------
    consent      Pat | ann
    send-link    Pat | ann
    decline      Pat | ann
    withdraw     Pat | ann
    randomize    Pat | ann
    report       Pat | ida
    write        Pat | ida
    red-flags    Pat | kim
    critical-finding Pat | kim
    certify      Pat | kim
    seal             | finn
    unblind          | finn
    lock             | paul
    snapshots        | cal
"""
NAMES = ("ann", "bob", "ida", "kim", "cal", "finn", "mona", "paul")


def _lines(table):
    head, _, *lines = [line.split("|") for line in table.strip().splitlines()]
    names = [cell.strip() for cell in head[1:]]
    for page, *cells in lines:
        yield tuple(page.split()), dict(zip(names, (cell.strip() for cell in cells), strict=True))


SEEN = [(page, {name: int(status) for name, status in cells.items()}) for page, cells in _lines(PAGES)]
DONE = [(page, cells["allowed"]) for page, cells in _lines(ACTS)]


@pytest.fixture
def pat(ann):
    return cast.randomized(ann)


def _named(page):
    return page[0] if isinstance(page, tuple) else ""


@pytest.mark.parametrize(("page", "statuses"), SEEN, ids=_named)
def test_each_role_sees_its_pages_and_no_others(study, pat, page, statuses):
    of = [pat] if len(page) > 1 else []
    found = {name: Desk(cast.who(study, name)).get(page[0], *of).status_code for name in NAMES}

    assert found == statuses


@pytest.mark.parametrize(("page", "allowed"), DONE, ids=_named)
def test_nobody_does_what_another_role_does(study, pat, page, allowed):
    of = [pat] if len(page) > 1 else []
    found = {name: Desk(cast.who(study, name)).post(page[0], *of).status_code for name in NAMES}

    assert [name for name, status in found.items() if status != 403] == [allowed]


def test_what_the_role_forbids_is_recorded_with_who_tried(study, pat, bob):
    response = Desk(bob).post("send-link", pat)

    assert "This participant belongs to another site." in words(response)
    assert refusals(study)[0] == ("bob", "prepare", "NotPermitted")


@pytest.mark.parametrize(
    "page", ["participants", "screen", "reports", "checks", "custody", "trail", "results"]
)
def test_every_page_asks_for_a_sign_in(study, page):
    response = Client().get(reverse(page, args=[study.code]))

    assert response.status_code == 302
    assert response.url.startswith(reverse("sign-in"))


def test_a_participant_of_another_study_does_not_exist_here(study, pat):
    other = cast.loaded_study(replace={'code = "REASSURE"': 'code = "OTHER"'})
    carl = cast.who(other, "ann")

    assert Desk(carl).get("participant", pat).status_code == 404
    assert Desk(carl).post("randomize", pat).status_code == 404


def test_a_study_that_one_does_not_take_part_in_does_not_exist(study, ann):
    cast.loaded_study(replace={'code = "REASSURE"': 'code = "OTHER"'})
    response = Desk(ann).client.get(reverse("participants", args=["OTHER"]))

    assert response.status_code == 404
    assert "There is no such thing here." in words(response)


def test_who_has_no_role_yet_is_told_so(study):
    new = studies.create_sign_in(username="new", name="New", password=None)
    client = Client()
    client.force_login(new)

    assert "you do not take part in any study yet" in words(client.get(reverse("home")))


def test_who_works_in_one_study_arrives_in_it(study, ann):
    response = Desk(ann).client.get(reverse("home"), follow=True)

    assert response.redirect_chain[-1][0] == reverse("participants", args=[study.code])


def test_who_works_in_two_studies_chooses(study, ann):
    other = cast.loaded_study(replace={'code = "REASSURE"': 'code = "OTHER"'})
    studies.add_member(member=ann.member, role=Role.MONITOR, site=None, by=cast.Operator(other), at=cast.AT)
    response = Desk(ann).client.get(reverse("home"))

    assert response.status_code == 200
    assert "OTHER" in words(response)
    assert "REASSURE" in words(response)


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("ann", "participants"),
        ("ida", "reports"),
        ("kim", "checks"),
        ("cal", "snapshots"),
        ("finn", "custody"),
        ("mona", "progress"),
        ("paul", "progress"),
    ],
)
def test_each_role_begins_where_its_work_is(study, name, page):
    response = Desk(cast.who(study, name)).get("study")

    assert response.url == reverse(page, args=[study.code])


def test_the_navigation_marks_where_one_is(study, mona):
    html = Desk(mona).get("trail").content.decode()

    assert f'href="{reverse("trail", args=[study.code])}" aria-current="page"' in html
    assert reverse("lock", args=[study.code]) not in html


def test_signing_in_and_out(study, ann):
    studies.set_password(member=ann.member, password=cast.PASSWORD)
    client = Client()
    wrong = client.post(reverse("sign-in"), {"username": "ann", "password": "wrong"})
    right = client.post(reverse("sign-in"), {"username": "ann", "password": cast.PASSWORD})
    out = client.post(reverse("sign-out"))

    assert "do not match" in words(wrong)
    assert right.url == reverse("home")
    assert out.url == reverse("sign-in")
    assert client.get(reverse("home")).status_code == 302


def test_guessing_passwords_is_stopped(study, ann, settings):
    settings.AXES_FAILURE_LIMIT = 2
    client = Client()
    for _ in range(2):
        response = client.post(reverse("sign-in"), {"username": "ann", "password": "wrong"})

    assert response.status_code == 429
    assert "Too many attempts" in words(response)
