"""No operation tells an arm: every answer to every caller is searched (integrity.md T1, T2, T18, G6)"""

import json
import re

import pytest

from tests import cast
from tests.api.conftest import Caller, as_member, as_participant
from tests.blinding.canaries import CODES, REPLACE
from trial.models import ReportVersion
from trial.services import study as studies

pytestmark = pytest.mark.slow

TEAM = ["ann", "bob", "dan", "ida", "kim", "finn", "cal", "mona", "paul"]


@pytest.fixture
def study(db):
    """A study whose arms, labels and texts are words that occur nowhere else."""
    return cast.sealed_study(replace=REPLACE)[0]


@pytest.fixture
def people(study, ann):
    """Two of each arm's worth: some randomized, some read, one not yet."""
    texts = {canary: f"{canary} is what this says." for canary in CODES.values()}
    people = [cast.randomized(ann, texts=texts, high=number % 2 == 1) for number in range(6)]
    for person in people[:4]:
        cast.read_report(person)
    return [*people, cast.certified(ann, texts=texts)]


def addresses(people):
    each = [f"participants/{person.public_id}/" for person in people]
    return [
        "participants/",
        "participants/?limit=2",
        *each,
        *[f"{address}{end}/" for address in each[:2] for end in ("consent", "randomize")],
        "participant/session/",
        "participant/visits/",
        "participant/answers/",
        "participant/submissions/",
        "schema/",
        "docs/",
        "docs/?script=",
        "redoc/",
        "nothing/",
    ]


def callers(study, people):
    yield Caller()
    yield from (as_member(cast.who(study, name)) for name in TEAM)
    yield from (as_participant(person) for person in (people[0], people[-1]))


def told(response):
    return (response.content + repr(response.headers).encode()).decode(errors="replace")


def search(study, people, methods=("GET", "OPTIONS", "HEAD", "PUT", "POST")):
    """Everything that can be asked without changing anything, and some that is refused."""
    versions = [str(version.public_id) for version in ReportVersion.objects.all()]
    wanted = re.compile("|".join(["ZQARM", *versions]))
    found, asked = [], 0
    for caller in callers(study, people):
        for address in addresses(people):
            for method in methods:
                if method == "POST" and address.endswith("randomize/"):
                    continue
                response = caller.send(method, address, b"{}")
                asked += 1
                if wanted.search(told(response)):
                    found.append((caller.headers, method, address))
    return found, asked


def test_no_answer_to_anybody_holds_an_arm(study, people):
    found, asked = search(study, people)

    assert found == []
    assert asked > 1000


def test_nor_does_any_after_the_unblinding(study, people, paul, finn):
    studies.lock(by=paul, at=cast.AT)
    studies.unblind(reason="The analysis is due.", by=finn, at=cast.AT)

    assert search(study, people, ["GET"])[0] == []


def test_the_answers_to_randomizing_hold_none(study, people, ann):
    caller, ready = as_member(ann), people[-1]
    address = f"participants/{ready.public_id}/randomize/"

    answers = [caller.post(address, Idempotency_Key=key) for key in ("one", "one", "two")]

    assert [response.status_code for response in answers] == [201, 200, 409]
    assert not any("ZQARM" in told(response) for response in answers)


def shape(text):
    """The answer without what differs between any two participants."""
    text = re.sub(r"[0-9a-f]{64}|[0-9a-f-]{36}|0[123]-[0-9]{3}", "…", text)
    return re.sub(r'"entry_number":\d+', "…", text)


def test_participants_in_different_arms_are_answered_alike(study, people, ann):
    """The differential oracle of integrity.md 2: the same bytes, but for codes and hashes."""
    caller = as_member(ann)

    details = {shape(told(caller.get(f"participants/{person.public_id}/"))) for person in people[:6]}
    visits = {
        shape(json.dumps(as_participant(person).get("participant/visits/").json())) for person in people[:6:2]
    }

    assert (len(details), len(visits)) == (1, 1)


def test_an_error_of_ours_tells_nothing(study, people, ann, monkeypatch, caplog):
    """integrity.md T19: the arm is in the frames of the traceback, and in no line of answer or log."""
    from trial import vault

    def broken(arm):
        raise RuntimeError("broken")

    monkeypatch.setattr(vault, "seal_arm", broken)
    response = as_member(ann).post(f"participants/{people[-1].public_id}/randomize/", Idempotency_Key="k")

    assert response.status_code == 500
    assert response.json()["detail"] == "Something went wrong. Nothing was changed."
    assert "Traceback" in caplog.text
    assert "ZQARM" not in caplog.text
    assert not cast.fresh(people[-1]).randomized_at


def test_a_database_that_does_not_answer_is_said_so(study, ann, monkeypatch):
    from django.db import OperationalError

    from trial.services import screening

    def unavailable(**anything):
        raise OperationalError("database is locked")

    monkeypatch.setattr(screening, "screen", unavailable)
    answers = {criterion.id: criterion.kind == "inclusion" for criterion in study.protocol.eligibility}
    response = as_member(ann).post(
        "participants/",
        {
            "site": "01",
            "name": "P",
            "email": "p@example.org",
            "birth_year": 1980,
            "sex": "F",
            "answers": answers,
        },
    )

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert response.json()["detail"] == "The database does not answer. Please try again."
