"""In an emergency one participant's wording is told to one clinician; everything else stays closed (T30)"""

from datetime import timedelta

import pytest

from tests import cast
from trial import vault
from trial.models import AuditEvent, Unblinding
from trial.models.allocation import Allocation
from trial.refusals import InvalidInput, MailNotSent, NotPermitted, NotRandomized, StillBlind
from trial.services import emergency
from trial.unblinded import arm_in_emergency, arms


def ask(participant, by, *, at=cast.AT, **changes):
    asked = {"clinician": "Dr Green", "email": "green@hospital.example", "reason": "New weakness of a leg."}
    return emergency.unblind_one(participant=participant, by=by, at=at, **{**asked, **changes})


def test_the_clinician_is_told_which_wording_it_was(ann, finn, mailoutbox):
    participant = cast.randomized(ann)

    ask(participant, finn)

    (mail,) = mailoutbox
    arm = vault.unseal_arm(Allocation.objects.get().sealed_arm)
    other = {"factual": "Reassuring wording", "reassuring": "Factual wording"}[arm]
    assert mail.to == ["green@hospital.example"]
    assert {"factual": "Factual wording", "reassuring": "Reassuring wording"}[arm] in mail.body
    assert other not in mail.body


def test_custodian_and_lead_are_told_that_it_happened_and_not_what_it_was(ann, finn, paul, mailoutbox):
    for member in (finn.member, paul.member, ann.member):
        member.email = f"{member.username}@example.org"
        member.save()

    ask(cast.randomized(ann), finn)

    notice = mailoutbox[1]
    assert sorted(notice.to) == ["finn@example.org", "paul@example.org"]
    for word in ("actual", "eassuring"):
        assert word not in notice.subject + notice.body
    assert "Dr Green was told" in notice.body


def test_it_is_recorded_without_the_arm(ann, finn, mailoutbox):
    participant = cast.randomized(ann)

    ask(participant, finn)

    entry, record = AuditEvent.objects.last(), Unblinding.objects.get()
    assert (entry.action, entry.object, entry.actor) == ("UNBLINDED_IN_EMERGENCY", "01-001", "finn")
    assert entry.body == {"reason": "New weakness of a leg.", "clinician": "Dr Green", "alarm": 0}
    assert (record.clinician, record.by, record.alarm) == ("Dr Green", "finn", False)


def test_everybody_else_stays_closed(ann, finn, cal, mailoutbox):
    ask(cast.randomized(ann), finn)

    with pytest.raises(StillBlind):
        arms(by=cal)


def test_a_second_one_at_the_site_within_a_week_is_an_alarm(ann, bob, finn, mailoutbox):
    first, second, elsewhere = cast.randomized(ann), cast.randomized(ann), cast.randomized(bob)
    ask(first, finn)

    assert not ask(elsewhere, finn, at=cast.AT + timedelta(days=1)).alarm
    assert ask(second, finn, at=cast.AT + timedelta(days=6)).alarm
    assert not ask(second, finn, at=cast.AT + timedelta(days=14)).alarm


def test_an_alarm_stands_in_the_notice(ann, finn, mailoutbox):
    finn.member.email = "finn@example.org"
    finn.member.save()
    participant = cast.randomized(ann)
    ask(participant, finn)
    ask(participant, finn)
    assert "another one at this site within a week" in mailoutbox[-1].body


@pytest.mark.parametrize("name", ["ann", "ida", "kim", "cal", "mona", "paul"])
def test_nobody_but_the_custodian_may(study, ann, name, mailoutbox):
    participant = cast.randomized(ann)
    by = cast.who(study, name)
    with pytest.raises(NotPermitted):
        ask(participant, by)
    with pytest.raises(NotPermitted):
        arm_in_emergency(participant, by=by)
    assert AuditEvent.objects.last().body == {"act": "unblind_one", "refusal": "NotPermitted"}
    assert not mailoutbox


def test_there_is_nothing_to_tell_of_somebody_who_is_not_randomized(ann, finn):
    participant = cast.certified(ann)
    with pytest.raises(NotRandomized):
        ask(participant, finn)
    with pytest.raises(NotRandomized):
        arm_in_emergency(participant, by=finn)


@pytest.mark.parametrize(("field", "value"), [("clinician", " "), ("reason", ""), ("email", "green")])
def test_who_is_told_and_why_must_be_given(ann, finn, mailoutbox, field, value):
    participant = cast.randomized(ann)
    with pytest.raises(InvalidInput, match=f"^{field}: please"):
        ask(participant, finn, **{field: value})
    assert not Unblinding.objects.exists()
    assert not mailoutbox


def test_it_is_recorded_even_if_the_mail_fails(ann, finn, settings):
    """No arm is ever told without a trace; a mail server that nobody listens at, on this machine."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    participant = cast.randomized(ann)

    with pytest.raises(MailNotSent, match="It is recorded, but the mail could not be sent"):
        ask(participant, finn)

    assert Unblinding.objects.count() == 1
