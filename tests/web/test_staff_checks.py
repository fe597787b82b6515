"""A radiologist checks for critical findings, closes the loop, and certifies every text"""

import pytest

from tests import cast
from tests.web.desk import Desk, given_a_password, recorded, refusals, words
from trial.models import CriticalFinding
from trial.services import report

CLOSED = {
    "receiver": "Dr Lee",
    "received_at": "2031-03-03T11:00",  # in the study's zone, Europe/Berlin: the minute in which it was found
    "method": "telephone",
    "read_back": "on",
    "may_continue": "yes",
}


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def written(ann, ida):
    """Pat, of whose report both versions are written and none is certified."""
    pat = cast.consented(ann)
    report.enter(participant=pat, original="L4/5: bulge.", findings=cast.FINDINGS, by=ida, at=cast.AT)
    for wording in ("factual", "reassuring"):
        report.write(participant=pat, wording=wording, text=cast.TEXTS[wording], by=ida, at=cast.AT)
    return pat


def _certificate(version, **changes):
    return {"version": version.public_id, "sha256": version.sha256, "password": cast.PASSWORD, **changes}


# Critical findings ---------------------------------------------------------------------------------


def test_the_list_shows_whose_turn_it_is(ann, kim, written):
    cast.screened(ann)
    cast.checked(ann, flags=("cord",))
    cast.certified(ann)
    cast.checked(ann)
    cast.screened(ann, failing="mri")
    page = words(Desk(kim).get("checks"))

    assert "01-001 Certify (0 of 2)" in page
    assert "01-002 Check for critical findings" in page
    assert "01-003 Close the critical finding" in page
    assert "01-004 Certified" in page
    assert "01-005 Waiting for the author" in page
    assert "01-006" not in page
    assert page.index("01-003") < page.index("01-004")


def test_an_mri_without_critical_findings_is_recorded(study, ann, kim, clock):
    pat = cast.screened(ann)
    response = Desk(kim).post("red-flags", pat, none="on")

    assert response.status_code == 302
    assert recorded(study)[0] == ("kim", "RED_FLAGS_CHECKED", pat.code)
    assert "none" in words(Desk(kim).get("check", pat))


def test_a_critical_finding_opens_its_loop(ann, kim, clock):
    pat = cast.screened(ann)
    response = Desk(kim).client.post(
        Desk(kim).address("red-flags", pat), {"flags": ["cord"], "finding": "Cord signal"}, follow=True
    )

    assert CriticalFinding.objects.get().is_open
    assert "Cord signal Identified by Kim" in words(response)
    assert "Close the critical finding" in words(response)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "Please tick either what the MRI shows, or that it shows none of these."),
        ({"none": "on", "flags": ["cord"], "finding": "x"}, "Please tick either"),
        ({"flags": ["cord"], "finding": ""}, "Please describe the critical finding."),
        ({"flags": ["headache"], "finding": "x"}, "headache is not one of the available choices"),
    ],
)
def test_a_check_that_says_two_things_or_none_is_refused(ann, kim, values, sentence):
    response = Desk(kim).post("red-flags", cast.screened(ann), **values)

    assert response.status_code == 400
    assert sentence in words(response)


def test_a_check_is_made_once(study, ann, kim):
    pat = cast.checked(ann)
    response = Desk(kim).post("red-flags", pat, none="on")

    assert response.status_code == 409
    assert "was recorded before" in words(response)
    assert refusals(study) == [("kim", "check_red_flags", "AlreadyDone")]


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [("yes", "The person may take part."), ("no", "The person does not take part.")],
)
def test_the_loop_is_closed(study, ann, kim, clock, answer, sentence):
    pat = cast.checked(ann, flags=("cord",))
    response = Desk(kim).client.post(
        Desk(kim).address("critical-finding", pat), CLOSED | {"may_continue": answer}, follow=True
    )

    assert sentence in words(response)
    assert "Received by Dr Lee" in words(response)
    assert recorded(study)[0] == ("kim", "CRITICAL_FINDING_CLOSED", pat.code)


def test_who_is_routed_to_care_is_nobodys_turn(ann, kim, clock):
    pat = cast.checked(ann, flags=("cord",))
    Desk(kim).post("critical-finding", pat, **CLOSED | {"may_continue": "no"})

    assert f"{pat.code} Routed to clinical care" in words(Desk(kim).get("checks"))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"receiver": ""}, "This field is required."),
        ({"read_back": ""}, "The loop is closed only when the receiver has read the finding back."),
        ({"received_at": "2031-03-03T10:00"}, "Must be after the finding was identified"),
        ({"received_at": "2031-03-04T11:00"}, "and not in the future"),
        ({"received_at": "yesterday"}, "Enter a valid date/time."),
    ],
)
def test_a_loop_that_is_not_closed_is_not_recorded_as_closed(ann, kim, clock, wrong, sentence):
    pat = cast.checked(ann, flags=("cord",))
    response = Desk(kim).post("critical-finding", pat, **CLOSED | wrong)

    assert response.status_code == 400
    assert sentence in words(response)
    assert CriticalFinding.objects.get().is_open


def test_without_a_critical_finding_there_is_no_loop(ann, kim, clock):
    response = Desk(kim).post("critical-finding", cast.checked(ann), **CLOSED)

    assert response.status_code == 409
    assert "no open critical finding" in words(response)


# Certificates --------------------------------------------------------------------------------------


def test_each_text_stands_beside_the_original(kim, written):
    page = words(Desk(kim).get("check", written))

    assert "L4/5: bulge." in page
    assert "L4/5: a bulge of the disc." in page
    assert "Your back is strong." in page


def test_a_text_is_certified_with_the_password(study, kim, written, clock):
    desk = Desk(given_a_password(kim))
    version = written.versions.get(wording="factual")
    response = desk.client.post(desk.address("certify", written), _certificate(version), follow=True)

    assert "Certified by Kim" in words(response)
    assert written.versions.get(wording="factual").certified_by == kim
    assert recorded(study)[0] == ("kim", "VERSION_CERTIFIED", written.code)


def test_without_the_password_nothing_is_certified(kim, written):
    desk = Desk(given_a_password(kim))
    version = written.versions.get(wording="factual")
    response = desk.post("certify", written, **_certificate(version, password="a guess"))

    assert response.status_code == 400
    assert 'id="refused_password_error">This is not your password.' in response.content.decode()
    assert written.versions.filter(certified_at=None).count() == 2


def test_a_text_that_was_changed_meanwhile_is_read_again(study, ida, kim, written):
    desk = Desk(given_a_password(kim))
    version = written.versions.get(wording="factual")
    report.write(participant=written, wording="factual", text="Changed.", by=ida, at=cast.AT)
    response = desk.post("certify", written, **_certificate(version))

    assert response.status_code == 400
    assert "the text was changed while you read it; please read it again" in words(response)
    assert written.versions.get(wording="factual").sha256 in response.content.decode()
    assert refusals(study) == [("kim", "certify", "InvalidInput")]


def test_a_text_is_certified_once(kim, ann, clock):
    desk, pat = Desk(given_a_password(kim)), cast.certified(ann)
    response = desk.post("certify", pat, **_certificate(pat.versions.first()))

    assert response.status_code == 409
    assert "certified before" in words(response)


def test_a_text_of_another_participant_is_not_found(ann, kim, written):
    desk, other = Desk(given_a_password(kim)), cast.certified(ann)
    response = desk.post("certify", written, **_certificate(other.versions.first()))

    assert response.status_code == 404
