"""One participant: what was done, what comes next, and the acts of the site's coordinator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone

from trial.models import Membership, Participant
from trial.permissions import Permission, allows, require
from trial.selectors import find, visits, worklist
from trial.selectors import participant as participants
from trial.services import consent as consents
from trial.services import deviation as deviations
from trial.services import link, screening
from trial.web.staff.door import handle, posted, show, staff
from trial.web.staff.forms import TOLD, ConsentForm, DeclineForm, DeviationForm, PlainForm, WithdrawalForm


@staff
def participant(request: HttpRequest, by: Membership, public_id: UUID) -> HttpResponse:
    """The participant's own page."""
    return _page(request, by, find.participant(by, public_id))


@staff
def consent(request: HttpRequest, by: Membership, public_id: UUID) -> HttpResponse:
    """Show the consent form in force, and record that the participant signed it."""
    found = find.participant(by, public_id)
    text = by.study.protocol.consent
    form = ConsentForm(posted(request), initial={"version": text.version})

    def record(values: Mapping[str, Any]) -> HttpResponse:
        consents.record(participant=found, version=values["version"], by=by, at=timezone.now())
        messages.success(request, f"Consent of {found.code} is recorded. Now send the link.")
        return _back(by, found)

    def page(status: int) -> HttpResponse:
        require(by, Permission.CONSENT, site=found.site)
        return show(
            request, by, "staff/consent.html", status=status, form=form, participant=found, consent=text
        )

    return handle(request, form, record, page)


@staff
def send_link(request: HttpRequest, by: Membership, public_id: UUID) -> HttpResponse:
    """Mail the participant their link; nobody else sees it."""
    found = find.participant(by, public_id)
    form = PlainForm(posted(request))

    def send(values: Mapping[str, Any]) -> HttpResponse:
        link.send(participant=found, by=by, at=timezone.now())
        messages.success(request, f"{found.code} was sent their link by e-mail.")
        return _back(by, found)

    def page(status: int) -> HttpResponse:
        return _page(request, by, found, status, Permission.SEND_LINK, refused=form)

    return handle(request, form, send, page)


@staff
def decline(request: HttpRequest, by: Membership, public_id: UUID) -> HttpResponse:
    """The person does not take part after all."""
    found = find.participant(by, public_id)
    form = DeclineForm(posted(request), auto_id="decline_%s")

    def record(values: Mapping[str, Any]) -> HttpResponse:
        screening.decline(participant=found, reason=values["reason"], by=by, at=timezone.now())
        messages.success(request, f"It is recorded that {found.code} does not take part.")
        return _back(by, found)

    def page(status: int) -> HttpResponse:
        return _page(request, by, found, status, Permission.SCREEN, refused=form, decline_form=form)

    return handle(request, form, record, page)


@staff
def withdraw(request: HttpRequest, by: Membership, public_id: UUID) -> HttpResponse:
    """The participant stops."""
    found = find.participant(by, public_id)
    form = WithdrawalForm(posted(request), auto_id="withdraw_%s")

    def record(values: Mapping[str, Any]) -> HttpResponse:
        consents.withdraw(participant=found, reason=values["reason"], by=by, at=timezone.now())
        messages.success(request, f"The withdrawal of {found.code} is recorded. What was answered is kept.")
        return _back(by, found)

    def page(status: int) -> HttpResponse:
        return _page(request, by, found, status, Permission.CONSENT, refused=form, withdrawal_form=form)

    return handle(request, form, record, page)


@staff
def deviation(request: HttpRequest, by: Membership, public_id: UUID) -> HttpResponse:
    """Record an error in the randomization, or a factor that was wrong; nothing is undone."""
    found = find.participant(by, public_id)
    form = _deviation_form(found, posted(request))

    def record(values: Mapping[str, Any]) -> HttpResponse:
        act = {"participant": found, "reason": values["reason"], "by": by, "at": timezone.now()}
        factor, _, correct = values["factor"].partition(":")
        if factor == TOLD:
            deviations.suspect_unblinding(**act)
        elif factor:
            deviations.correct_factor(factor=factor, correct=correct, **act)
        else:
            deviations.flag_error(**act)
        messages.success(request, "It is recorded. The participant stays in the study as randomized.")
        return _back(by, found)

    def page(status: int) -> HttpResponse:
        return _page(
            request, by, found, status, Permission.RECORD_DEVIATION, refused=form, deviation_form=form
        )

    return handle(request, form, record, page)


def _deviation_form(participant: Participant, given: QueryDict | None = None) -> DeviationForm:
    stratum = participants.stratum(participant) or {}
    return DeviationForm(given, stratum=stratum, protocol=participant.study.protocol, auto_id="deviation_%s")


def _back(by: Membership, participant: Participant) -> HttpResponse:
    return redirect("participant", by.study.code, participant.public_id)


def _page(
    request: HttpRequest,
    by: Membership,
    participant: Participant,
    status: int = 200,
    needs: Permission = Permission.SEE_PARTICIPANTS,
    **forms: Form,
) -> HttpResponse:
    """The participant's page; a form that was refused is shown with its refusal."""
    require(by, needs, site=participant.site)
    now = timezone.now()
    coordinates = allows(by, Permission.SEND_LINK, site=participant.site)
    context = {
        "decline_form": DeclineForm(auto_id="decline_%s"),
        "withdrawal_form": WithdrawalForm(auto_id="withdraw_%s"),
        "deviation_form": _deviation_form(participant) if participant.randomized_at else None,
        "deviations": participant.deviations.all(),
        **forms,
        "participant": participant,
        "step": worklist.step(participant, now),
        "visits": visits.statuses(participant, now),
        "last_link": max((sent.sent_at for sent in participant.links.all()), default=None),
        "coordinates": coordinates,
        "identity": participant.identity if coordinates else None,
    }
    return show(request, by, "staff/participant.html", status=status, **context)
