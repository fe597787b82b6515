"""Consent, links, answers and the report, as a participant meets them"""

from datetime import timedelta

import pytest
from django.core import mail

from tests import cast
from trial import unblinded
from trial.models import Assessment, AuditEvent, Delivery, Link, ReportVersion, Response
from trial.refusals import (
    AlreadyDone,
    AlreadySubmitted,
    HasWithdrawn,
    InvalidInput,
    LinkNotValid,
    MailNotSent,
    NotConsented,
    NotEligible,
    NotFound,
    NotOpen,
    NotPermitted,
    NotRandomized,
    StudyLocked,
    TextAltered,
)
from trial.selectors import answers, visits
from trial.services import assessment, consent, link, session
from trial.services import study as studies

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def outbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def give(participant, given, *, visit="BL", instrument="PCS", at=cast.AT):
    return assessment.answer(visit=visit, instrument=instrument, given=given, by=participant, at=at)


# Consent -----------------------------------------------------------------------------------------------


def test_consent_names_the_version_that_was_signed(study, ann):
    assert cast.consented(ann).consent.version == "1.0"
    assert AuditEvent.objects.get(study=study, action="CONSENTED").body == {"version": "1.0"}


def test_consent_to_another_version_is_refused(ann):
    with pytest.raises(InvalidInput, match=r"the consent form in force is 1\.0"):
        consent.record(participant=cast.checked(ann), version="0.9", by=ann, at=cast.AT)


def test_consent_is_given_once(ann):
    with pytest.raises(AlreadyDone):
        consent.record(participant=cast.consented(ann), version="1.0", by=ann, at=cast.AT)


def test_who_is_not_eligible_does_not_consent(ann):
    with pytest.raises(NotEligible):
        consent.record(participant=cast.checked(ann, failing="adult"), version="1.0", by=ann, at=cast.AT)


def test_nobody_consents_after_the_lock(ann, paul):
    participant = cast.checked(ann)
    studies.lock(by=paul, at=cast.AT)
    with pytest.raises(StudyLocked):
        consent.record(participant=cast.fresh(participant), version="1.0", by=ann, at=cast.AT)


def test_a_withdrawal_ends_links_and_session_and_keeps_what_was_answered(ann):
    participant = cast.with_baseline(ann)
    token, value = cast.token(participant), session.issue(participant)
    consent.withdraw(participant=participant, reason="burden", by=ann, at=cast.AT)
    with pytest.raises(LinkNotValid):
        link.exchange(token=token, at=cast.AT)
    with pytest.raises(LinkNotValid):
        session.participant_of(value)
    assert answers.scores(cast.fresh(participant), "BL")["PCSTOT"].value == 0


def test_somebody_withdraws_once_and_for_one_of_the_reasons(ann):
    participant = cast.consented(ann)
    with pytest.raises(InvalidInput, match="reason"):
        consent.withdraw(participant=participant, reason="whim", by=ann, at=cast.AT)
    consent.withdraw(participant=participant, reason="lost", by=ann, at=cast.AT)
    with pytest.raises(HasWithdrawn):
        consent.withdraw(participant=participant, reason="lost", by=ann, at=cast.AT)


# Links -------------------------------------------------------------------------------------------------


def test_the_link_goes_to_the_participant_and_only_its_hash_is_kept(study, ann):
    participant = cast.consented(ann)
    link.send(participant=participant, by=ann, at=cast.AT)
    [message] = mail.outbox
    token = message.body.split("/p/")[1].split("/")[0]
    assert message.to == ["pat@example.org"]
    assert Link.objects.get().token_sha256 == link.token_hash(token)
    assert link.exchange(token=token, at=cast.AT) == participant
    assert token not in str(list(AuditEvent.objects.values()))


def test_a_mail_names_no_arm_and_no_wording(ann):
    link.send(participant=cast.consented(ann), by=ann, at=cast.AT)
    text = (mail.outbox[0].subject + mail.outbox[0].body).lower().replace("factual or reassuring wording", "")
    assert "factual" not in text
    assert "reassuring" not in text


def test_nobody_without_consent_or_after_a_withdrawal_gets_a_link(ann):
    with pytest.raises(NotConsented):
        link.send(participant=cast.screened(ann), by=ann, at=cast.AT)
    participant = cast.consented(ann)
    consent.withdraw(participant=participant, reason="lost", by=ann, at=cast.AT)
    with pytest.raises(HasWithdrawn):
        link.send(participant=cast.fresh(participant), by=ann, at=cast.AT)


