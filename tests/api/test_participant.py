"""The participant by program: a session, what is due, answers, sending in"""

from datetime import timedelta

import pytest

from tests import cast
from tests.api.conftest import as_member, as_participant
from trial.models import Assessment, AuditEvent, Response
from trial.services import consent


@pytest.fixture
def pat(ann):
    """Pat has consented and answers the baseline."""
    return cast.consented(ann)


@pytest.fixture
def caller(pat):
    return as_participant(pat)


@pytest.fixture
def items():
    """The codes of PSEQ2's items."""
    return list(cast.answers("PSEQ2"))


def page(items, *values, visit="BL"):
    return {"visit": visit, "instrument": "PSEQ2", "answers": dict(zip(items, values, strict=False))}


def test_a_link_is_exchanged_for_a_session(stranger, pat):
    response = stranger.post("participant/session/", {"token": cast.token(pat)})

    assert response.status_code == 200
    authorization = response.json()["authorization"]
    assert stranger.get("participant/visits/", Authorization=authorization).status_code == 200


@pytest.mark.parametrize("what", ["unknown", "expired", "used up", "withdrawn"])
def test_a_link_that_does_not_work_is_always_answered_alike(stranger, pat, ann, clock, what):
    """integrity.md T32: the same words, the same status."""
    token = cast.token(pat)
    if what == "unknown":
        token = "x" * 22
    elif what == "expired":
        clock(cast.AT + timedelta(days=121))
    elif what == "used up":
        pat.links.update(uses_left=0)
    else:
        consent.withdraw(participant=pat, reason="burden", by=ann, at=cast.AT)

    response = stranger.post("participant/session/", {"token": token})

    assert response.status_code == 404
    assert response.json() == {
        "type": "urn:refusal:link-not-valid",
        "title": "Link not valid",
        "status": 404,
        "detail": "This link does not work.",
    }


def test_the_visits_tell_when_they_are_due_and_what_was_answered(caller, items):
    caller.post("participant/answers/", page(items, 3))

    baseline, week1, *rest = caller.get("participant/visits/").json()

    assert (baseline["visit"], baseline["name"], baseline["state"]) == ("BL", "Baseline", "due now")
    assert (baseline["opens"], baseline["due"], baseline["closes"]) == (
        "2031-03-03",
        "2031-03-03",
        "2031-03-17",
    )
    assert baseline["instruments"] == ["PCS", "NRS24H", "RMDQ24", "PSEQ2"]
    assert baseline["questionnaires"] == [
        {
            "visit": "BL",
            "instrument": "PSEQ2",
            "version": "1",
            "submitted_at": None,
            "late": False,
            "answers": {items[0]: 3},
        }
    ]
    assert (week1["state"], week1["due"], len(rest)) == ("not yet", None, 2)


def test_answers_are_kept_and_may_be_changed_until_they_are_sent_in(caller, items):
    caller.post("participant/answers/", page(items, 3, 4))
    changed = caller.post("participant/answers/", page(items, 5))
    sent = caller.post("participant/submissions/", {"visit": "BL", "instrument": "PSEQ2"})

    assert changed.json()["answers"] == {items[0]: 5, items[1]: 4}
    assert (sent.status_code, sent.json()["submitted_at"]) == (200, "2031-03-03T10:00:00Z")
    assert list(Response.objects.filter(item=items[0]).values_list("value", flat=True)) == [3, 5]
    assert AuditEvent.objects.last().action == "ASSESSMENT_SUBMITTED"


def test_a_page_that_is_sent_twice_counts_once(caller, items):
    caller.post("participant/answers/", page(items, 3, 4))
    caller.post("participant/answers/", page(items, 3, 4))

    assert Response.objects.count() == 2


@pytest.mark.parametrize("word", ["declined", "skipped"])
def test_a_question_may_be_left_without_an_answer(caller, items, word):
    response = caller.post("participant/answers/", page(items, word))

    assert (response.status_code, response.json()["answers"]) == (200, {items[0]: word})


