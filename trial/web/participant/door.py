"""What every participant's page has in common: whose it is comes from the cookie alone (T33)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from trial.models import Participant
from trial.refusals import LinkNotValid, Refusal
from trial.selectors.participant import has
from trial.services import session
from trial.web.pages import page

COOKIE = "participant"
PATH = "/p/"

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def no_staff(view: View[P]) -> View[P]:
    """Refuse whoever is signed in as staff: what a participant reads would unblind them (T6)."""

    @wraps(view)
    def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return page(request, "participant/staff.html", None, status=403)
        return view(request, *args, **kwargs)

    return door


def participants(
    view: Callable[Concatenate[HttpRequest, Participant, P], HttpResponse],
) -> View[P]:
    """A page of the participant whose cookie it is; without one, the page that tells nothing.

    Dates are those of the study's time zone. What is refused is told in a sentence.
    """

    @no_staff
    @wraps(view)
    def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            participant = _whose(request)
        except LinkNotValid:
            return neutral(request)
        with timezone.override(ZoneInfo(participant.study.protocol.study.timezone)):
            try:
                return view(request, participant, *args, **kwargs)
            except Refusal as refusal:
                return show(request, participant, "refused", status=refusal.status, sentence=str(refusal))

    return door


def _whose(request: HttpRequest) -> Participant:
    """The participant of the cookie; before the consent there is no page to see."""
    participant = session.participant_of(request.COOKIES.get(COOKIE, ""))
    if not has(participant, "consent"):
        raise LinkNotValid
    return participant


def show(
    request: HttpRequest, participant: Participant, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render one of the participant's templates. (A template takes any value.)"""
    return page(
        request,
        f"participant/{template}.html",
        participant.study,
        status=status,
        participant=participant,
        **context,
    )


def neutral(request: HttpRequest) -> HttpResponse:
    """The same bytes for an unknown, an expired and a used-up link, and after a withdrawal (T32)."""
    return page(request, "participant/neutral.html", None, status=LinkNotValid.status)


def let_in(response: HttpResponse, participant: Participant) -> None:
    """Give this device the participant's session."""
    response.set_cookie(
        COOKIE,
        session.issue(participant),
        max_age=session.VALID_FOR,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def let_out(response: HttpResponse) -> None:
    """Take the session from this device."""
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
