"""Where a member of staff arrives: their study, or the choice among several."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from trial.models import Member, Membership, Role
from trial.web.pages import page
from trial.web.staff.door import staff

START: Mapping[Role, str] = {
    Role.COORDINATOR: "participants",
    Role.AUTHOR: "reports",
    Role.CERTIFIER: "checks",
    Role.STATISTICIAN: "snapshots",
    Role.CUSTODIAN: "custody",
    Role.MONITOR: "progress",
    Role.INVESTIGATOR: "progress",
}


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The one study of the member, or a choice."""
    assert isinstance(request.user, Member)  # login_required has seen to it
    memberships = list(request.user.memberships.select_related("study", "site").order_by("study__code"))
    if len(memberships) == 1:
        return redirect("study", memberships[0].study.code)
    return page(request, "staff/studies.html", None, memberships=memberships)


@staff
def study(request: HttpRequest, by: Membership) -> HttpResponse:
    """The first page of the member's role."""
    return redirect(START[Role(by.role)], by.study.code)
