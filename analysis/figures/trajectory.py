"""How outcomes went, by arm: raw means with confidence intervals, side by side so that none hides another."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.style import WIDTH, Drawing, bare, drawing, looks
from analysis.formats import level
from analysis.plan import Plan
from analysis.trajectory import Point

APART = 0.018  # between neighbouring arms, as a share of the axis
CROWDED = 0.14  # visits nearer than this, on an axis across the page, have labels that would touch


def trajectory(plan: Plan, points: Mapping[str, Sequence[Point]], name: str = "trajectory") -> Drawing:
    """A panel for each outcome, with the means of each arm at each visit."""
    columns = 1 if len(points) == 1 else 2
    rows = -(-len(points) // columns)
    height = 3.0 if len(points) == 1 else 2.4 * rows + 0.3
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).flatten()
    for panel in panels[len(points) :]:
        panel.axis("off")
    for panel, (outcome, means) in zip(panels, points.items(), strict=False):
        _panel(panel, plan, means, CROWDED * columns)
        panel.set_title(plan.label(outcome))
    lines, labels = panels[0].get_legend_handles_labels()
    figure.legend(lines, labels, loc="outside lower center", ncols=min(3, len(labels)), handlelength=3.2)
    return drawing(name, figure, _alt(plan, points))


def _panel(axes: Axes, plan: Plan, points: Sequence[Point], crowded: float) -> None:
    visits = plan.data.visits
    at = {visit: plan.data.days.get(visit, float(order)) for order, visit in enumerate(visits)}
    span = (max(at.values()) - min(at.values())) or 1.0
    arms = list(plan.data.arms)
    for number, (arm, look) in enumerate(zip(arms, looks(len(arms)), strict=True)):
        mine = [point for point in points if point.arm == arm]
        shift = (number - (len(arms) - 1) / 2) * APART * span
        axes.errorbar(
            [at[point.visit] + shift for point in mine],
            [point.mean for point in mine],
            yerr=[
                [point.mean - (point.mean if point.lower is None else point.lower) for point in mine],
                [(point.mean if point.upper is None else point.upper) - point.mean for point in mine],
            ],
            color=look.colour,
            marker=look.marker,
            linestyle=look.line,
            markersize=4.5,
            elinewidth=1,
            capsize=2.5,
            label=plan.data.arms[arm],
        )
    axes.set_xticks([at[visit] for visit in visits], _labels(plan, at, crowded * span))
    axes.set_ylabel(f"Mean, {level(plan.alpha)} CI")
    axes.margins(x=0.06)
    bare(axes)


def _labels(plan: Plan, at: Mapping[str, float], near: float) -> list[str]:
    """The visits' names; one that would touch the name before it goes a line lower."""
    labels: list[str] = []
    before = -math.inf
    for visit, place in at.items():
        lower = place - before < near and not labels[-1].startswith("\n")
        labels.append(f"\n{plan.label(visit)}" if lower else plan.label(visit))
        before = place
    return labels


def _alt(plan: Plan, points: Mapping[str, Sequence[Point]]) -> str:
    names = ", ".join(plan.label(outcome) for outcome in points)
    visits = ", ".join(plan.label(visit) for visit in plan.data.visits)
    return f"Means with {level(plan.alpha)} confidence intervals by arm at {visits}: {names}."
