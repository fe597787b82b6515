"""A coordinator records an error beside the randomization, and says when a name is another person's"""

import pytest

from tests import cast
from tests.web.desk import Desk, criteria, recorded, words
from trial.models import Deviation


@pytest.fixture
def desk(ann, clock):
    return Desk(ann)


def test_an_error_is_recorded_and_shown(study, ann, desk, mona):
    participant = cast.randomized(ann)
    assert "Record an error" in words(desk.get("participant", participant))

    desk.post("deviation", participant, factor="", reason="Had surgery last month.")

    assert recorded(study)[0] == ("ann", "ERROR_FLAGGED", "01-001")
    for who in (desk, Desk(mona)):
        assert "Randomized in error 3 Mar 2031, Had surgery last month." in words(
            who.get("participant", participant)
        )


def test_a_wrong_factor_is_recorded_with_both_levels(study, ann, desk):
    participant = cast.randomized(ann)

    desk.post("deviation", participant, factor="catastrophizing:high", reason="The form says 35.")

    assert "catastrophizing low, should be high: The form says 35." in words(
        desk.get("participant", participant)
    )
    assert Deviation.objects.get().correct == "high"


def test_a_possible_unblinding_is_recorded(study, ann, desk):
    participant = cast.randomized(ann)

    desk.post("deviation", participant, factor="told", reason="The participant read from the report.")

    assert recorded(study)[0] == ("ann", "UNBLINDING_SUSPECTED", "01-001")
    assert "Possible unblinding 3 Mar 2031, The participant read" in words(
        desk.get("participant", participant)
    )


@pytest.mark.parametrize("values", [{"factor": "", "reason": ""}, {"factor": "age:old", "reason": "x"}])
def test_an_error_without_its_story_is_refused(ann, desk, values):
    participant = cast.randomized(ann)
    response = desk.post("deviation", participant, **values)
    assert response.status_code == 400
    assert not Deviation.objects.exists()


def test_before_the_randomization_no_error_can_be_recorded(ann, desk):
    participant = cast.certified(ann)
    assert "Record an error" not in words(desk.get("participant", participant))
    assert desk.post("deviation", participant, factor="", reason="x").status_code == 409


def test_a_known_name_raises_the_question_whether_it_is_another_person(study, ann, desk):
    cast.randomized(ann, name="Anne Meyer")
    person = {
        "name": "Meyer, Anne",
        "email": "anne@example.org",
        "birth_year": 1980,
        "sex": "F",
        **criteria(study),
    }

    refused = desk.post("screen", **person)
    entered = desk.client.post(desk.address("screen"), {**person, "other_person": "on"}, follow=True)

    assert refused.status_code == 409
    assert "is randomized already, as 01-001." in words(refused)
    assert 'type="checkbox" name="other_person"' in refused.content.decode()
    assert "01-002 was entered and is eligible." in words(entered)
