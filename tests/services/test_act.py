"""What every act has in common: refused acts change nothing, and are recorded"""

import pytest

from tests import cast
from trial.models import AuditEvent, Consent
from trial.refusals import AlreadyDone, NotConsented, NotOpen
from trial.services import assessment, consent, ledger
from trial.services.act import Operator, act


def last():
    entry = AuditEvent.objects.last()
    return entry.action, entry.object, entry.actor, entry.role, entry.body


def test_what_a_refused_act_had_begun_is_undone(ann):
    participant = cast.checked(ann)

    @act
    def half(*, participant, by, at):
        Consent.objects.create(participant=participant, version="1", at=at)
        raise AlreadyDone

    with pytest.raises(AlreadyDone):
        half(participant=participant, by=ann, at=cast.AT)

    assert not Consent.objects.exists()
    assert last() == ("REFUSED", "01-001", "ann", "coordinator", {"act": "half", "refusal": "AlreadyDone"})
    assert ledger.first_fault(ann.study) is None


def test_an_error_of_ours_undoes_the_act_and_is_not_called_a_refusal(ann):
    participant = cast.checked(ann)
    before = AuditEvent.objects.count()

    @act
    def broken(*, by, at):
        Consent.objects.create(participant=participant, version="1", at=at)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken(by=ann, at=cast.AT)

    assert not Consent.objects.exists()
    assert AuditEvent.objects.count() == before


def test_a_refusal_to_a_member_is_recorded_under_their_name(ann):
    participant = cast.screened(ann)
    with pytest.raises(NotConsented):
        consent.withdraw(participant=participant, reason="burden", by=ann, at=cast.AT)

    assert last()[1:4] == ("01-001", "ann", "coordinator")


def test_a_refusal_to_a_participant_is_recorded_under_their_code(ann):
    participant = cast.consented(ann)
    with pytest.raises(NotOpen):
        assessment.submit(visit="W1", instrument="PCS", by=participant, at=cast.AT)

    assert last() == (
        "REFUSED",
        "01-001",
        "01-001",
        "participant",
        {"act": "submit", "refusal": "NotOpen"},
    )


def test_a_refusal_that_concerns_nobody_is_recorded_under_the_study(study):
    @act
    def nothing(*, by, at):
        raise AlreadyDone

    with pytest.raises(AlreadyDone):
        nothing(by=Operator(study), at=cast.AT)

    assert last()[:4] == ("REFUSED", "REASSURE", "operator", "operator")


def test_an_act_keeps_its_name_and_its_promise():
    assert consent.record.__name__ == "record"
    assert consent.record.__doc__.startswith("The participant signed")