def test_what_was_not_answered_is_kept_as_skipped_never_as_zero(caller, items):
    caller.post("participant/answers/", page(items, 0))
    sent = caller.post("participant/submissions/", {"visit": "BL", "instrument": "PSEQ2"})

    assert sent.json()["answers"] == {items[0]: 0, items[1]: "skipped"}


def test_what_was_sent_in_does_not_change(caller, items):
    caller.post("participant/submissions/", {"visit": "BL", "instrument": "PSEQ2"})
    answered = caller.post("participant/answers/", page(items, 1))
    again = caller.post("participant/submissions/", {"visit": "BL", "instrument": "PSEQ2"})

    assert {answered.status_code, again.status_code} == {409}
    assert answered.json()["detail"] == "These answers were sent before; they no longer change."


def test_a_visit_that_is_not_open_takes_no_answers(caller, items):
    response = caller.post("participant/answers/", page(items, 1, visit="W1"))

    assert (response.status_code, response.json()["type"]) == (409, "urn:refusal:not-open")
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"visit": "W99"}, {"instrument": "BDI"}, {"visit": "bl"}, {"instrument": "PCS;"}]
)
def test_there_is_no_other_visit_or_questionnaire(caller, items, wrong):
    response = caller.post("participant/answers/", {**page(items, 1), **wrong})

    assert (response.status_code, response.json()["status"]) == (404, 404)


@pytest.mark.parametrize(
    "value",
    [13, 7, -1, 10**30, 3.0, 3.5, True, False, None, "", "3", "yes", "not_shown", [], [3], {}, {"a": 1}],
)
def test_an_answer_that_the_question_does_not_take_is_refused_by_name(caller, items, value):
    response = caller.post("participant/answers/", page(items, 3, value))

    assert response.status_code == 400
    assert items[1] in response.json()["detail"]
    assert not Response.objects.exists()


@pytest.mark.parametrize("code", ["PCS01", "x", "", "a\0b", "\ud800", "ARM", "x" * 5000, "\u202e1"])
def test_a_question_that_is_not_in_the_questionnaire_is_refused(caller, code):
    response = caller.post(
        "participant/answers/", {"visit": "BL", "instrument": "PSEQ2", "answers": {code: 1}}
    )

    assert response.status_code == 400
    assert "this questionnaire has no such question" in response.json()["detail"]
    assert len(response.json()["detail"]) < 100


def test_no_answers_and_far_too_many_are_refused(caller):
    for answers in ({}, {f"I{number}": 1 for number in range(201)}):
        body = {"visit": "BL", "instrument": "PSEQ2", "answers": answers}
        assert caller.post("participant/answers/", body).json()["field"] == "answers"


def test_the_session_ends_with_the_withdrawal(caller, pat, ann):
    consent.withdraw(participant=pat, reason="burden", by=ann, at=cast.AT)

    response = caller.get("participant/visits/")

    assert (response.status_code, response.json()["detail"]) == (401, "This session has ended.")


def test_nobody_sees_or_changes_the_answers_of_another(caller, ann, items):
    """integrity.md T33: who answers comes from the session alone."""
    caller.post("participant/answers/", page(items, 3))
    other = as_participant(cast.consented(ann, name="Sam Example"))

    assert other.get("participant/visits/").json()[0]["questionnaires"] == []
    for name in ("participant", "participant_id", "public_id"):
        body = {**page(items, 1), name: "01-001"}
        assert other.post("participant/answers/", body).status_code == 400


@pytest.mark.parametrize("name", ["ann", "ida", "kim", "finn", "cal", "mona", "paul"])
def test_no_member_of_the_team_answers_for_a_participant(study, pat, items, name):
    """integrity.md T38."""
    member = as_member(cast.who(study, name))

    asked = [
        member.post("participant/session/", {"token": cast.token(pat)}),
        member.get("participant/visits/"),
        member.post("participant/answers/", page(items, 1)),
        member.post("participant/submissions/", {"visit": "BL", "instrument": "PSEQ2"}),
    ]

    assert [response.status_code for response in asked] == [403] * 4
    assert {response.json()["detail"] for response in asked} == {"This is for participants alone."}
    assert not Assessment.objects.exists()
