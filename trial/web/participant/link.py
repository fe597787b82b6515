"""The link of the mail: looking at it changes nothing, so a mail scanner cannot use it up (T24, T31)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from trial.refusals import LinkNotValid
from trial.services import link as links
from trial.web.pages import page
from trial.web.participant.door import let_in, neutral, no_staff


@require_http_methods(["GET", "HEAD", "POST"])
@no_staff
def link(request: HttpRequest, token: str) -> HttpResponse:
    """A button that exchanges the token for the cookie; the token itself is looked up on POST alone."""
    if request.method == "POST":
        return _exchange(request, token)
    return page(request, "participant/link.html", None)


def _exchange(request: HttpRequest, token: str) -> HttpResponse:
    try:
        participant = links.exchange(token=token, at=timezone.now())
    except LinkNotValid:
        return neutral(request)
    response = redirect("my-page")
    let_in(response, participant)
    return response
