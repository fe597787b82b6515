"""Ways in: a member's token, a signed-in member's session, a participant's session"""

import hashlib
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client

from tests import cast
from tests.api.conftest import Caller, as_member, as_participant
from trial.models import ApiToken, AuditEvent, Member
from trial.refusals import InvalidInput, NotPermitted
from trial.services import session, token
from trial.services import study as studies
from trial.services.act import Operator


def test_a_token_is_printed_once_stored_hashed_and_recorded(study, capsys):
    call_command("api_token", "ann", "REASSURE", "--days", "7")

    printed = capsys.readouterr().out.strip()
    row, entry = ApiToken.objects.get(), AuditEvent.objects.last()
    assert row.token_sha256 == hashlib.sha256(printed.encode()).hexdigest()
    assert row.expires_at == cast.AT + timedelta(days=7)
    assert (entry.action, entry.actor, entry.body) == (
        "TOKEN_ISSUED",
        "operator",
        {"member": "ann", "days": 7},
    )
    assert Caller(f"Token {printed}").get("participants/").status_code == 200


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["nobody", "REASSURE"], "nobody: REASSURE has no member of this name"),
        (["ann", "OTHER"], "ann: OTHER has no member of this name"),
        (["ann", "REASSURE", "--days", "0"], "--days: a token is valid for 1 to 366 days"),
        (["ann", "REASSURE", "--days", "367"], "--days: a token is valid for 1 to 366 days"),
    ],
)
def test_a_command_that_cannot_be_followed_says_why_in_one_line(study, capsys, arguments, line):
    with pytest.raises(SystemExit) as ended:
        call_command("api_token", *arguments)

    assert (ended.value.code, capsys.readouterr().err) == (2, f"{line}\n")
    assert not ApiToken.objects.exists()


def test_days_are_counted(ann):
    with pytest.raises(InvalidInput):
        token.issue(membership=ann, days=0, by=Operator(ann.study), at=cast.AT)


def test_nobody_issues_a_token_of_another_study(ann):
    other = cast.loaded_study(replace={'code = "REASSURE"': 'code = "OTHER"'})
    with pytest.raises(NotPermitted):
        token.issue(membership=ann, days=30, by=Operator(other), at=cast.AT)


def test_a_token_ends_with_its_day(ann, clock):
    caller = as_member(ann)

    clock(cast.AT + timedelta(days=29, hours=23))
    assert caller.get("participants/").status_code == 200

    clock(cast.AT + timedelta(days=30))
    response = caller.get("participants/")
    assert (response.status_code, response.json()["detail"]) == (401, "This token does not work.")


def test_a_token_ends_when_its_member_is_shut_out(ann):
    caller = as_member(ann)
    Member.objects.filter(pk=ann.member_id).update(is_active=False)

    assert caller.get("participants/").status_code == 401


@pytest.mark.parametrize(
    "authorization",
    [
        "Token",
        "Token ",
        "Token a b",
        "Token unknown",
        "token unknown",
        "Token \xfc",
        "Token " + "x" * 5000,
        "Participant",
        "Participant x",
        "Participant x:y:z",
        "Participant " + "x" * 5000,
    ],
)
def test_a_value_that_is_worth_nothing_is_refused_without_a_word_why(study, authorization):
    for address in ("participants/", "participant/visits/"):
        response = Caller(authorization).get(address)
        assert response.status_code == 401
        assert re.fullmatch(
            r"This token does not work\.|This session has ended\.|"
            r"The header must read: Authorization: (Token|Participant) <value>",
            response.json()["detail"],
        )


@pytest.mark.parametrize("authorization", ["Basic YTpi", "Bearer abc", "Digest x", "x"])
def test_another_scheme_is_no_way_in(study, authorization):
    assert Caller(authorization).get("participants/").status_code == 401


def test_a_participants_session_is_signed_for_this_purpose_alone(ann):
    from django.core import signing

    forged = signing.dumps(str(cast.consented(ann).public_id), salt="another purpose")

    assert Caller(f"Participant {forged}").get("participant/visits/").status_code == 401


def test_a_session_of_a_participant_who_is_gone_is_no_session(study):
    from django.core import signing

    gone = signing.dumps("00000000-0000-4000-8000-000000000000", salt=session.SALT)

    assert Caller(f"Participant {gone}").get("participant/visits/").status_code == 401


# A member who is signed in on the pages -------------------------------------------------------------


@pytest.fixture
def signed_in(ann):
    """Ann's browser, which checks where a form comes from."""
    studies.set_password(member=ann.member, password=cast.PASSWORD)
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann.member, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_signed_in_member_may_read(signed_in):
    assert signed_in.get("/api/participants/").status_code == 200


def test_a_signed_in_member_writes_only_with_the_pages_own_token(signed_in, ann):
    """integrity.md T51."""
    address = f"/api/participants/{cast.checked(ann).public_id}/consent/"
    body = {"version": "1.0"}

    without = signed_in.post(address, body, content_type="application/json")
    signed_in.cookies["csrftoken"] = "a" * 32
    with_it = signed_in.post(
        address, body, content_type="application/json", headers={"X-CSRFToken": "a" * 32}
    )

    assert (without.status_code, without.headers["Content-Type"]) == (403, "application/problem+json")
    assert with_it.status_code == 201


def test_a_form_of_a_browser_is_no_way_in(signed_in):
    signed_in.cookies["csrftoken"] = "a" * 32

    response = signed_in.post("/api/participants/", {f"f{number}": "" for number in range(201)})

    assert (response.status_code, response.headers["Content-Type"]) == (415, "application/problem+json")


def test_a_signed_in_member_who_works_in_two_studies_says_in_which(signed_in, ann):
    other = cast.loaded_study(replace={'code = "REASSURE"': 'code = "OTHER"'})
    studies.add_member(member=ann.member, role="monitor", site=None, by=Operator(other), at=cast.AT)

    unsaid = signed_in.get("/api/participants/")

    assert (unsaid.status_code, unsaid.json()["detail"]) == (
        400,
        "study: you work in several studies; please name one",
    )
    assert signed_in.get("/api/participants/?study=OTHER").status_code == 200
    assert signed_in.get("/api/participants/?study=NONE").status_code == 404


def test_somebody_with_no_role_anywhere_may_do_nothing(study):
    client = Client()
    client.force_login(
        studies.create_sign_in(username="new", name="New", password=None),
        backend="django.contrib.auth.backends.ModelBackend",
    )

    response = client.get("/api/participants/")

    assert (response.status_code, response.json()["detail"]) == (403, "You do not take part in any study.")


def test_who_is_both_signed_in_and_a_participant_is_taken_for_what_the_header_says(signed_in, ann):
    """A participant's own device that staff once used: the header decides, and nothing is mixed."""
    authorization = as_participant(cast.consented(ann)).headers["Authorization"]

    assert signed_in.get("/api/participants/", headers={"Authorization": authorization}).status_code == 403
