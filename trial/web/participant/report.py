"""The participant's report: the same page for everyone, but for the text itself (T6, T7, T9)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from trial.models import Member, Participant
from trial.refusals import NotRandomized
from trial.selectors.participant import has
from trial.services import delivery
from trial.web.participant.door import participants, show
from trial.web.participant.text import blocks

BUCKET = 64 * 1024  # bytes; one bucket holds a report of the greatest length that a version may have


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Opening is an act and takes a POST; what was opened before is shown by a GET, which records nothing."""
    if isinstance(request.user, Member):
        delivery.deny(member=request.user, at=timezone.now())
    return _report(request)


@participants
def _report(request: HttpRequest, participant: Participant) -> HttpResponse:
    if participant.randomized_at is None:
        raise NotRandomized("Your report is not ready yet.")
    if request.method == "POST":
        delivery.read(by=participant, at=timezone.now())
        return redirect("my-report")
    if not has(participant, "delivery"):
        return show(request, participant, "report_ready")
    text = delivery.reread(by=participant, at=timezone.now())
    return padded(show(request, participant, "report", blocks=blocks(text)))


def padded(response: HttpResponse) -> HttpResponse:
    """Fill the page up with spaces to a whole number of buckets, so that its size does not tell the text."""
    response.content += b" " * (-len(response.content) % BUCKET)
    return response