def test_a_mail_server_that_does_not_answer_is_told(ann, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(MailNotSent):
        link.send(participant=cast.consented(ann), by=ann, at=cast.AT)


def test_an_unknown_an_expired_and_a_used_up_link_are_refused_alike(ann):
    participant = cast.consented(ann)
    expired, used = cast.token(participant, at=cast.AT - 200 * DAY), cast.token(participant)
    Link.objects.filter(token_sha256=link.token_hash(used)).update(uses_left=0)
    said = set()
    for token in ("unknown", expired, used):
        with pytest.raises(LinkNotValid) as refused:
            link.exchange(token=token, at=cast.AT)
        said.add(str(refused.value))
    assert len(said) == 1


def test_a_forged_session_is_nobodys(db):
    with pytest.raises(LinkNotValid):
        session.participant_of("made-up")


# Answers -----------------------------------------------------------------------------------------------


def test_an_answer_is_kept_and_a_later_one_is_added(ann):
    participant = cast.consented(ann)
    give(participant, {"PCS01": "3"})
    assessed = give(participant, {"PCS01": "1", "PCS02": 4})
    assert list(assessed.responses.values_list("item", "value")) == [("PCS01", 3), ("PCS01", 1), ("PCS02", 4)]
    assert answers.current(assessed) == {"PCS01": 1, "PCS02": 4}


def test_the_same_page_sent_twice_counts_once(ann):
    participant = cast.consented(ann)
    for _ in range(2):
        give(participant, {"PCS01": "3", "PCS02": "4"})
    assert Response.objects.count() == 2


@pytest.mark.parametrize("raw", ["5", "-1", "3.0", "NaN", "1e309", "", "٣", "x" * 10_000, "\0"])
def test_an_answer_that_cannot_be_is_refused_with_all_of_its_page(ann, raw):
    with pytest.raises(InvalidInput, match=r"^PCS02: "):
        give(cast.consented(ann), {"PCS01": "3", "PCS02": raw})
    assert not Response.objects.exists()


def test_a_question_that_is_not_asked_is_refused(ann):
    with pytest.raises(InvalidInput, match="no such question"):
        give(cast.consented(ann), {"PHQ01": "1"})


def test_a_visit_or_questionnaire_that_does_not_exist_is_not_found(ann):
    participant = cast.consented(ann)
    for change in ({"visit": "W99"}, {"instrument": "PHQ9"}):
        with pytest.raises(NotFound):
            give(participant, {}, **change)


def test_what_is_sent_in_no_longer_changes_and_gaps_are_skipped_items(study, ann):
    participant = cast.consented(ann)
    give(participant, {f"PCS{item:02d}": 2 for item in range(1, 13)})
    assessment.submit(visit="BL", instrument="PCS", by=participant, at=cast.AT)
    with pytest.raises(AlreadySubmitted):
        give(participant, {"PCS01": 1})
    with pytest.raises(AlreadySubmitted):
        assessment.submit(visit="BL", instrument="PCS", by=participant, at=cast.AT)
    score = answers.scores(cast.fresh(participant), "BL")["PCSTOT"]
    assert (score.value, score.reason.value) == (None, "too_many_missing")
    body = AuditEvent.objects.get(study=study, action="ASSESSMENT_SUBMITTED").body
    assert (body["visit"], body["instrument"], body["late"]) == ("BL", "PCS", 0)


def test_a_visit_opens_with_its_window_and_a_late_answer_is_kept_and_marked(ann):
    participant = cast.randomized(ann)
    with pytest.raises(NotOpen):
        give(participant, {"PCS01": 1}, visit="W1", at=cast.AT + 4 * DAY)
    give(participant, {"PCS01": 1}, visit="W1", at=cast.AT + 5 * DAY)
    late = assessment.submit(visit="W1", instrument="PCS", by=participant, at=cast.AT + 13 * DAY)
    assert late.late
    assert visits.status(cast.fresh(participant), "W1", cast.AT + 13 * DAY).state is visits.State.LATE


def test_the_baseline_closes_with_the_randomization(ann):
    participant = cast.randomized(ann)
    with pytest.raises(AlreadySubmitted):
        give(participant, {"PCS01": 1})


def test_nothing_is_answered_after_a_withdrawal_or_the_lock(ann, paul):
    gone = cast.consented(ann)
    consent.withdraw(participant=gone, reason="lost", by=ann, at=cast.AT)
    with pytest.raises(NotOpen):
        give(cast.fresh(gone), {"PCS01": 1})
    here = cast.consented(ann)
    studies.lock(by=paul, at=cast.AT)
    with pytest.raises(NotOpen):
        give(cast.fresh(here), {"PCS01": 1})
    assert not Assessment.objects.exists()


# The report --------------------------------------------------------------------------------------------


def test_the_report_that_is_read_is_the_certified_text_of_the_own_version(ann):
    participant = cast.randomized(ann)
    assert cast.read_report(participant) in cast.TEXTS.values()


def test_opening_the_report_is_recorded_once_and_counted_after(study, ann):
    participant = cast.randomized(ann)
    for day in range(3):
        cast.read_report(participant, at=cast.AT + day * DAY)
    opened = Delivery.objects.get()
    assert (opened.times_opened, opened.first_opened_at, opened.last_opened_at) == (
        3,
        cast.AT,
        cast.AT + 2 * DAY,
    )
    assert AuditEvent.objects.get(study=study, action="REPORT_OPENED").body == {}


def test_before_the_allocation_there_is_no_report(ann):
    with pytest.raises(NotRandomized):
        cast.read_report(cast.certified(ann))


def test_after_a_withdrawal_the_report_is_not_opened(ann):
    participant = cast.randomized(ann)
    consent.withdraw(participant=participant, reason="consent", by=ann, at=cast.AT)
    with pytest.raises(HasWithdrawn):
        cast.read_report(cast.fresh(participant))


def test_a_text_that_is_not_what_was_certified_is_never_shown(study, ann):
    participant = cast.randomized(ann)
    ReportVersion.objects.update(text="Your back is in ruins.")
    with pytest.raises(TextAltered):
        cast.read_report(participant)
    assert AuditEvent.objects.filter(study=study, action="REFUSED", body__refusal="TextAltered").exists()
    assert not Delivery.objects.exists()


def test_a_coordinator_cannot_ask_for_arms(ann):
    with pytest.raises(NotPermitted):
        unblinded.arms(by=ann)
