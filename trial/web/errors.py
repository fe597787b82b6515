"""One neutral page for whatever goes wrong: it never says more than the person may know."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from trial.web.pages import page


def _sorry(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    return page(request, "errors/sorry.html", None, status=status, title=title, sentence=sentence)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _sorry(
        request, 400, "This did not work", "Something in the request was not right. Please go back."
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _sorry(request, 403, "Not for you", str(exception or "") or "Your role does not allow this.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _sorry(
        request,
        403,
        "Please try again",
        "This page was open for too long. Please go back, load it again and try once more.",
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _sorry(request, 404, "Nothing here", "There is no such page.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without the request: neither a session nor the database is needed to say sorry.

    A database that does not answer is 503, for the server is not at fault and works again by itself (T68).
    """
    words = {
        "title": "Something went wrong",
        "sentence": "Nothing was changed. Please try again in a moment.",
    }
    away = isinstance(sys.exception(), OperationalError | InterfaceError)
    return HttpResponse(render_to_string("errors/sorry.html", words), status=503 if away else 500)
