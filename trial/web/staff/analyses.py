"""The statistician's pages: snapshots, rehearsals, the result; and the results for those who may see them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import slugify

from trial.models import AnalysisRun, Membership, Snapshot
from trial.permissions import Permission, require
from trial.refusals import NotFound
from trial.selectors import dataset, find
from trial.selectors import results as selectors
from trial.services import analysis
from trial.services import snapshot as services
from trial.web.staff.door import handle, posted, show, staff
from trial.web.staff.forms import PlainForm, SnapshotForm

TYPES: Mapping[str, str] = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
}
# A figure is shown as a picture; should it be opened by itself, it can do nothing but be looked at.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@staff
def snapshots(request: HttpRequest, by: Membership) -> HttpResponse:
    """The snapshots with their runs, and taking one more."""
    form = SnapshotForm(posted(request))

    def take(values: Mapping[str, Any]) -> HttpResponse:
        taken = services.take(name=values["name"], by=by, at=timezone.now())
        messages.success(request, f"The snapshot “{taken.name}” is taken.")
        return redirect("snapshot", by.study.code, taken.public_id)

    def page(status: int) -> HttpResponse:
        found = selectors.snapshots(by)
        return show(request, by, "staff/snapshots.html", status=status, form=form, snapshots=found)

    return handle(request, form, take, page)


@staff
def snapshot(request: HttpRequest, by: Membership, public_id: UUID) -> HttpResponse:
    """One snapshot: its hash, its files, its runs."""
    return _snapshot_page(request, by, find.snapshot(by, public_id))


@staff
def rehearse(request: HttpRequest, by: Membership, public_id: UUID) -> HttpResponse:
    """The whole analysis on made-up arms."""
    return _run(request, by, find.snapshot(by, public_id), analysis.rehearse)


@staff
def analyse(request: HttpRequest, by: Membership, public_id: UUID) -> HttpResponse:
    """The analysis plan on the real arms."""
    return _run(request, by, find.snapshot(by, public_id), analysis.run)


def _run(
    request: HttpRequest, by: Membership, snapshot: Snapshot, service: Callable[..., AnalysisRun]
) -> HttpResponse:
    form = PlainForm(posted(request))

    def act(values: Mapping[str, Any]) -> HttpResponse:
        run = service(snapshot=snapshot, by=by, at=timezone.now())
        return redirect("run", by.study.code, run.public_id)

    return handle(request, form, act, lambda status: _snapshot_page(request, by, snapshot, status, form=form))


def _snapshot_page(
    request: HttpRequest, by: Membership, snapshot: Snapshot, status: int = 200, **forms: Form
) -> HttpResponse:
    require(by, Permission.SNAPSHOT)
    return show(
        request,
        by,
        "staff/snapshot.html",
        status=status,
        snapshot=snapshot,
        runs=snapshot.runs.all(),
        **forms,
    )


@staff
def snapshot_file(request: HttpRequest, by: Membership, public_id: UUID, name: str) -> HttpResponse:
    """The blinded dataset, or the codebook that explains its columns."""
    require(by, Permission.SNAPSHOT)
    snapshot = find.snapshot(by, public_id)
    content = {
        "dataset.csv": lambda: bytes(snapshot.dataset),
        "codebook.csv": lambda: dataset.codebook(by.study),
    }.get(name)
    if content is None:
        raise NotFound
    return _file(content(), f"{by.study.code}-{slugify(snapshot.name)}-{name}")


@staff
def results(request: HttpRequest, by: Membership) -> HttpResponse:
    """The runs of the plan on the real arms; none before the unblinding."""
    return show(request, by, "staff/results.html", runs=selectors.results(by))


@staff
def run(request: HttpRequest, by: Membership, public_id: UUID) -> HttpResponse:
    """One run: the primary result in a sentence, every result, every figure."""
    found = find.run(by, public_id)
    return show(
        request,
        by,
        "staff/run.html",
        run=found,
        is_rehearsal=found.label == AnalysisRun.Label.REHEARSAL,
        rows=selectors.table(found),
        figures=selectors.figures(found),
        files=selectors.downloads(found),
    )


@staff
def run_file(request: HttpRequest, by: Membership, public_id: UUID, name: str) -> HttpResponse:
    """A file of a run: a figure to look at, the report and the data to take along."""
    found = find.run(by, public_id)
    file = find.file(found, name)
    path = PurePosixPath(file.name)
    prefix = "rehearsal-" if found.label == AnalysisRun.Label.REHEARSAL else ""
    if path.suffix != ".svg":
        return _file(bytes(file.content), f"{by.study.code}-{prefix}{path.name}")
    response = HttpResponse(bytes(file.content), content_type=TYPES[".svg"])
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    return response


def _file(content: bytes, name: str) -> HttpResponse:
    kind = TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
