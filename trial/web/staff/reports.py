"""The author's pages: the report as it stands in the record, its findings, and a text in every wording."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from trial.models import Membership, Participant
from trial.permissions import Permission, require
from trial.selectors import find, reporting
from trial.services import report as services
from trial.web.staff.door import handle, posted, show, staff
from trial.web.staff.forms import FindingForms, ReportForm, VersionForm
from trial.wording import draft


@staff
def reports(request: HttpRequest, by: Membership) -> HttpResponse:
    """Whose report is to be written."""
    return show(request, by, "staff/reports.html", tasks=reporting.to_write(by))


@staff
def report(request: HttpRequest, by: Membership, public_id: UUID) -> HttpResponse:
    """Enter the report and its findings; once that is done, the texts."""
    found = find.participant(by, public_id)
    form, rows = ReportForm(posted(request)), FindingForms(posted(request), prefix="finding")
    if request.method == "POST" and not rows.is_valid():
        return _page(request, by, found, 400, form=form, rows=rows)

    def enter(values: Mapping[str, Any]) -> HttpResponse:
        services.enter(
            participant=found,
            original=values["original"],
            findings=[_finding(row.cleaned_data) for row in rows if row.cleaned_data.get("kind")],
            by=by,
            at=timezone.now(),
        )
        messages.success(request, "The report is entered. A draft of each wording is ready for you to edit.")
        return redirect("report", by.study.code, found.public_id)

    return handle(
        request, form, enter, lambda status: _page(request, by, found, status, form=form, rows=rows)
    )


def _finding(values: Mapping[str, str]) -> draft.Finding:
    return draft.Finding(values["kind"], values["level"], values["side"], values["grade"])


@staff
def write(request: HttpRequest, by: Membership, public_id: UUID) -> HttpResponse:
    """Save one wording."""
    found = find.participant(by, public_id)
    form = VersionForm(posted(request), auto_id="refused_%s")

    def save(values: Mapping[str, Any]) -> HttpResponse:
        text = values["text"].replace("\r\n", "\n")
        services.write(participant=found, wording=values["wording"], text=text, by=by, at=timezone.now())
        messages.success(request, "The text is saved.")
        return redirect("report", by.study.code, found.public_id)

    return handle(request, form, save, lambda status: _page(request, by, found, status, refused=form))


def _page(
    request: HttpRequest, by: Membership, participant: Participant, status: int, **context: Any
) -> HttpResponse:
    """The participant's report; a refused text keeps what was typed. (A template takes any value.)"""
    require(by, Permission.WRITE_REPORT)
    refused = context.get("refused")
    texts = [
        (text, refused if _is_of(refused, text.wording) else _version_form(participant, text))
        for text in reporting.texts(participant)
    ]
    return show(
        request,
        by,
        "staff/report.html",
        status=status,
        participant=participant,
        findings=reporting.findings(participant),
        texts=texts,
        **context,
    )


def _is_of(form: VersionForm | None, wording: str) -> bool:
    return form is not None and form["wording"].value() == wording


def _version_form(participant: Participant, text: reporting.Text) -> VersionForm:
    """What is saved, or a first draft from the findings."""
    saved = text.version.text if text.version is not None else _draft(participant, text.wording)
    return VersionForm(initial={"wording": text.wording, "text": saved}, auto_id=f"{text.wording}_%s")


def _draft(participant: Participant, wording: str) -> str:
    """A first draft, for the wordings that there are sentences for."""
    if wording not in draft.SENTENCES:
        return ""
    findings = [
        draft.Finding(finding.kind, finding.level, finding.side, finding.grade)
        for finding in participant.findings.all()
    ]
    return draft.draft(wording, findings, participant.age)
