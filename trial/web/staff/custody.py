"""The custodian's page: sealing the allocation, and opening it after the lock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from trial.models import Membership
from trial.permissions import Permission, require
from trial.selectors import trail
from trial.services import allocation
from trial.services import study as studies
from trial.web.staff.door import handle, posted, show, staff
from trial.web.staff.forms import SealForm, UnblindForm


@staff
def custody(request: HttpRequest, by: Membership) -> HttpResponse:
    """Where the allocation stands: sealed, locked, unblinded."""
    return _page(request, by)


@staff
def seal(request: HttpRequest, by: Membership) -> HttpResponse:
    """Seal with a secret that is drawn on the server and shown to nobody."""
    form = SealForm(posted(request), by=by, auto_id="seal_%s")

    def act(values: Mapping[str, Any]) -> HttpResponse:
        allocation.seal_with_new_secret(by=by, at=timezone.now())
        messages.success(request, "The allocation is sealed. Publish the commitment below.")
        return redirect("custody", by.study.code)

    return handle(request, form, act, lambda status: _page(request, by, status, refused=form, seal_form=form))


@staff
def unblind(request: HttpRequest, by: Membership) -> HttpResponse:
    """Open the allocation to those who analyse."""
    form = UnblindForm(posted(request), by=by, auto_id="unblind_%s")

    def act(values: Mapping[str, Any]) -> HttpResponse:
        studies.unblind(reason=values["reason"], by=by, at=timezone.now())
        messages.success(request, "The study is unblinded. The statistician can now run the analysis plan.")
        return redirect("custody", by.study.code)

    return handle(
        request, form, act, lambda status: _page(request, by, status, refused=form, unblind_form=form)
    )


def _page(request: HttpRequest, by: Membership, status: int = 200, **forms: Form) -> HttpResponse:
    require(by, Permission.SEAL)
    context = {
        "seal_form": SealForm(by=by, auto_id="seal_%s"),
        "unblind_form": UnblindForm(by=by, auto_id="unblind_%s"),
        **forms,
        "commitment": trail.commitment(by.study),
    }
    return show(request, by, "staff/custody.html", status=status, **context)
