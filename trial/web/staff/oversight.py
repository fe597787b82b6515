"""Overseeing a study: its progress, its audit trail, its lock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import InvalidPage, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from trial.models import AuditEvent, Membership
from trial.permissions import Permission, require
from trial.refusals import InvalidInput
from trial.selectors import progress as selectors
from trial.selectors import trail as trails
from trial.services import study as studies
from trial.web.staff.door import asked, handle, posted, show, staff
from trial.web.staff.forms import LockForm

ON_A_PAGE = 50


@staff
def progress(request: HttpRequest, by: Membership) -> HttpResponse:
    """Counts by site and by visit."""
    return show(request, by, "staff/progress.html", progress=selectors.progress(by, timezone.now()))


@staff
def trail(request: HttpRequest, by: Membership) -> HttpResponse:
    """The ledger, newest entry first; to be narrowed by action and by whom it is about."""
    query = asked(request, {"action": AuditEvent.Action.values, "about": None, "page": None})
    events = trails.events(by, action=query["action"], about=query["about"])
    try:
        page = Paginator(events, ON_A_PAGE).page(query["page"] or 1)
    except InvalidPage:
        raise InvalidInput("page", "there is no such page") from None
    return show(
        request,
        by,
        "staff/trail.html",
        page=page,
        entries=[(event, trails.details(event)) for event in page],
        actions=AuditEvent.Action.choices,
        query=query,
        head=trails.head(by.study),
    )


@staff
def lock(request: HttpRequest, by: Membership) -> HttpResponse:
    """End the collection of data."""
    form = LockForm(posted(request), by=by)

    def act(values: Mapping[str, Any]) -> HttpResponse:
        studies.lock(by=by, at=timezone.now())
        messages.success(request, "The study is locked. Its data no longer change.")
        return redirect("lock", by.study.code)

    def page(status: int) -> HttpResponse:
        require(by, Permission.LOCK)
        counts = selectors.progress(by, timezone.now())
        return show(request, by, "staff/lock.html", status=status, form=form, progress=counts)

    return handle(request, form, act, page)
