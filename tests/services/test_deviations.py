"""Errors after the randomization are recorded beside it; nothing is undone (T56, T57)"""

import pytest

from tests import cast
from trial.models import AuditEvent, Deviation
from trial.models.allocation import Allocation, StratumPointer
from trial.refusals import InvalidInput, KnownPerson, NotPermitted, NotRandomized
from trial.services import deviation, verification


def correct(participant, by, **changes):
    asked = {"factor": "catastrophizing", "correct": "high", "reason": "The paper form says 35."}
    return deviation.correct_factor(participant=participant, by=by, at=cast.AT, **{**asked, **changes})


def slots():
    return list(Allocation.objects.values_list("stratum", "slot", "leaf")), list(
        StratumPointer.objects.values_list("stratum", "used")
    )


def test_an_error_is_flagged_and_the_slot_stays_given(ann):
    participant = cast.randomized(ann)
    before = slots()

    cast.flagged(participant, ann)

    entry = AuditEvent.objects.last()
    assert Deviation.objects.get().get_kind_display() == "Randomized in error"
    assert (entry.action, entry.body) == ("ERROR_FLAGGED", {"reason": "Had surgery last month."})
    assert slots() == before
    assert verification.first_fault(ann.study) is None


def test_a_wrong_factor_is_corrected_beside_the_slot(ann):
    """The replay uses the factors as they were at the draw (integrity.md 5.5)."""
    participant = cast.randomized(ann)
    before = slots()

    correct(participant, ann)

    row, entry = Deviation.objects.get(), AuditEvent.objects.last()
    assert (row.factor, row.was, row.correct) == ("catastrophizing", "low", "high")
    assert entry.body == {
        "factor": "catastrophizing",
        "was": "low",
        "correct": "high",
        "reason": "The paper form says 35.",
    }
    assert slots() == before
    assert verification.first_fault(ann.study) is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"factor": "age"}, "factor: the randomization has no such factor"),
        ({"correct": "low"}, "correct: please choose another level"),
        ({"correct": "middling"}, "correct: please choose another level"),
        ({"reason": " "}, "reason: please say what happened"),
        ({"reason": "x" * 501}, "reason: please say what happened"),
    ],
)
def test_a_correction_that_says_nothing_is_refused(ann, changes, said):
    participant = cast.randomized(ann)
    with pytest.raises(InvalidInput, match=said):
        correct(participant, ann, **changes)
    assert not Deviation.objects.exists()


def test_before_the_randomization_there_is_nothing_to_record(ann):
    with pytest.raises(NotRandomized):
        cast.flagged(cast.certified(ann), ann)


@pytest.mark.parametrize("name", ["bob", "ida", "kim", "cal", "finn", "mona", "paul"])
def test_only_the_sites_coordinator_records_it(study, ann, name):
    participant = cast.randomized(ann)
    with pytest.raises(NotPermitted):
        cast.flagged(participant, cast.who(study, name))


def test_the_same_person_is_not_screened_again_after_the_randomization(ann, bob):
    cast.randomized(ann, name="Änne Meyer")

    with pytest.raises(KnownPerson, match="already, as 01-001"):
        cast.screened(bob, name="MEYER, Anne")


def test_another_person_of_the_same_name_is_screened_and_that_is_recorded(ann, bob):
    cast.randomized(ann, name="Änne Meyer")

    other = cast.screened(bob, name="Anne Meyer", other_person=True)

    assert AuditEvent.objects.last().body == {"eligible": 1, "other_person": 1}
    assert other.person != cast.fresh(other).study.participants.get(code="01-001").person
