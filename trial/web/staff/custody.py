"""The custodian's page: the seed ceremony, the emergency, and opening the allocation after the lock."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from trial.models import Membership, Participant
from trial.permissions import Permission, require
from trial.refusals import InvalidInput
from trial.selectors import trail
from trial.services import allocation, ceremony, certificate, emergency, reveal
from trial.services import study as studies
from trial.web.staff.door import handle, posted, show, staff
from trial.web.staff.forms import AbortForm, BeginForm, EmergencyForm, PasswordForm, SealForm, UnblindForm

SHARE_BYTES = 32
FORMS: Mapping[str, type[PasswordForm]] = {
    "begin": BeginForm,
    "abort": AbortForm,
    "seal": SealForm,
    "emergency": EmergencyForm,
    "unblind": UnblindForm,
}


@staff
def custody(request: HttpRequest, by: Membership) -> HttpResponse:
    """Where the allocation stands: its shares, its seal, the lock, the unblinding."""
    return _page(request, by)


@staff
def begin(request: HttpRequest, by: Membership) -> HttpResponse:
    """Draw the server's share, which is shown to nobody."""

    def act(values: Mapping[str, Any]) -> str:
        ceremony.begin(share=secrets.token_bytes(SHARE_BYTES), by=by, at=timezone.now())
        return "The ceremony has begun. The statistician now publishes the hash of their share."

    return _handled(request, by, "begin", act)


@staff
def abort(request: HttpRequest, by: Membership) -> HttpResponse:
    """Start the ceremony again, for a reason that stays on record."""

    def act(values: Mapping[str, Any]) -> str:
        ceremony.abort(reason=values["reason"], by=by, at=timezone.now())
        return "The ceremony starts again, with new shares."

    return _handled(request, by, "abort", act)


@staff
def seal(request: HttpRequest, by: Membership) -> HttpResponse:
    """Seal what follows from both shares, and from the beacon if there is one."""

    def act(values: Mapping[str, Any]) -> str:
        allocation.seal(beacon=values["beacon"], by=by, at=timezone.now())
        return "The allocation is sealed. Publish the certificate."

    return _handled(request, by, "seal", act)


@staff
def unblind_one(request: HttpRequest, by: Membership) -> HttpResponse:
    """In an emergency: the participant's clinician gets a mail; nothing is shown here."""

    def act(values: Mapping[str, Any]) -> str:
        participant = Participant.objects.filter(study=by.study, code=values["code"].strip()).first()
        if participant is None:
            raise InvalidInput("code", "this study has no participant of this code")
        emergency.unblind_one(
            participant=participant,
            clinician=values["clinician"],
            email=values["email"],
            reason=values["reason"],
            by=by,
            at=timezone.now(),
        )
        return f"{values['clinician']} was told by e-mail. Nobody else was."

    return _handled(request, by, "emergency", act)


@staff
def unblind(request: HttpRequest, by: Membership) -> HttpResponse:
    """Open the allocation to those who analyse."""

    def act(values: Mapping[str, Any]) -> str:
        studies.unblind(reason=values["reason"], by=by, at=timezone.now())
        return "The study is unblinded. The statistician can now run the analysis plan."

    return _handled(request, by, "unblind", act)


@staff
def certificate_file(request: HttpRequest, by: Membership) -> HttpResponse:
    """The certificate of the sealing, on one page of paper."""
    require(by, Permission.SEAL)
    content = certificate.of(by.study, at=timezone.now())
    return _file(content, "application/pdf", f"{by.study.code}-certificate.pdf")


@require_POST
@staff
def bundle(request: HttpRequest, by: Membership) -> HttpResponse:
    """The public bundle; that it was taken is recorded."""
    content = reveal.publish(by=by, at=timezone.now())
    return _file(content, "application/json", f"{by.study.code}-allocation.json")


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _handled(request: HttpRequest, by: Membership, name: str, act: Any) -> HttpResponse:
    """The form of this name: what it does, then the page again; with what is wrong, if something is."""
    form = FORMS[name](posted(request), by=by, auto_id=f"{name}_%s")

    def done(values: Mapping[str, Any]) -> HttpResponse:
        messages.success(request, act(values))
        return redirect("custody", by.study.code)

    return handle(
        request, form, done, lambda status: _page(request, by, status, refused=form, **{f"{name}_form": form})
    )


def _page(request: HttpRequest, by: Membership, status: int = 200, **forms: Form) -> HttpResponse:
    require(by, Permission.SEAL)
    context = {
        **{f"{name}_form": form(by=by, auto_id=f"{name}_%s") for name, form in FORMS.items()},
        **forms,
        "ceremony": trail.ceremony(by.study),
        "published": trail.published(by.study),
    }
    return show(request, by, "staff/custody.html", status=status, **context)
