"""Randomizing one participant: what stands in the way, the confirmation, the receipt. Never the arm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from trial.models import Membership
from trial.permissions import Permission, require
from trial.selectors import find, trail
from trial.selectors import participant as participants
from trial.services import allocation
from trial.web.staff.door import handle, posted, show, staff
from trial.web.staff.forms import RandomizeForm


@staff
def randomize(request: HttpRequest, by: Membership, public_id: UUID) -> HttpResponse:
    """Whatever stands in the way, or the button; each view of the page has its own key."""
    found = find.participant(by, public_id)
    form = RandomizeForm(posted(request), initial={"key": uuid4()})

    def act(values: Mapping[str, Any]) -> HttpResponse:
        allocation.randomize(participant=found, by=by, at=timezone.now(), key=str(values["key"]))
        return redirect("randomized", by.study.code, found.public_id)

    def page(status: int) -> HttpResponse:
        require(by, Permission.RANDOMIZE, site=found.site)
        obstacles = [] if found.randomized_at is not None else participants.obstacles(found)
        return show(
            request,
            by,
            "staff/randomize.html",
            status=status,
            form=form,
            participant=found,
            obstacles=[str(obstacle) for obstacle in obstacles],
        )

    return handle(request, form, act, page)


@staff
def randomized(request: HttpRequest, by: Membership, public_id: UUID) -> HttpResponse:
    """That it is done, what happens next, and the receipt."""
    found = find.participant(by, public_id)
    require(by, Permission.RANDOMIZE, site=found.site)
    return show(request, by, "staff/randomized.html", participant=found, receipt=trail.receipt(found))
