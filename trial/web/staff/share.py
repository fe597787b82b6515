"""The statistician's part in the seed ceremony: first the hash of their share, then the share."""

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
from trial.services import ceremony
from trial.web.staff.door import handle, posted, show, staff
from trial.web.staff.forms import PromiseForm, ShareForm


@staff
def share(request: HttpRequest, by: Membership) -> HttpResponse:
    """How far the ceremony has come, and what the statistician does next."""
    return _page(request, by)


@staff
def promise(request: HttpRequest, by: Membership) -> HttpResponse:
    """Publish the hash of the share."""
    form = PromiseForm(posted(request), by=by, auto_id="promise_%s")

    def act(values: Mapping[str, Any]) -> HttpResponse:
        ceremony.promise(commitment=values["commitment"], by=by, at=timezone.now())
        messages.success(request, "The hash is on record. When the custodian has begun, give your share.")
        return redirect("share", by.study.code)

    return handle(
        request, form, act, lambda status: _page(request, by, status, refused=form, promise_form=form)
    )


@staff
def give(request: HttpRequest, by: Membership) -> HttpResponse:
    """Hand the share in."""
    form = ShareForm(posted(request), by=by, auto_id="give_%s")

    def act(values: Mapping[str, Any]) -> HttpResponse:
        ceremony.give(share=bytes.fromhex(values["share"]), by=by, at=timezone.now())
        messages.success(request, "Your share is kept, encrypted. The custodian can now seal the allocation.")
        return redirect("share", by.study.code)

    return handle(request, form, act, lambda status: _page(request, by, status, refused=form, give_form=form))


def _page(request: HttpRequest, by: Membership, status: int = 200, **forms: Form) -> HttpResponse:
    require(by, Permission.GIVE_SHARE)
    context = {
        "promise_form": PromiseForm(by=by, auto_id="promise_%s"),
        "give_form": ShareForm(by=by, auto_id="give_%s"),
        **forms,
        "ceremony": trail.ceremony(by.study),
    }
    return show(request, by, "staff/share.html", status=status, **context)
