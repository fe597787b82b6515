"""When something goes wrong: one neutral page, and no token in any log (integrity.md T31)"""

import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from tests import cast
from trial.web import errors
from trial.web.logs import WithoutTokens
from trial.web.middleware import PrivateResponses

LINES = [
    ('"POST /p/Gv061U4L461mHF31z7gJWA/ HTTP/1.1" 302 0', '"POST /p/…/ HTTP/1.1" 302 0'),
    ("Not Found: /p/Gv061U4L461m-_31z7gJWA/", "Not Found: /p/…/"),
    ('"GET /p/report/ HTTP/1.1" 200', '"GET /p/report/ HTTP/1.1" 200'),
    ('"GET /p/visit/W1/2/ HTTP/1.1" 200', '"GET /p/visit/W1/2/ HTTP/1.1" 200'),
    ('"GET /p/ HTTP/1.1" 200', '"GET /p/ HTTP/1.1" 200'),
]


@pytest.mark.parametrize(("line", "kept"), LINES)
def test_a_log_line_keeps_all_but_the_token(line, kept):
    record = logging.LogRecord("django.server", logging.INFO, "", 0, "%s", (line,), None)

    assert WithoutTokens().filter(record)
    assert record.getMessage() == kept


def test_every_handler_leaves_tokens_out(settings):
    assert all("without_tokens" in handler["filters"] for handler in settings.LOGGING["handlers"].values())


def test_neither_a_used_nor_a_refused_link_is_logged(ann, clock, client, capsys):
    """The handlers write to stderr as they do on a server."""
    logger = logging.getLogger("django.request")
    handler = logging.StreamHandler()
    handler.addFilter(WithoutTokens())
    logger.addHandler(handler)
    try:
        client.post("/p/no-such-token/")
        client.post(f"/p/{cast.token(cast.consented(ann))}/")
    finally:
        logger.removeHandler(handler)

    assert capsys.readouterr().err.splitlines() == ["Not Found: /p/…/"]


def test_an_unknown_address_tells_nothing(client, db):
    page = client.get("/p/there/is/nothing/")

    assert page.status_code == 404
    assert "There is no such page." in page.content.decode()


def test_each_error_has_its_page(rf: RequestFactory, db):
    request = rf.get("/")
    pages = {
        400: errors.bad_request(request, Exception("details of the machine")),
        403: errors.forbidden(request, PermissionDenied("Your role does not allow this.")),
        404: errors.not_found(request, Exception("details of the machine")),
        500: errors.server_error(request),
    }
    for status, page in pages.items():
        assert page.status_code == status
        assert "<h1>" in page.content.decode()
        assert "machine" not in page.content.decode()


def test_to_say_sorry_no_database_is_needed(rf: RequestFactory):
    """pytest-django refuses any use of the database here."""
    assert "Something went wrong" in errors.server_error(rf.get("/")).content.decode()


def test_a_validator_that_would_tell_two_texts_apart_is_taken_off(rf: RequestFactory):
    headers = {"ETag": '"of this text"', "Last-Modified": "Mon, 03 Mar 2031 10:00:00 GMT"}
    response = PrivateResponses(lambda request: HttpResponse(headers=headers))(rf.get("/p/report/"))

    assert not {"ETag", "Last-Modified"} & set(response.headers)
    assert response["Cache-Control"] == "private, no-store"
