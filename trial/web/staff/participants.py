"""The list of participants with what is due today, and screening one more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from trial.models import Membership
from trial.permissions import Permission, require
from trial.refusals import KnownPerson
from trial.selectors import worklist
from trial.services import screening
from trial.web.staff.door import asked, handle, posted, show, staff
from trial.web.staff.forms import ScreeningForm


@staff
def participants(request: HttpRequest, by: Membership) -> HttpResponse:
    """Who has something due today first; to be narrowed by state and code."""
    query = asked(request, {"state": set(worklist.State), "code": None})
    found = worklist.rows(by, timezone.now())
    counts = worklist.counts(found)
    return show(
        request,
        by,
        "staff/participants.html",
        rows=[row for row in found if _matches(row, query)],
        total=len(found),
        states=[(state, worklist.LABELS[state], counts[state]) for state in worklist.State],
        query=query,
    )


def _matches(row: worklist.Row, query: Mapping[str, str]) -> bool:
    return query["state"] in {"", row.step.state} and query["code"] in row.participant.code


@staff
def screen(request: HttpRequest, by: Membership) -> HttpResponse:
    """Enter a person who was assessed for eligibility."""
    form = ScreeningForm(posted(request), protocol=by.study.protocol)

    def enter(values: Mapping[str, Any]) -> HttpResponse:
        try:
            participant = screening.screen(
                site=by.site or by.study.sites.all()[0],  # only a coordinator may, and has a site
                name=values["name"],
                email=values["email"],
                birth_year=values["birth_year"],
                sex=values["sex"],
                answers=form.answers,
                other_person=values["other_person"],
                by=by,
                at=timezone.now(),
            )
        except KnownPerson:
            form.ask_whether_it_is_another()
            raise
        said = "is eligible" if participant.eligible else "is not eligible; nothing more is to be done"
        messages.success(request, f"{participant.code} was entered and {said}.")
        return redirect("participant", by.study.code, participant.public_id)

    def page(status: int) -> HttpResponse:
        require(by, Permission.SCREEN)
        return show(request, by, "staff/screen.html", status=status, form=form)

    return handle(request, form, enter, page)
