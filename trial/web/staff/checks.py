"""The certifier's pages: critical findings, their closed loop, and the certificate of each text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from trial.models import Membership, Participant
from trial.permissions import Permission, require
from trial.selectors import find, reporting
from trial.selectors.participant import has
from trial.services import report as reports
from trial.services import screening
from trial.web.staff.door import handle, posted, show, staff
from trial.web.staff.forms import CertifyForm, ClosingForm, RedFlagsForm


@staff
def checks(request: HttpRequest, by: Membership) -> HttpResponse:
    """Who waits for a check, a closed loop or a certificate."""
    return show(request, by, "staff/checks.html", tasks=reporting.to_check(by))


@staff
def check(request: HttpRequest, by: Membership, public_id: UUID) -> HttpResponse:
    """All that a certifier does for one participant, in its order."""
    return _page(request, by, find.participant(by, public_id))


@staff
def red_flags(request: HttpRequest, by: Membership, public_id: UUID) -> HttpResponse:
    """Record whether the MRI shows a critical finding."""
    found = find.participant(by, public_id)
    form = RedFlagsForm(posted(request), protocol=by.study.protocol)

    def record(values: Mapping[str, Any]) -> HttpResponse:
        screening.check_red_flags(
            participant=found, flags=values["flags"], finding=values["finding"], by=by, at=timezone.now()
        )
        messages.success(request, f"The check of {found.code} is recorded.")
        return _back(by, found)

    return handle(
        request, form, record, lambda status: _page(request, by, found, status, refused=form, flags_form=form)
    )


@staff
def critical_finding(request: HttpRequest, by: Membership, public_id: UUID) -> HttpResponse:
    """Close the loop: the treating clinician has the finding."""
    found = find.participant(by, public_id)
    form = ClosingForm(posted(request), finding=reporting.critical_finding(found))

    def close(values: Mapping[str, Any]) -> HttpResponse:
        screening.close_critical_finding(
            participant=found,
            receiver=values["receiver"],
            received_at=values["received_at"],
            method=values["method"],
            read_back=values["read_back"],
            may_continue=values["may_continue"] == "yes",
            by=by,
            at=timezone.now(),
        )
        messages.success(request, f"The critical finding of {found.code} is closed.")
        return _back(by, found)

    return handle(
        request,
        form,
        close,
        lambda status: _page(request, by, found, status, refused=form, closing_form=form),
    )


@staff
def certify(request: HttpRequest, by: Membership, public_id: UUID) -> HttpResponse:
    """Certify the very text that was shown."""
    found = find.participant(by, public_id)
    form = CertifyForm(posted(request), by=by, auto_id="refused_%s")

    def sign(values: Mapping[str, Any]) -> HttpResponse:
        version = find.version(found, values["version"])
        reports.certify(version=version, sha256=values["sha256"], by=by, at=timezone.now())
        messages.success(request, "The text is certified and locked.")
        return _back(by, found)

    return handle(
        request, form, sign, lambda status: _page(request, by, found, status, refused=form, certificate=form)
    )


def _back(by: Membership, participant: Participant) -> HttpResponse:
    return redirect("check", by.study.code, participant.public_id)


def _page(
    request: HttpRequest, by: Membership, participant: Participant, status: int = 200, **forms: Form
) -> HttpResponse:
    """The participant's checks; a form that was refused is shown with its refusal."""
    require(by, Permission.CERTIFY_REPORT)
    finding = reporting.critical_finding(participant)
    certificate = forms.get("certificate")
    texts = [
        (text, _certify_form(by, text, certificate))
        for text in reporting.texts(participant)
        if text.version is not None
    ]
    context = {
        "flags_form": RedFlagsForm(protocol=by.study.protocol),
        "closing_form": ClosingForm(finding=finding, initial={"received_at": timezone.localtime()}),
        **forms,
        "participant": participant,
        "checked": has(participant, "red_flag_check"),
        "finding": finding,
        "findings": reporting.findings(participant),
        "texts": texts,
    }
    return show(request, by, "staff/check.html", status=status, **context)


def _certify_form(by: Membership, text: reporting.Text, refused: Form | None) -> Form:
    """The form of this text: the refused one if it is of this text, else a fresh one that names its hash."""
    assert text.version is not None  # only what is written is certified
    if refused is not None and refused["version"].value() == str(text.version.public_id):
        return refused
    values = {"version": text.version.public_id, "sha256": text.version.sha256}
    return CertifyForm(by=by, initial=values, auto_id=f"{text.wording}_%s")
