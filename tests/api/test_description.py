"""The API describes itself, in OpenAPI 3.1 and on two pages"""

import json
import re

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from tests.api.conftest import Caller

OPERATIONS = {
    "/api/participants/": {"get", "post"},
    "/api/participants/{public_id}/": {"get"},
    "/api/participants/{public_id}/consent/": {"post"},
    "/api/participants/{public_id}/randomize/": {"post"},
    "/api/participant/session/": {"post"},
    "/api/participant/visits/": {"get"},
    "/api/participant/answers/": {"post"},
    "/api/participant/submissions/": {"post"},
}


@pytest.fixture
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def test_the_description_is_valid_and_made_without_a_warning(schema, capsys):
    validate_schema(schema)

    assert schema["openapi"] == "3.1.0"
    assert capsys.readouterr().err == ""


def test_every_operation_is_described_and_no_other(schema):
    assert {address: set(here) for address, here in schema["paths"].items()} == OPERATIONS


def test_each_operation_says_what_it_does_and_how_it_fails(schema):
    for here in schema["paths"].values():
        for operation in here.values():
            assert operation["description"].endswith(".")
            assert {"400", "401", "403", "404"} <= set(operation["responses"])
            for status, response in operation["responses"].items():
                wanted = "application/json" if status < "400" else "application/problem+json"
                assert list(response["content"]) == [wanted]


def test_randomizing_asks_for_a_key(schema):
    parameters = schema["paths"]["/api/participants/{public_id}/randomize/"]["post"]["parameters"]

    (key,) = (each for each in parameters if each["name"] == "Idempotency-Key")
    assert (key["in"], key["required"]) == ("header", True)


def test_each_operation_says_who_calls(schema):
    def ways(address, method):
        return {name for way in schema["paths"][address][method].get("security", []) for name in way}

    assert "token" in ways("/api/participants/", "post")
    assert ways("/api/participant/answers/", "post") == {"participant"}
    assert ways("/api/participant/session/", "post") == set()


def test_the_description_can_be_fetched_by_anyone(db):
    response = Caller().get("schema/", Accept="application/vnd.oai.openapi+json")

    assert response.status_code == 200
    assert json.loads(response.content)["info"]["title"] == "Trials of report wording"


@pytest.mark.parametrize("page", ["docs/", "redoc/"])
def test_the_pages_fetch_nothing_from_elsewhere_and_hold_no_script_of_their_own(db, page):
    response = Client().get(f"/api/{page}")

    text = response.content.decode()
    assert response.status_code == 200
    assert not re.search(r"""(src|href)=["'](https?:)?//""", text)
    assert not re.search(r"<script>|<script [^>]*>[^<]", text)
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("page", ["docs/", "redoc/"])
def test_what_the_pages_need_is_there(db, page):
    text = Client().get(f"/api/{page}").content.decode()

    for address in re.findall(r"""(?:src|href)=["'](/static/[^"']+)["']""", text):
        found = Client().get(address)
        assert (found.status_code, found.getvalue() != b"") == (200, True), address
        found.close()


def test_no_other_page_may_hold_styles_of_its_own(db):
    assert "unsafe" not in Caller().get("participants/").headers["Content-Security-Policy"]
