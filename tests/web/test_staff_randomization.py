"""Randomizing on the page: once, with a receipt, and without a word about the arm"""

import re
from uuid import uuid4

from tests import cast
from tests.web.desk import Desk, recorded, refusals, words
from trial.models.allocation import Allocation

KEY = re.compile(r'name="key" value="([0-9a-f-]{36})"')


def _key(response):
    return KEY.search(response.content.decode())[1]


def test_what_stands_in_the_way_is_listed(ann):
    page = words(Desk(ann).get("randomize", cast.checked(ann)))

    assert "This has to be done first:" in page
    assert "No consent is recorded." in page
    assert "The baseline questionnaires are not complete." in page
    assert "Not every version of the report is certified." in page


def test_a_participant_who_is_ready_is_randomized(study, ann, clock):
    pat, desk = cast.certified(ann), Desk(ann)
    response = desk.post("randomize", pat, key=_key(desk.get("randomize", pat)))

    assert response.url == desk.address("randomized", pat)
    assert Allocation.objects.get().participant == pat
    assert recorded(study)[0] == ("ann", "RANDOMIZED", pat.code)


def test_the_confirmation_has_the_receipt_and_says_what_comes_next(ann, clock):
    page = words(Desk(ann).get("randomized", cast.randomized(ann)))
    allocation = Allocation.objects.get()

    assert "01-001 is randomized" in page
    assert "through their own link; please send it" in page
    assert allocation.leaf in page
    assert "Ledger entry" in page


def test_the_confirmation_names_no_arm(study, ann):
    page = words(Desk(ann).get("randomized", cast.randomized(ann))).lower()

    assert [arm.code for arm in study.protocol.arms if arm.code in page] == []


def test_the_same_page_sent_twice_counts_once(study, ann, clock):
    pat, desk = cast.certified(ann), Desk(ann)
    key = _key(desk.get("randomize", pat))
    first, second = desk.post("randomize", pat, key=key), desk.post("randomize", pat, key=key)

    assert first.url == second.url
    assert Allocation.objects.count() == 1
    assert refusals(study) == []


def test_nobody_is_randomized_twice(study, ann, clock):
    pat, desk = cast.certified(ann), Desk(ann)
    desk.post("randomize", pat, key=uuid4())
    response = desk.post("randomize", pat, key=uuid4())

    assert response.status_code == 409
    assert "A second allocation is never made." in words(response)
    assert refusals(study) == [("ann", "randomize", "AlreadyRandomized")]
    assert Allocation.objects.count() == 1


def test_each_view_of_the_page_has_its_own_key(ann):
    pat, desk = cast.certified(ann), Desk(ann)

    assert _key(desk.get("randomize", pat)) != _key(desk.get("randomize", pat))


def test_a_key_of_another_participant_is_refused(study, ann, clock):
    desk, key = Desk(ann), uuid4()
    desk.post("randomize", cast.certified(ann), key=key)
    response = desk.post("randomize", cast.certified(ann), key=key)

    assert response.status_code == 422
    assert Allocation.objects.count() == 1


def test_a_page_without_its_key_does_nothing(ann):
    response = Desk(ann).post("randomize", cast.certified(ann), key="1")

    assert response.status_code == 400
    assert not Allocation.objects.exists()


def test_another_sites_coordinator_may_not(study, ann, bob):
    response = Desk(bob).post("randomize", cast.certified(ann), key=uuid4())

    assert response.status_code == 403
    assert "This participant belongs to another site." in words(response)
    assert refusals(study) == [("bob", "randomize", "NotPermitted")]
    assert not Allocation.objects.exists()


def test_without_consent_the_refusal_is_a_sentence(study, ann):
    response = Desk(ann).post("randomize", cast.checked(ann), key=uuid4())

    assert response.status_code == 409
    assert "No consent is recorded." in words(response)
    assert refusals(study) == [("ann", "randomize", "NotConsented")]


def test_there_is_no_receipt_before_the_randomization(ann):
    assert Desk(ann).get("randomized", cast.certified(ann)).status_code == 409


def test_the_page_of_who_is_randomized_leads_to_the_receipt(ann):
    pat, desk = cast.randomized(ann), Desk(ann)

    assert desk.address("randomized", pat) in desk.get("randomize", pat).content.decode()
