"""Whatever is sent: a calm answer in one line, nothing written, never an error of ours"""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import cast
from tests.api.conftest import as_member, as_participant
from trial.models import Assessment, Participant
from trial.models.allocation import Allocation

pytestmark = pytest.mark.slow

VALUES = [
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63) - 1, 10**40, 0.5, -0.0, 1e300, "", " ", "0", "-3",
    "3,5", "NaN", "nan", "Infinity", "null", "true", "\0", "a\0b", "\n", "\u202e", "\ufeff", "\ud800", "😀",
    "é" * 300, "x" * 60_000,
    "' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "${jndi:x}", "../../etc",
    "%00", "=1+1", "factual'; --", [], [[]], [1], ["a", None],
    {}, {"a": {}}, {"$gt": ""}, {"": ""}, [[[[[]]]]],
]  # fmt: skip

TEXTS = [
    b"", b" ", b"{", b"}", b"[", b"nul", b"null", b"NaN", b"-Infinity", b"1e309", b'{"a":1e309}', b'"',
    b"'a'", b"\xff", b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}", b'{"a":}', b'{"a":1,}', b'{"a":1 "b":2}',
    b"{}{}", b'{"visit":"\\ud800"}', b"[" * 30_000, b'{"a":' * 30_000,
    b"1" * 5_000, b'{"answers":{"PCS01":NaN}}',
    b'{"answers":{"PCS01":' + b"9" * 5_000 + b"}}", b"x" * 70_000, b'{"a":"' + b"x" * 1024 * 1024 + b'"}',
    b"a=1&b=2", b"<a/>", b"\0", b"0", b'"text"', b"[]", b"[{}]", b"true",
]  # fmt: skip

FORMS = {
    "participants/": ["site", "name", "email", "birth_year", "sex", "answers"],
    "participants/{id}/consent/": ["version"],
    "participants/{id}/randomize/": [],
    "participant/session/": ["token"],
    "participant/answers/": ["visit", "instrument", "answers"],
    "participant/submissions/": ["visit", "instrument"],
}
GOOD = {
    "site": "01",
    "name": "Pat",
    "email": "pat@example.org",
    "birth_year": 1980,
    "sex": "F",
    "version": "1.0",
    "token": "x",
    "visit": "BL",
    "instrument": "PCS",
    "answers": {"PCS01": 1},
}


@pytest.fixture
def people(ann):
    """A participant who has consented, and those who call for the operations."""
    participant = cast.consented(ann)
    return participant, as_member(ann), as_participant(participant)


def ask(people, address, content, content_type="application/json", **headers):
    participant, coordinator, own = people
    caller = own if address.startswith("participant/") else coordinator
    return caller.send("POST", address.format(id=participant.public_id), content, content_type, **headers)


def check(response):
    """A refusal in one printable line that tells neither our code, nor SQL, nor an arm."""
    assert 400 <= response.status_code < 500, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = json.loads(response.content)
    assert set(problem) <= {"type", "title", "status", "detail", "field"}
    assert problem["status"] == response.status_code
    assert problem["detail"].isprintable()
    assert 0 < len(problem["detail"]) <= 300
    for word in ("Traceback", "SELECT", "INSERT", "sqlite", "psycopg", "Error(", "reassuring", 'File "'):
        assert word not in problem["detail"]


FIELDS = [(address, field) for address, fields in FORMS.items() for field in fields]


@pytest.mark.parametrize(("address", "field"), FIELDS)
def test_a_field_that_holds_anything_at_all_is_refused_calmly(people, address, field):
    """48 values in each field of each form: more than 600 requests."""
    before = Participant.objects.count()
    for value in VALUES:
        body = {name: GOOD[name] for name in FORMS[address]} | {field: value}
        response = ask(people, address, json.dumps(body).encode())
        assert response.status_code < 500, (value, response.content)
        if response.status_code >= 400:
            check(response)
    assert Participant.objects.count() == before


@pytest.mark.parametrize("address", FORMS)
def test_a_body_that_is_no_form_is_refused_calmly(people, address):
    """36 texts to each of the six operations."""
    for text in TEXTS:
        if not (address.endswith("/randomize/") and not text.strip()):  # which asks for nothing
            check(ask(people, address, text, **{"Idempotency-Key": "k"}))
    assert not Allocation.objects.exists()
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/json; charset=bz2_codec",
        "application/json; charset=no-such",
        "",
        "x",
    ],
)
def test_a_body_of_another_kind_is_refused_calmly(people, content_type):
    check(ask(people, "participant/submissions/", b'{"visit":"BL"}', content_type))


@pytest.mark.parametrize("address", [*FORMS, "participants/{id}/", "participant/visits/"])
def test_no_other_method_does_anything(people, address):
    participant, coordinator, own = people
    caller = own if address.startswith("participant/") else coordinator

    for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "x"):
        response = caller.send(method, address.format(id=participant.public_id), b"{}")
        assert response.status_code == 405
        check(response)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "participants",
        "participants/1/",
        "participants/00000000-0000-4000-8000-000000000000/",
        "participants/00000000-0000-4000-8000-000000000000/arm/",
        "participants//",
        "participants/%00/",
        "participants/../admin/",
        "participants/%2e%2e/",
        "participants/?a",
        "participant/",
        "participant/visits/BL/",
        "allocations/",
        "schema/x/",
        "docs/../",
        "\u202e/",
    ],
)
def test_there_is_nothing_at_another_address(people, address):
    for caller in people[1:]:
        check(caller.get(address))


CALMLY = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(CALMLY, max_examples=150)
@given(
    address=st.sampled_from(sorted(FORMS)),
    body=json_values | st.dictionaries(st.sampled_from(sorted(GOOD)), json_values),
)
def test_nobody_thought_of_this_input(people, address, body):
    response = ask(people, address, json.dumps(body).encode(), **{"Idempotency-Key": "k"})

    assert response.status_code < 500
    if response.status_code >= 400:
        check(response)


@settings(CALMLY, max_examples=100)
@given(body=st.binary(max_size=300))
def test_nor_of_these_bytes(people, body):
    response = ask(people, "participant/answers/", body)

    assert response.status_code < 500
    check(response)
