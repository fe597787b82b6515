"""Who may call what: every operation, every caller"""

import pytest

from tests import cast
from tests.api.conftest import Caller, as_member, as_participant

TEAM = ["ann", "bob", "ida", "kim", "finn", "cal", "mona", "paul"]

# Ann coordinates the participant's site, Bob another one; 401 asks who calls.
TABLE = """
operation  | ann | bob | ida | kim | finn | cal | mona | paul | participant | nobody
-----------+-----+-----+-----+-----+------+-----+------+------+-------------+-------
list       | 200 | 200 | 403 | 403 | 403  | 403 | 200  | 200  | 403         | 401
enrol      | 201 | 403 | 403 | 403 | 403  | 403 | 403  | 403  | 403         | 401
look up    | 200 | 403 | 403 | 403 | 403  | 403 | 200  | 200  | 403         | 401
consent    | 201 | 403 | 403 | 403 | 403  | 403 | 403  | 403  | 403         | 401
randomize  | 201 | 403 | 403 | 403 | 403  | 403 | 403  | 403  | 403         | 401
session    | 403 | 403 | 403 | 403 | 403  | 403 | 403  | 403  | 200         | 200
visits     | 403 | 403 | 403 | 403 | 403  | 403 | 403  | 403  | 200         | 401
answer     | 403 | 403 | 403 | 403 | 403  | 403 | 403  | 403  | 200         | 401
send in    | 403 | 403 | 403 | 403 | 403  | 403 | 403  | 403  | 200         | 401
"""
HEAD, _, *LINES = ([cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines())
EXPECTED = [
    pytest.param(line[0], caller, int(status), id=f"{line[0]} by {caller}")
    for line in LINES
    for caller, status in zip(HEAD[1:], line[1:], strict=True)
]


def enrolment(study):
    criteria = study.protocol.eligibility
    return {
        "site": "01",
        "name": "New Person",
        "email": "new@example.org",
        "birth_year": 1970,
        "sex": "M",
        "answers": {criterion.id: criterion.kind == "inclusion" for criterion in criteria},
    }


OPERATIONS = {
    "list": lambda caller, ann: caller.get("participants/"),
    "enrol": lambda caller, ann: caller.post("participants/", enrolment(ann.study)),
    "look up": lambda caller, ann: caller.get(f"participants/{cast.screened(ann).public_id}/"),
    "consent": lambda caller, ann: caller.post(
        f"participants/{cast.checked(ann).public_id}/consent/", {"version": "1.0"}
    ),
    "randomize": lambda caller, ann: caller.post(
        f"participants/{cast.certified(ann).public_id}/randomize/", Idempotency_Key="k"
    ),
    "session": lambda caller, ann: caller.post(
        "participant/session/", {"token": cast.token(cast.consented(ann))}
    ),
    "visits": lambda caller, ann: caller.get("participant/visits/"),
    "answer": lambda caller, ann: caller.post(
        "participant/answers/", {"visit": "BL", "instrument": "PCS", "answers": {"PCS01": 1}}
    ),
    "send in": lambda caller, ann: caller.post(
        "participant/submissions/", {"visit": "BL", "instrument": "PCS"}
    ),
}


def caller_of(name, ann):
    if name == "nobody":
        return Caller()
    if name == "participant":
        return as_participant(cast.consented(ann))
    return as_member(cast.who(ann.study, name))


@pytest.mark.parametrize(("operation", "caller", "status"), EXPECTED)
def test_each_operation_is_for_those_it_is_for(ann, operation, caller, status):
    response = OPERATIONS[operation](caller_of(caller, ann), ann)

    assert response.status_code == status
    if status >= 400:
        assert response.headers["Content-Type"] == "application/problem+json"
    if status == 401:
        assert response.headers["WWW-Authenticate"] == "Token"


def test_a_participant_of_another_study_does_not_exist(ann, mona):
    other = cast.sealed_study(replace={'code = "REASSURE"': 'code = "OTHER"'})[0]
    participant = cast.screened(cast.who(other, "ann"))

    for by in (ann, mona):
        response = as_member(by).get(f"participants/{participant.public_id}/")
        assert (response.status_code, response.json()["detail"]) == (404, "There is no such thing here.")


def test_a_token_of_one_study_is_none_of_another(ann):
    cast.sealed_study(replace={'code = "REASSURE"': 'code = "OTHER"'})

    caller = as_member(ann)

    assert caller.get("participants/?study=REASSURE").status_code == 200
    assert caller.get("participants/?study=OTHER").status_code == 404
