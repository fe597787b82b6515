"""Completion rates by visit and arm: of all who were randomized, and of those still expected."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.completion import Rate
from analysis.figures.style import WIDTH, Drawing, bare, drawing, looks
from analysis.plan import Plan


def completion(plan: Plan, rates: Sequence[Rate]) -> Drawing:
    """Two panels, one for each denominator."""
    figure = Figure(figsize=(WIDTH, 2.5), layout="constrained")
    fixed, varying = figure.subplots(1, 2, sharey=True)
    for panel, title in ((fixed, "Of all randomized"), (varying, "Of those still expected")):
        panel.set_title(title)
    for number, (arm, look) in enumerate(zip(plan.data.arms, looks(len(plan.data.arms)), strict=True)):
        mine = [rate for rate in rates if rate.arm == arm]
        shift = (number - (len(plan.data.arms) - 1) / 2) * 0.06
        for panel, values in (
            (fixed, [rate.available for rate in mine]),
            (varying, [float("nan") if rate.completion is None else rate.completion for rate in mine]),
        ):
            panel.plot(
                [order + shift for order in range(len(mine))],
                [100 * value for value in values],
                color=look.colour,
                marker=look.marker,
                linestyle=look.line,
                markersize=4.5,
                label=plan.data.arms[arm],
            )
    for panel in (fixed, varying):
        _frame(panel, plan)
    fixed.set_ylabel("Forms received (%)")
    lines, labels = fixed.get_legend_handles_labels()
    figure.legend(lines, labels, loc="outside lower center", ncols=min(3, len(labels)), handlelength=3.2)
    return drawing("completion", figure, _alt(plan, rates))


def _frame(axes: Axes, plan: Plan) -> None:
    """From nothing to everything: a cut axis would make small gaps look large."""
    axes.set_ylim(0, 104)
    axes.set_yticks(range(0, 101, 25))
    axes.set_xticks(range(len(plan.data.visits)), [plan.label(visit) for visit in plan.data.visits])
    axes.margins(x=0.08)
    bare(axes)


def _alt(plan: Plan, rates: Sequence[Rate]) -> str:
    everyone = [rate for rate in rates if rate.arm is None]
    told = "; ".join(f"{plan.label(rate.visit)} {rate.received} of {rate.randomized}" for rate in everyone)
    return f"Forms received by visit, of all randomized: {told}. The table has each arm."
