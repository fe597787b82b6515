"""Plan and data in, a folder out: results, tables, figures and the report; all of it or nothing."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import baseline as baselines
from analysis import completion as completions
from analysis import figures, report
from analysis.dataset import checked
from analysis.faults import DataError
from analysis.flow import FlowCounts, from_data
from analysis.plan import Plan
from analysis.run import Provenance, Results, run
from analysis.scale import spread
from analysis.trajectory import points

Files = dict[str, bytes]  # by path within the folder


def publish(
    folder: Path,
    *,
    plan: Plan,
    data: pd.DataFrame,
    provenance: Provenance,
    flow: FlowCounts | None = None,
    left: Mapping[str, str] | None = None,
    title: str | None = None,
    watermark: str | None = None,
    notice: str | None = None,
) -> Results:
    """Run the plan and write everything to a folder, which appears whole or not at all.

    `flow` is counted from the data unless it is given; `left` gives for who stopped the first visit without a
    form to be expected. `DataError` when the data cannot be analysed, or the folder holds something else.
    """
    check_folder(folder)
    content = gather(
        plan, data, provenance, flow=flow, left=left, title=title, watermark=watermark, notice=notice
    )
    write(folder, files(content))
    return content.results


def gather(
    plan: Plan,
    data: pd.DataFrame,
    provenance: Provenance,
    *,
    flow: FlowCounts | None = None,
    left: Mapping[str, str] | None = None,
    title: str | None = None,
    watermark: str | None = None,
    notice: str | None = None,
) -> report.Content:
    """Everything computed and drawn, nothing written."""
    data = checked(plan, data, provenance.data)
    results = run(plan, data, provenance)
    flow = flow or from_data(plan, data)
    rates = completions.rates(plan, data, left=left)
    courses = {outcome: points(plan, data, outcome) for outcome in plan.outcomes}
    spreads = {
        (result.outcome, result.visit): spread(plan, data, result.outcome, result.visit)
        for result in results.results
    }
    primary, others = plan.primary.outcome, plan.outcomes[1:]
    drawn = [
        figures.flow_diagram(flow),
        figures.trajectory(plan, {primary: courses[primary]}),
        figures.forest(plan, results, spreads),
        figures.completion(plan, rates),
    ]
    if others:
        drawn.append(figures.trajectory(plan, {each: courses[each] for each in others}, "trajectories"))
    return report.Content(
        plan=plan,
        results=results,
        baseline=baselines.table(plan, data),
        flow=flow,
        completion=rates,
        points=courses,
        figures={drawing.name: drawing for drawing in drawn},
        title=title,
        watermark=watermark,
        notice=notice,
    )


# The files --------------------------------------------------------------------------------------------


def files(content: report.Content) -> Files:
    """Every file of the folder."""
    results = content.results
    made: Files = {
        "results.json": _json([asdict(result) for result in results.results]),
        "provenance.json": _json(asdict(results.provenance)),
        "flow.json": _json(content.flow.to_dict()),
        "report.pdf": report.render(content),
        "tables/results.csv": _csv([asdict(result) for result in results.results]),
        "tables/means.csv": _csv([asdict(mean) for mean in results.means]),
        "tables/baseline.csv": _baseline(content),
        "tables/completion.csv": _csv([asdict(rate) for rate in content.completion]),
        "tables/trajectory.csv": _csv([asdict(point) for each in content.points.values() for point in each]),
    }
    return made | {f"figures/{name}.svg": drawing.svg.encode() for name, drawing in content.figures.items()}


def _json(value: object) -> bytes:
    """A NaN would be a fault of ours, so it is refused rather than written."""
    return (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _csv(rows: Sequence[Mapping[str, Any]]) -> bytes:  # Any: a cell is text, a number or nothing
    plain = [
        {key: "; ".join(cell) if isinstance(cell, tuple) else cell for key, cell in row.items()}
        for row in rows
    ]
    return pd.DataFrame(plain).to_csv(index=False, lineterminator="\n").encode()


def _baseline(content: report.Content) -> bytes:
    heads = [content.plan.label(arm) if arm else "All" for arm in content.baseline.sizes]
    rows: list[dict[str, str]] = []
    variable = ""
    for line in content.baseline.lines:
        variable = variable if line.indent else line.label
        if line.indent:
            rows.append(
                {"variable": variable, "statistic": line.label, **dict(zip(heads, line.cells, strict=True))}
            )
    return _csv(rows) if rows else b"variable,statistic\n"


# The folder -------------------------------------------------------------------------------------------


def check_folder(folder: Path) -> None:
    """`DataError` unless the folder is new, empty, or holds what an earlier run wrote."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise DataError(f"{folder}: is a file; name a folder to write to")
    found = {path.name for path in folder.iterdir()}
    ours = {"results.json", "provenance.json", "flow.json", "report.pdf", "tables", "figures"}
    if found and (found - ours or "provenance.json" not in found):
        raise DataError(f"{folder}: holds other files; name a new or empty folder")


def write(folder: Path, files: Files) -> None:
    """Write the files next to the folder and move them into place at once."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        made.chmod(0o755)
        for name, content in files.items():
            path = made / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        if folder.exists():
            shutil.rmtree(folder)
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
