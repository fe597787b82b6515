"""Enrolling by program: a person is screened, looked up, consents"""

import pytest

from tests import cast
from tests.api.conftest import as_member
from trial.models import AuditEvent, Participant

PERSON = {"site": "01", "name": "Pat Example", "email": "pat@example.org", "birth_year": 1980, "sex": "F"}


@pytest.fixture
def person(study):
    """A person who meets every criterion."""
    criteria = study.protocol.eligibility
    return {**PERSON, "answers": {criterion.id: criterion.kind == "inclusion" for criterion in criteria}}


def actions(study):
    return list(AuditEvent.objects.filter(study=study).values_list("action", flat=True))


def test_a_coordinator_enrols_a_person(study, coordinator, person):
    response = coordinator.post("participants/", person)

    assert response.status_code == 201
    assert response.json() == {
        "id": str(Participant.objects.get().public_id),
        "code": "01-001",
        "site": "01",
        "eligible": True,
        "screened_at": "2031-03-03T10:00:00Z",
        "declined_at": None,
        "consented_at": None,
        "randomized_at": None,
        "withdrawn_at": None,
        "obstacles": [
            "A radiologist has not yet checked the MRI for critical findings.",
            "No consent is recorded.",
            "The baseline questionnaires are not complete.",
            "Not every version of the report is certified.",
        ],
    }
    assert actions(study)[-1] == "SCREENED"


def test_a_person_who_fails_a_criterion_is_entered_as_not_eligible(coordinator, person):
    person["answers"]["surgery"] = True

    response = coordinator.post("participants/", person)

    assert (response.status_code, response.json()["eligible"]) == (201, False)


def test_nobody_is_enrolled_at_another_site_and_the_attempt_is_recorded(study, coordinator, person):
    response = coordinator.post("participants/", {**person, "site": "02"})

    assert response.status_code == 403
    assert response.json()["detail"] == "This participant belongs to another site."
    assert not Participant.objects.exists()
    assert actions(study)[-1] == "REFUSED"


BAD = [
    ({"site": "99"}, "site", "site: this study has no such site"),
    ({"site": None}, "site", "site: This field may not be null."),
    ({"name": ""}, "name", "name: This field may not be blank."),
    ({"name": "x" * 101}, "name", "name: Ensure this field has no more than 100 characters."),
    ({"name": "Pat\0"}, "name", "name: Null characters are not allowed."),
    ({"email": "pat"}, "email", "email: Enter a valid email address."),
    ({"birth_year": 2020}, "birth_year", "birth_year: the age must be between 18 and 110 years"),
    ({"birth_year": "NaN"}, "birth_year", "birth_year: A valid integer is required."),
    ({"sex": "X"}, "sex", 'sex: "X" is not a valid choice.'),
    ({"answers": {"adult": "yes"}}, "answers.adult", "answers.adult: Must be true or false."),
    ({"answers": {"adult": True}}, "pain", "pain: please answer every criterion"),
    ({"answers": {"tall": True}}, "tall", "tall: this protocol has no such criterion"),
    ({"arm": "factual"}, "arm", "arm: there is no such field"),
    ({"randomized_at": "2031-01-01"}, "randomized_at", "randomized_at: there is no such field"),
]


@pytest.mark.parametrize(("changed", "field", "detail"), BAD)
def test_what_cannot_be_accepted_is_named_in_one_line(coordinator, person, changed, field, detail):
    response = coordinator.post("participants/", {**person, **changed})

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert (response.json()["field"], response.json()["detail"]) == (field, detail)
    assert not Participant.objects.exists()


def test_a_participant_is_looked_up_with_what_stands_in_the_way(coordinator, ann):
    participant = cast.with_baseline(ann)

    found = coordinator.get(f"participants/{participant.public_id}/").json()

    assert found["consented_at"] == "2031-03-03T10:00:00Z"
    assert found["obstacles"] == ["Not every version of the report is certified."]


def test_nothing_stands_in_the_way_of_whoever_is_randomized(coordinator, ann):
    participant = cast.randomized(ann)

    found = coordinator.get(f"participants/{participant.public_id}/").json()

    assert (found["randomized_at"], found["obstacles"]) == ("2031-03-03T10:00:00Z", [])


def test_a_participant_of_another_site_is_not_shown(coordinator, bob):
    participant = cast.screened(bob)

    assert coordinator.get(f"participants/{participant.public_id}/").status_code == 403
    assert coordinator.get("participants/").json() == {"results": [], "next": None}


def test_the_list_is_read_page_by_page(coordinator, ann, mona, bob):
    for number in range(5):
        cast.screened(ann, name=f"Person {number}")
    cast.screened(bob)

    first = coordinator.get("participants/?limit=3").json()
    rest = coordinator.get(f"participants/?limit=3&after={first['next']}").json()

    assert [row["code"] for row in first["results"]] == ["01-001", "01-002", "01-003"]
    assert [row["code"] for row in rest["results"]] == ["01-004", "01-005"]
    assert rest["next"] is None
    assert len(as_member(mona).get("participants/").json()["results"]) == 6


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("arm=factual", "arm: there is no such field"),
        ("allocation__arm=factual", "allocation__arm: there is no such field"),
        ("ordering=arm", "ordering: there is no such field"),
        ("search=A", "search: there is no such field"),
        ("fields=arm", "fields: there is no such field"),
        ("expand=allocation", "expand: there is no such field"),
        ("format=xml", "format: there is no such field"),
        ("limit=0", "limit: Ensure this value is greater than or equal to 1."),
        ("limit=201", "limit: Ensure this value is less than or equal to 200."),
        ("limit=1e309", "limit: A valid integer is required."),
        ("after=%00", "after: Null characters are not allowed."),
    ],
)
def test_an_unknown_parameter_is_refused_and_not_ignored(coordinator, query, detail):
    """integrity.md T2."""
    response = coordinator.get(f"participants/?{query}")

    assert (response.status_code, response.json()["detail"]) == (400, detail)


def test_consent_is_recorded(study, coordinator, ann):
    participant = cast.checked(ann)

    response = coordinator.post(f"participants/{participant.public_id}/consent/", {"version": "1.0"})

    assert (response.status_code, response.json()["consented_at"]) == (201, "2031-03-03T10:00:00Z")
    assert actions(study)[-1] == "CONSENTED"


def test_consent_before_the_critical_finding_check_is_refused_and_recorded(study, coordinator, ann):
    participant = cast.screened(ann)

    response = coordinator.post(f"participants/{participant.public_id}/consent/", {"version": "1.0"})

    assert response.status_code == 409
    assert response.json() == {
        "type": "urn:refusal:not-checked",
        "title": "Not checked",
        "status": 409,
        "detail": "A radiologist has not yet checked the MRI for critical findings.",
    }
    assert actions(study)[-1] == "REFUSED"


def test_another_version_of_the_form_is_refused(coordinator, ann):
    participant = cast.checked(ann)

    response = coordinator.post(f"participants/{participant.public_id}/consent/", {"version": "0.9"})

    assert (response.status_code, response.json()["detail"]) == (
        400,
        "version: the consent form in force is 1.0",
    )
