"""Answering a visit's questions, screen by screen; each screen is kept before the next one is shown.

The way back is always open; the way forward only behind screens that were passed, whoever asks (T35).
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from trial.models import Participant
from trial.refusals import AlreadySubmitted, InvalidInput, NotFound, NotOpen
from trial.selectors import questionnaire, visits
from trial.selectors.questionnaire import Questionnaire, Screen
from trial.selectors.visits import State, VisitStatus
from trial.services import assessment
from trial.web.participant.door import participants, show
from trial.web.participant.fields import fields, given

DONE = {State.DONE, State.DONE_LATE}
SKIPPED = "skipped"  # what is kept for a question that was left out on purpose


def _status(participant: Participant, code: str, at: datetime) -> VisitStatus:
    try:
        return visits.status(participant, code, at)
    except KeyError:
        raise NotFound("There is no such page.") from None


def _open(participant: Participant, code: str) -> Questionnaire:
    """The visit's questions, if they can be answered now."""
    status = _status(participant, code, timezone.now())
    if status.state in DONE:
        raise AlreadySubmitted("You sent these answers before. They no longer change.")
    if not status.can_answer:
        raise NotOpen
    return questionnaire.of(participant, status.visit)


def _onward(asked: Questionnaire) -> HttpResponse:
    """To where the participant left off: the first screen that is not passed, or the check before sending."""
    if asked.furthest is None:
        return redirect("visit-check", asked.visit.code)
    return redirect("visit-screen", asked.visit.code, asked.furthest)


@require_safe
@participants
def resume(request: HttpRequest, participant: Participant, code: str) -> HttpResponse:
    if _status(participant, code, timezone.now()).state in DONE:
        return redirect("visit-thanks", code)
    return _onward(_open(participant, code))


@require_http_methods(["GET", "HEAD", "POST"])
@participants
def screen(request: HttpRequest, participant: Participant, code: str, number: int) -> HttpResponse:
    """One screen. A number that is not reached yet leads to the one that is, and nothing is written."""
    if request.method != "POST" and _status(participant, code, timezone.now()).state in DONE:
        return redirect("visit-thanks", code)
    asked = _open(participant, code)
    found = asked.screen(number)
    if found is None:
        return _passed_by(request, asked, number)
    if request.method == "POST":
        return _answer(request, participant, asked, found)
    return _show(request, participant, asked, found)


def _passed_by(request: HttpRequest, asked: Questionnaire, number: int) -> HttpResponse:
    """A screen that is sent, is not reached, or does not exist."""
    was_sent = 1 <= number <= len(asked.screens) and asked.screens[number - 1].sent
    if was_sent and request.method == "POST":
        raise AlreadySubmitted("You sent these answers before. They no longer change.")
    return _onward(asked)


def _show(
    request: HttpRequest,
    participant: Participant,
    asked: Questionnaire,
    screen: Screen,
    *,
    status: int = 200,
    posted: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    prompts: tuple[str, ...] = (),
) -> HttpResponse:
    return show(
        request,
        participant,
        "screen",
        status=status,
        asked=asked,
        screen=screen,
        fields=fields(screen, posted=posted, errors=errors, prompts=prompts),
        errors=errors,
        prompts=prompts,
        back_to_check="check" in request.GET or "check" in request.POST,
    )


def _answer(
    request: HttpRequest, participant: Participant, asked: Questionnaire, screen: Screen
) -> HttpResponse:
    """Keep what was given; then on, or back, or once more to a question that was not answered."""
    answers = given(screen, request.POST.dict())
    unanswered = [q.code for q in screen.questions if q.answer is None and q.code not in answers]
    warned = set(request.POST.getlist("warned"))
    forward = request.POST.get("go", "next") == "next"
    skipped = {code: SKIPPED for code in unanswered if forward and code in warned}
    try:
        _keep(participant, asked, screen, {**answers, **skipped})
    except InvalidInput as wrong:
        return _show(
            request,
            participant,
            asked,
            screen,
            status=400,
            posted=answers,
            errors={wrong.field: wrong.reason},
        )
    prompts = tuple(code for code in unanswered if forward and code not in skipped)
    if prompts:
        again = questionnaire.of(participant, asked.visit)
        return _show(request, participant, again, again.screens[screen.number - 1], prompts=prompts)
    return _go(request, asked, screen)


def _keep(participant: Participant, asked: Questionnaire, screen: Screen, answers: dict[str, str]) -> None:
    if answers:
        assessment.answer(
            visit=asked.visit.code,
            instrument=screen.instrument.code,
            given=answers,
            by=participant,
            at=timezone.now(),
        )


def _go(request: HttpRequest, asked: Questionnaire, screen: Screen) -> HttpResponse:
    go, code = request.POST.get("go"), asked.visit.code
    if go == "stop" or (go == "back" and screen.number == 1):
        return redirect("my-page")
    if "check" in request.POST or (go != "back" and screen.number == len(asked.screens)):
        return redirect("visit-check", code)
    return redirect("visit-screen", code, screen.number + (-1 if go == "back" else 1))


@require_POST
@participants
def save(request: HttpRequest, participant: Participant, code: str, number: int) -> HttpResponse:
    """Keep one answer as soon as it is given; the reply is the word that tells so."""
    asked = _open(participant, code)
    found = asked.screen(number)
    if found is None:
        raise NotOpen
    answers = given(found, request.POST.dict())
    if not answers:
        raise InvalidInput("answer", "there is none")
    _keep(participant, asked, found, answers)
    return show(request, participant, "saved")


@require_http_methods(["GET", "HEAD", "POST"])
@participants
def check(request: HttpRequest, participant: Participant, code: str) -> HttpResponse:
    """All answers of the visit, to be looked at and sent. Sending twice counts once."""
    if _status(participant, code, timezone.now()).state in DONE:
        return redirect("visit-thanks", code)
    asked = _open(participant, code)
    if asked.furthest is not None:
        return _onward(asked)
    if request.method == "POST":
        assessment.submit_visit(visit=code, by=participant, at=timezone.now())
        return redirect("visit-thanks", code)
    parts = [
        (part, [screen for screen in asked.screens if screen.part == part])
        for part in sorted({screen.part for screen in asked.screens})
    ]
    return show(request, participant, "check", asked=asked, parts=parts)


@require_safe
@participants
def thanks(request: HttpRequest, participant: Participant, code: str) -> HttpResponse:
    """After the sending: what comes next. The browser forgets the pages with the answers (T22)."""
    at = timezone.now()
    status = _status(participant, code, at)
    if status.state not in DONE:
        return redirect("visit", code)
    later = [each for each in visits.statuses(participant, at) if each.state is State.NOT_YET]
    response = show(
        request,
        participant,
        "thanks",
        status_of_visit=status,
        due=visits.due(participant, at),
        next=later[0] if later else None,
    )
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
