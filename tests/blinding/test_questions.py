"""Asking for the arm by a parameter, or by breaking something, gets nowhere (integrity.md T2, T18, T19)"""

import pytest
from django.db import connection

from tests import cast
from tests.api.conftest import as_member, as_participant
from tests.blinding import canaries, story
from tests.blinding.routes import addresses
from tests.blinding.sameness import same
from tests.blinding.scan import undone
from tests.blinding.visitors import Visitor, everybody, overheard
from tests.web.desk import Desk
from trial.models import ReportVersion

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("blinding")]

DESCRIPTION = "/api/docs/"  # has no data; the address of its script repeats what was asked
PARAMETERS = [
    "arm",
    "wording",
    "version",
    "allocation",
    "allocation__sealed_arm",
    "allocation__arm__startswith",
    "deliveredversion__version__wording",
    "versions__wording",
    "ordering",
    "search",
    "fields",
    "expand",
    "format",
    "_to_field",
]


@pytest.fixture
def told():
    with same(1, story.NOW), undone():
        yield story.tell(twin=False)


def _ask(visitor: Visitor, address: str):
    """The answer with the same chance each time, so that two can be compared."""
    with same(1, story.NOW):
        return visitor.ask("GET", address)


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_the_api_refuses_a_parameter_that_it_does_not_know(ann, clock, parameter):
    """Refused and not ignored: whoever filters by an arm is told so, and cannot count the answers."""
    pat = cast.randomized(ann)
    staff, participant = as_member(ann), as_participant(pat)

    for caller, address in (
        (staff, "participants/"),
        (staff, f"participants/{pat.public_id}/"),
        (participant, "participant/visits/"),
    ):
        response = caller.get(f"{address}?{parameter}=ZQARMALPHA")
        assert (response.status_code, response.json()["field"]) == (400, parameter)


def test_no_page_answers_to_a_parameter_that_it_does_not_know(told):
    """It is refused, or the page is the same to the byte: nothing is selected, sorted or left out by it."""
    people, answered, oracles = [told.people["reader"]], 0, []
    for visitor in everybody(told):
        for address in addresses(told, people):
            if not visitor.may_ask(address) or address == DESCRIPTION or _ask(visitor, address).status != 200:
                continue
            plain = _ask(visitor, address)
            answered += 1
            for parameter in PARAMETERS[::3]:
                asked = _ask(visitor, f"{address}?{parameter}=ZQARMALPHA")
                if asked.status != 400 and asked.body != plain.body:
                    oracles.append((visitor.name, address, parameter))
    assert {a for _, a, _ in oracles} == set()
    assert answered > 100


def test_an_allocation_that_breaks_off_tells_nothing_on_the_page_or_in_the_log(db, clock):
    """The arm is drawn and cannot be written; it stands in the frames of the traceback and nowhere else."""
    study = canaries.loaded_study()
    cast.seal(study)
    study.refresh_from_db()
    ann = cast.who(study, "ann")
    ready = cast.certified(ann, texts=canaries.TEXTS)
    desk = Desk(ann)
    desk.client.raise_request_exception = False
    key = desk.get("randomize", ready).context["form"].initial["key"]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trial_allocation RENAME COLUMN leaf TO another")

    with overheard() as lines:
        response = desk.post("randomize", ready, key=key)

    told = "\n".join([response.content.decode(), repr(response.headers), *lines]).encode()
    assert response.status_code in {500, 503}
    assert b"Traceback" in told
    assert not canaries.canaries(ReportVersion.objects.all()).are_in(told)
