"""A coordinator takes somebody from screening to the last visit"""

import pytest
from django.core import mail

from tests import cast
from tests.web.desk import Desk, criteria, recorded, refusals, words
from trial.models import Participant, Screening
from trial.services import consent

PERSON = {"name": "Pat Example", "email": "pat@example.org", "birth_year": 1980, "sex": "F"}


# Screening ---------------------------------------------------------------------------------------


def test_an_eligible_person_is_entered(study, ann, clock):
    response = Desk(ann).post("screen", **PERSON, **criteria(study))
    pat = Participant.objects.get()

    assert response.url == Desk(ann).address("participant", pat)
    assert (pat.code, pat.eligible, pat.identity.name) == ("01-001", True, "Pat Example")
    assert recorded(study)[0] == ("ann", "SCREENED", "01-001")


def test_a_person_who_is_not_eligible_is_entered_too(study, ann, clock):
    response = Desk(ann).client.post(
        Desk(ann).address("screen"), PERSON | criteria(study, failing="surgery"), follow=True
    )

    assert "is not eligible" in words(response)
    assert Screening.objects.get().answers["surgery"] is True


def test_every_criterion_has_to_be_answered(study, ann):
    answers = criteria(study)
    del answers["criterion-mri"]
    response = Desk(ann).post("screen", **PERSON, **answers)

    assert response.status_code == 400
    assert "Please look at what is marked below." in words(response)
    assert not Participant.objects.exists()


def test_what_the_service_refuses_stands_beside_its_field(study, ann, clock):
    response = Desk(ann).post("screen", **PERSON | {"birth_year": 2020}, **criteria(study))

    assert response.status_code == 400
    assert 'id="id_birth_year_error">The age must be between 18 and 110 years.' in response.content.decode()
    assert refusals(study) == [("ann", "screen", "InvalidInput")]


# The participant's page ----------------------------------------------------------------------------


def test_who_it_is_stands_only_on_the_page_for_who_sends_the_link(ann, mona, paul):
    pat = cast.randomized(ann)

    assert "pat@example.org" in words(Desk(ann).get("participant", pat))
    for somebody in (mona, paul):
        assert "Pat Example" not in words(Desk(somebody).get("participant", pat))
        assert "pat@example.org" not in words(Desk(somebody).get("participant", pat))


def test_no_other_page_tells_who_it_is(ann, ida, kim):
    pat = cast.randomized(ann)
    pages = [
        *(Desk(ann).get(page, pat) for page in ("consent", "randomize", "randomized")),
        Desk(ann).get("participants"),
        Desk(ida).get("report", pat),
        Desk(kim).get("check", pat),
    ]

    assert [page for page in pages if "Pat Example" in words(page)] == []


def test_the_page_counts_answers_and_shows_none(ann, clock):
    page = words(Desk(ann).get("participant", cast.with_baseline(ann, high=True)))

    assert "Baseline 3 Mar to 17 Mar 2031 done 4 of 4" in page
    assert " 52" not in page  # the highest catastrophizing score, which was given


# Consent, link, decline, withdrawal ----------------------------------------------------------------


def test_consent_is_recorded_after_the_text_was_shown(study, ann, clock):
    pat = cast.checked(ann)
    shown = words(Desk(ann).get("consent", pat))
    response = Desk(ann).post("consent", pat, version="1.0", signed="on")

    assert "version 1.0 of 15 January 2026" in shown
    assert "without giving a reason" in shown
    assert response.status_code == 302
    assert recorded(study)[0] == ("ann", "CONSENTED", pat.code)


def test_consent_needs_the_signature(study, ann):
    pat = cast.checked(ann)

    assert Desk(ann).post("consent", pat, version="1.0").status_code == 400
    assert recorded(study)[0][1] != "CONSENTED"


def test_consent_with_an_open_critical_finding_is_refused_in_a_sentence(study, ann):
    pat = cast.checked(ann, flags=("cord",))
    response = Desk(ann).post("consent", pat, version="1.0", signed="on")

    assert response.status_code == 409
    assert "A critical finding has not yet been confirmed" in words(response)
    assert refusals(study) == [("ann", "record", "CriticalFindingOpen")]


def test_an_older_consent_form_is_refused(ann):
    response = Desk(ann).post("consent", cast.checked(ann), version="0.9", signed="on")

    assert response.status_code == 400
    assert "the consent form in force is 1.0" in words(response)


def test_the_link_goes_to_the_participant_and_is_shown_to_nobody(study, ann, clock):
    pat = cast.consented(ann)
    response = Desk(ann).client.post(Desk(ann).address("send-link", pat), follow=True)
    address = next(word for word in mail.outbox[0].body.split() if "/p/" in word)

    assert mail.outbox[0].to == ["pat@example.org"]
    assert "was sent their link" in words(response)
    assert address.rstrip("/").rpartition("/")[2] not in response.content.decode()
    assert recorded(study)[0] == ("ann", "LINK_SENT", pat.code)


def test_a_link_before_the_consent_is_refused(study, ann):
    response = Desk(ann).post("send-link", cast.checked(ann))

    assert response.status_code == 409
    assert "No consent is recorded." in words(response)
    assert mail.outbox == []


def test_a_mail_server_that_is_down_is_told(ann, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", 1
    response = Desk(ann).post("send-link", cast.consented(ann))

    assert response.status_code == 503
    assert "The mail could not be sent. Please try again." in words(response)


def test_a_person_who_declines_is_recorded(study, ann, clock):
    pat = cast.checked(ann)
    response = Desk(ann).client.post(Desk(ann).address("decline", pat), {"reason": "declined"}, follow=True)

    assert "does not take part" in words(response)
    assert recorded(study)[0] == ("ann", "DECLINED", pat.code)


def test_a_randomized_participant_cannot_decline(study, ann):
    pat = cast.randomized(ann)
    response = Desk(ann).post("decline", pat, reason="declined")

    assert response.status_code == 409
    assert refusals(study) == [("ann", "decline", "AlreadyRandomized")]


@pytest.mark.parametrize("page", ["decline", "withdraw"])
def test_a_reason_has_to_be_chosen(ann, page):
    response = Desk(ann).post(page, cast.consented(ann), reason="bored")

    assert response.status_code == 400


def test_a_withdrawal_is_recorded_and_ends_the_link(study, ann, clock):
    pat = cast.consented(ann)
    Desk(ann).post("send-link", pat)
    response = Desk(ann).client.post(Desk(ann).address("withdraw", pat), {"reason": "burden"}, follow=True)
    page = words(response)

    assert "What was answered is kept." in page
    assert "Send" not in page
    assert pat.links.get().uses_left == 0
    assert recorded(study)[0] == ("ann", "WITHDRAWN", pat.code)


def test_who_withdrew_gets_no_link(ann):
    pat = cast.consented(ann)
    consent.withdraw(participant=pat, reason="lost", by=ann, at=cast.AT)

    assert "This participant has withdrawn." in words(Desk(ann).post("send-link", pat))


def test_a_withdrawal_needs_a_consent(ann):
    response = Desk(ann).post("withdraw", cast.checked(ann), reason="burden")

    assert response.status_code == 409
    assert "No consent is recorded." in words(response)
