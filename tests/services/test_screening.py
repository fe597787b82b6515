"""Screening and the critical-finding gate"""

from datetime import timedelta

import pytest

from tests import cast
from trial.models import AuditEvent, Decline, Participant
from trial.refusals import (
    AlreadyDone,
    AlreadyRandomized,
    CriticalFindingOpen,
    InvalidInput,
    NotChecked,
    NotConsented,
    NotPermitted,
    RoutedToCare,
    StudyLocked,
)
from trial.selectors.participant import gate
from trial.services import consent, screening
from trial.services import study as studies

LATER = cast.AT + timedelta(hours=1)


def entries(study, action):
    return AuditEvent.objects.filter(study=study, action=action)


def close(participant, by, **changes):
    fields = {
        "receiver": "Dr Green",
        "received_at": LATER,
        "method": "telephone",
        "read_back": True,
        "may_continue": True,
    }
    screening.close_critical_finding(participant=participant, by=by, at=LATER, **{**fields, **changes})


def test_a_person_who_meets_every_criterion_is_eligible(ann):
    assert cast.screened(ann).eligible


@pytest.mark.parametrize("criterion", ["adult", "pain", "mri", "reads", "trauma", "deficit", "surgery"])
def test_one_failing_criterion_makes_a_person_ineligible(ann, criterion):
    assert not cast.screened(ann, failing=criterion).eligible


def test_codes_count_within_a_site(ann, bob):
    assert [cast.screened(by).code for by in (ann, ann, bob)] == ["01-001", "01-002", "02-001"]


def test_screening_is_recorded_without_the_name(study, ann):
    cast.screened(ann, name="Canary Person")
    entry = entries(study, "SCREENED").get()
    assert (entry.actor, entry.object, entry.body) == ("ann", "01-001", {"eligible": 1})


def test_every_criterion_must_be_answered(ann):
    with pytest.raises(InvalidInput, match="adult: please answer every criterion"):
        screening.screen(
            site=ann.site,
            name="P",
            email="p@example.org",
            birth_year=1980,
            sex="F",
            answers={},
            by=ann,
            at=cast.AT,
        )
    assert not Participant.objects.exists()


@pytest.mark.parametrize("year", [1900, 2014, 2031])
def test_an_impossible_age_is_refused(ann, year):
    with pytest.raises(InvalidInput, match="the age must be between 18 and 110"):
        screening.screen(
            site=ann.site,
            name="P",
            email="p@example.org",
            birth_year=year,
            sex="F",
            answers={},
            by=ann,
            at=cast.AT,
        )


def test_a_coordinator_screens_at_their_own_site_alone(study, ann):
    lake = study.sites.get(code="02")
    with pytest.raises(NotPermitted, match="another site"):
        screening.screen(
            site=lake,
            name="P",
            email="p@example.org",
            birth_year=1980,
            sex="F",
            answers={},
            by=ann,
            at=cast.AT,
        )
    assert entries(study, "REFUSED").get().body == {"act": "screen", "refusal": "NotPermitted"}


def test_a_locked_study_screens_nobody(ann, paul):
    studies.lock(by=paul, at=cast.AT)
    ann.study.refresh_from_db()
    with pytest.raises(StudyLocked):
        cast.screened(ann)


def test_an_eligible_person_may_decline_once(study, ann):
    participant = cast.screened(ann)
    screening.decline(participant=participant, reason="declined", by=ann, at=cast.AT)
    assert Decline.objects.get().reason == "declined"
    assert entries(study, "DECLINED").count() == 1
    with pytest.raises(AlreadyDone):
        screening.decline(participant=participant, reason="declined", by=ann, at=cast.AT)


def test_a_reason_that_is_not_on_the_list_is_refused(ann):
    with pytest.raises(InvalidInput, match="reason"):
        screening.decline(participant=cast.screened(ann), reason="whim", by=ann, at=cast.AT)


def test_who_is_randomized_cannot_decline_any_more(ann):
    with pytest.raises(AlreadyRandomized):
        screening.decline(participant=cast.randomized(ann), reason="declined", by=ann, at=cast.AT)


def test_the_gate_is_shut_until_a_radiologist_has_looked(ann):
    assert isinstance(gate(cast.screened(ann)), NotChecked)
    assert gate(cast.checked(ann)) is None


def test_a_red_flag_shuts_the_gate_until_the_loop_is_closed(study, ann, kim):
    participant = cast.checked(ann, flags=("fracture",))
    assert isinstance(gate(participant), CriticalFindingOpen)
    close(participant, kim)
    assert gate(cast.fresh(participant)) is None
    assert entries(study, "CRITICAL_FINDING_CLOSED").get().body == {"may_continue": 1}


def test_the_treating_clinician_may_keep_the_person_out(ann, kim):
    participant = cast.checked(ann, flags=("fracture",))
    close(participant, kim, may_continue=False)
    assert isinstance(gate(cast.fresh(participant)), RoutedToCare)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"receiver": " "}, "receiver: please fill this in"),
        ({"method": ""}, "method: please fill this in"),
        ({"read_back": False}, "read_back: the loop is closed only"),
        ({"received_at": cast.AT - timedelta(days=1)}, "received_at: must be after"),
        ({"received_at": LATER + timedelta(days=1)}, "received_at: must be after"),
    ],
)
def test_a_loop_that_is_not_complete_stays_open(ann, kim, change, reason):
    participant = cast.checked(ann, flags=("fracture",))
    with pytest.raises(InvalidInput, match=reason):
        close(participant, kim, **change)
    assert isinstance(gate(cast.fresh(participant)), CriticalFindingOpen)


def test_a_loop_is_closed_once(ann, kim):
    participant = cast.checked(ann, flags=("fracture",))
    close(participant, kim)
    with pytest.raises(AlreadyDone):
        close(participant, kim)


def test_red_flags_are_checked_once(ann, kim):
    with pytest.raises(AlreadyDone):
        screening.check_red_flags(participant=cast.checked(ann), flags=[], by=kim, at=cast.AT)


@pytest.mark.parametrize(
    ("flags", "finding", "reason"),
    [(["broken-heart"], "x", "'broken-heart' is not a red flag"), (["fracture"], " ", "please describe")],
)
def test_a_red_flag_is_one_of_the_protocols_and_is_described(ann, kim, flags, finding, reason):
    with pytest.raises(InvalidInput, match=reason):
        screening.check_red_flags(
            participant=cast.screened(ann), flags=flags, finding=finding, by=kim, at=cast.AT
        )


def test_a_coordinator_does_not_check_for_red_flags(ann):
    with pytest.raises(NotPermitted):
        screening.check_red_flags(participant=cast.screened(ann), flags=[], by=ann, at=cast.AT)


def test_nobody_consents_before_the_gate_is_open(ann):
    participant = cast.checked(ann, flags=("tumour",))
    with pytest.raises(CriticalFindingOpen):
        consent.record(participant=participant, version="1.0", by=ann, at=cast.AT)
    with pytest.raises(NotConsented):
        consent.withdraw(participant=participant, reason="lost", by=ann, at=cast.AT)
