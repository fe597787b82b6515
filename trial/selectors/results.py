"""Snapshots and what was computed from them, for those who may see each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import PurePosixPath
from typing import Any

from django.db.models import QuerySet

from analysis.formats import decimals, interval, number, p_value
from trial.models import AnalysisFile, AnalysisRun, Membership, Snapshot
from trial.permissions import Permission, require
from trial.protocol import Protocol

CAPTIONS: Mapping[str, str] = {
    "flow": "Who was assessed, randomized and analysed",
    "trajectory": "The primary outcome at each visit",
    "trajectories": "The other outcomes at each visit",
    "forest": "Every analysis of the plan",
    "completion": "Questionnaires that were sent in",
}
TOLD = re.compile(rb'<svg role="img" aria-label="([^"]*)"')  # how a figure says what it shows


@dataclass(frozen=True, slots=True)
class Row:
    """One result in words and numbers."""

    label: str
    role: str
    visit: str
    comparison: str
    estimate: str
    interval: str
    p: str
    n: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: the name of its file, its caption, and what it shows, for who cannot see it."""

    name: str
    caption: str
    alt: str


def snapshots(by: Membership) -> QuerySet[Snapshot]:
    """The study's snapshots with their runs, newest first; without the bytes of the data."""
    require(by, Permission.SNAPSHOT)
    return by.study.snapshots.defer("dataset").prefetch_related("runs")


def results(by: Membership) -> Sequence[AnalysisRun]:
    """The runs on the real arms, newest first; none while the study is blind."""
    require(by, Permission.SEE_RESULTS)
    if by.study.unblinded_at is None:
        return []
    runs = AnalysisRun.objects.filter(snapshot__study=by.study, label=AnalysisRun.Label.PRESPECIFIED)
    return list(runs.select_related("snapshot"))


def table(run: AnalysisRun) -> list[Row]:
    """Every result of the run in words and numbers, in the plan's order, with the decimals of the report."""
    spread: dict[str, float] = {}
    for result in run.results:
        spread[result["outcome"]] = max(result["se"], spread.get(result["outcome"], 0))
    protocol = run.snapshot.study.protocol
    return [_row(result, protocol, decimals(spread[result["outcome"]])) for result in run.results]


def figures(run: AnalysisRun) -> list[Figure]:
    """The run's figures in the order of the report, each with what it shows."""
    order = [f"figures/{stem}.svg" for stem in CAPTIONS]
    files = run.files.filter(name__endswith=".svg")
    return [
        _figure(file)
        for file in sorted(
            files, key=lambda file: order.index(file.name) if file.name in order else len(order)
        )
    ]


def downloads(run: AnalysisRun) -> list[str]:
    """The names of its other files, the report first."""
    names = run.files.exclude(name__endswith=".svg").values_list("name", flat=True)
    return sorted(names, key=lambda name: (not name.endswith(".pdf"), name))


def _row(result: Mapping[str, Any], protocol: Protocol, digits: int) -> Row:
    """A result as people read it. (A result's values are of any type.)"""
    arms = {arm.code: arm.label for arm in protocol.arms}
    visits = {visit.code: visit.label for visit in protocol.visits}
    return Row(
        label=result["label"],
        role=result["role"],
        visit=visits.get(result["visit"], result["visit"]),
        comparison=f"{arms[result['arm']]} less {arms[result['reference']].lower()}",
        estimate=number(result["estimate"], digits),
        interval=interval(result["lower"], result["upper"], digits),
        p=p_value(result["p"]),
        n=result["n"],
    )


def _figure(file: AnalysisFile) -> Figure:
    stem = PurePosixPath(file.name).stem
    caption = CAPTIONS.get(stem, stem.replace("-", " ").capitalize())
    told = TOLD.search(bytes(file.content))
    return Figure(file.name, caption, unescape(told[1].decode()) if told else caption)
