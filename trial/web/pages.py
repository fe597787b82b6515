"""What the staff's and the participants' pages share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from trial.models import Study

MARKS = {
    "synthetic": "Synthetic data: no real people, no real results",
    "training": "Training: no real participants",
}


def page(
    request: HttpRequest, template: str, study: Study | None, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a template; whatever is not a live study is marked as such. (A template takes any value.)"""
    kind = study.protocol.study.kind if study is not None else "live"
    return render(
        request, template, {"study": study, "synthetic": MARKS.get(kind, ""), **context}, status=status
    )
