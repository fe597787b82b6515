"""Every error as one calm line of `application/problem+json` (RFC 9457), whatever went wrong."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response

from trial.refusals import InvalidInput, Refusal

CONTENT_TYPE = "application/problem+json"
LONGEST = 300  # characters of a detail: a caller's own long input is not sent back
RETRY_AFTER = 5  # seconds

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is told about an error. `type` is `about:blank` unless a refusal says more (RFC 9457, 4.2.1)."""

    status: int
    detail: str
    type: str = "about:blank"
    title: str = ""
    where: str = ""  # which field of the request
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, str | int]:
        body: dict[str, str | int] = {
            "type": self.type,
            "title": self.title or HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": _line(self.detail),
        }
        return {**body, "field": _line(self.where)} if self.where else body


def _line(text: str) -> str:
    """One short line that can be printed and encoded, whatever a caller had in the name of a field."""
    safe = "".join(sign if sign.isprintable() else " " for sign in text[:LONGEST])
    return " ".join(safe.split())


def handle(error: Exception, context: Mapping[str, object]) -> Response:
    """The REST framework's exception handler: no error leaves as anything but a problem."""
    problem = _problem(error)
    return Response(
        problem.body(), status=problem.status, headers=dict(problem.headers), content_type=CONTENT_TYPE
    )


def _problem(error: Exception) -> Problem:
    if isinstance(error, Refusal):
        return _of_refusal(error)
    if isinstance(error, ValidationError):
        where, reason = _first(error.detail)
        return Problem(error.status_code, f"{where}: {reason}" if where else reason, where=where)
    if isinstance(error, APIException):
        return Problem(error.status_code, str(error.detail), headers=_headers(error))
    if isinstance(error, Http404):
        return Problem(404, "There is no such thing here.")
    if isinstance(error, RequestDataTooBig):
        return Problem(413, "The request is larger than anything that is asked for here.")
    if isinstance(error, SuspiciousOperation):
        return Problem(400, "The request is not in a form that can be read.")
    return _of_fault(error)


def _of_refusal(refusal: Refusal) -> Problem:
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", type(refusal).__name__).lower()
    return Problem(
        refusal.status,
        str(refusal),
        type=f"urn:refusal:{words.replace(' ', '-')}",
        title=words.capitalize(),
        where=refusal.field if isinstance(refusal, InvalidInput) else "",
    )


def _of_fault(error: Exception) -> Problem:
    """Our own fault. The log gets the traceback, the caller a sentence."""
    log.error("An API operation failed", exc_info=error)
    if isinstance(error, OperationalError | InterfaceError):
        again = {"Retry-After": str(RETRY_AFTER)}
        return Problem(503, "The database does not answer. Please try again.", headers=again)
    return Problem(500, "Something went wrong. Nothing was changed.")


def _first(detail: object, where: str = "") -> tuple[str, str]:
    """The first fault of a nested validation error: which field, and why."""
    if isinstance(detail, Mapping):
        name, inner = next(iter(detail.items()))
        inside = where if name == "non_field_errors" else f"{where}.{name}".lstrip(".")
        return _first(inner, inside)
    if isinstance(detail, list):
        return _first(detail[0], where)
    return where, str(detail)


def _headers(error: APIException) -> dict[str, str]:
    header = getattr(error, "auth_header", None)
    return {"WWW-Authenticate": str(header)} if header else {}
