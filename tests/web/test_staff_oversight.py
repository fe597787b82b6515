"""Progress by site, the audit trail, and the lock"""

from datetime import timedelta

import pytest

from tests import cast
from tests.web.desk import Desk, given_a_password, recorded, refusals, words
from trial.selectors import progress
from trial.selectors.progress import Counts, VisitCounts
from trial.services import consent
from trial.services import study as studies

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


# Progress --------------------------------------------------------------------------------------------


def test_people_are_counted_by_site(ann, bob, mona):
    cast.screened(ann, failing="mri")
    cast.screened(ann)
    consent.withdraw(participant=cast.consented(ann), reason="lost", by=ann, at=cast.AT)
    cast.randomized(bob)
    found = progress.progress(mona, cast.AT)

    assert found.sites == [
        ("01 North clinic", Counts(3, 2, 1, 0, 1, visits_done=0, visits_due=1)),
        ("02 Lake hospital", Counts(1, 1, 1, 1, 0, visits_done=1, visits_due=1)),
        ("03 Hill practice", Counts()),
    ]
    assert found.total == Counts(4, 3, 2, 1, 1, visits_done=1, visits_due=2)


def test_a_visit_is_due_from_its_day_on(ann, mona):
    pat = cast.randomized(ann)
    cast.answer(pat, "W1", at=cast.AT + 13 * DAY)
    found = progress.progress(mona, cast.AT + 42 * DAY).visits

    assert found == [
        VisitCounts("Baseline", done=1, late=0, due=1),
        VisitCounts("Week 1", done=1, late=1, due=1),
        VisitCounts("Week 6", done=0, late=0, due=1),
        VisitCounts("Week 12", done=0, late=0, due=0),
    ]


def test_after_a_withdrawal_or_the_lock_no_visit_becomes_due(ann, bob, mona, paul):
    consent.withdraw(participant=cast.randomized(ann), reason="lost", by=ann, at=cast.AT)
    cast.randomized(bob)
    studies.lock(by=paul, at=cast.AT + 7 * DAY)
    mona.study.refresh_from_db()
    found = progress.progress(mona, cast.AT + 90 * DAY)

    assert [visit.due for visit in found.visits] == [2, 1, 0, 0]


def test_a_coordinator_sees_the_own_site_alone(ann, bob):
    cast.screened(bob)
    page = words(Desk(ann).get("progress"))

    assert "01 North clinic" in page
    assert "Lake hospital" not in page


def test_the_page_shows_how_far_the_study_is(ann, mona):
    cast.randomized(ann)

    assert "1 of 120 planned participants are randomized." in words(Desk(mona).get("progress"))


# The audit trail -------------------------------------------------------------------------------------


def test_the_trail_shows_the_newest_entry_first(ann, mona, clock):
    cast.randomized(ann)
    page = words(Desk(mona).get("trail"))

    assert page.index("ann coordinator Randomized 01-001 leaf:") < page.index(
        "ann coordinator Screened 01-001"
    )
    assert "eligible: yes" in page


def test_the_trail_tells_no_wording(ann, mona):
    pat = cast.randomized(ann)
    page = words(Desk(mona).get("trail", about=pat.code)).lower()

    assert "version written" in page
    assert "factual" not in page
    assert "reassuring" not in page


def test_the_trail_is_narrowed_by_what_and_about_whom(ann, mona):
    cast.checked(ann)
    cast.screened(ann)
    screened = words(Desk(mona).get("trail", action="SCREENED"))
    about = words(Desk(mona).get("trail", about="01-002"))

    assert "Entries 1 to 2 of 2" in screened
    assert "Entries 1 to 1 of 1" in about
    assert "There is no such entry." in words(Desk(mona).get("trail", about="nobody"))


def test_a_long_trail_has_pages(ann, mona):
    for _ in range(12):
        cast.with_baseline(ann)
    first, second = Desk(mona).get("trail", about=""), Desk(mona).get("trail", page="2")

    assert "Entries 1 to 50 of 98" in words(first)
    assert 'rel="next"' in first.content.decode()
    assert "Entries 51 to 98 of 98" in words(second)
    assert 'rel="prev"' in second.content.decode()


@pytest.mark.parametrize("query", [{"arm": "factual"}, {"action": "ARM"}, {"page": "9"}, {"page": "x"}])
def test_a_question_that_the_trail_does_not_know_is_refused(mona, query):
    assert Desk(mona).get("trail", **query).status_code == 400


# The lock --------------------------------------------------------------------------------------------


def test_the_study_is_locked_with_its_code_and_the_password(study, paul, clock):
    desk = Desk(given_a_password(paul))
    response = desk.client.post(
        desk.address("lock"), {"code": "REASSURE", "password": cast.PASSWORD}, follow=True
    )
    study.refresh_from_db()

    assert "Its data no longer change." in words(response)
    assert study.locked_at == cast.AT
    assert recorded(study)[0] == ("paul", "LOCKED", "REASSURE")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"code": "REASSUER", "password": cast.PASSWORD}, "Please type REASSURE."),
        ({"code": "REASSURE", "password": "a guess"}, "This is not your password."),
    ],
)
def test_a_slip_locks_nothing(study, paul, values, sentence):
    response = Desk(given_a_password(paul)).post("lock", **values)
    study.refresh_from_db()

    assert response.status_code == 400
    assert sentence in words(response)
    assert study.locked_at is None


def test_a_locked_study_is_not_locked_again(study, paul, clock):
    studies.lock(by=paul, at=cast.AT)
    response = Desk(given_a_password(paul)).post("lock", code="REASSURE", password=cast.PASSWORD)

    assert response.status_code == 409
    assert "The study is locked already." in words(response)
    assert refusals(study) == [("paul", "lock", "AlreadyDone")]
