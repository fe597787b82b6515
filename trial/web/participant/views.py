"""The participant's own page: what there is to do now, what is done, what comes."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from trial.models import Participant
from trial.selectors import questionnaire, visits
from trial.selectors.participant import has
from trial.selectors.visits import State, VisitStatus
from trial.web.pages import page
from trial.web.participant.door import let_out, participants, show
from trial.web.participant.text import blocks


@require_safe
@participants
def home(request: HttpRequest, participant: Participant) -> HttpResponse:
    statuses = visits.statuses(participant, timezone.now())
    due = sorted((status for status in statuses if status.can_answer), key=_in_time_first)
    study = participant.study
    return show(
        request,
        participant,
        "home",
        due=[(status, questionnaire.of(participant, status.visit)) for status in due],
        statuses=statuses,
        has_read=has(participant, "delivery"),
        is_over=study.locked_at is not None,
        debriefing=blocks(study.protocol.debriefing.text) if study.unblinded_at is not None else (),
    )


def _in_time_first(status: VisitStatus) -> bool:
    return status.state is State.LATE


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """End the session on this device, for one that others use too."""
    response = page(request, "participant/left.html", None)
    response.headers["Clear-Site-Data"] = '"cache"'
    let_out(response)
    return response
