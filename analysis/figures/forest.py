"""The forest plot: every difference with its interval on one axis, its own units in words beside it.

Outcomes have different scales, so the axis is in standard deviations, and turned so that right is better.
The numbers beside each line are in the outcome's own units and direction.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.style import COLOURS, GREY, INK, PALE, WIDTH, Drawing, drawing
from analysis.formats import interval, level, number, p_value
from analysis.plan import Plan
from analysis.run import Result, Results

Spreads = Mapping[tuple[str, str], float]  # the SD by outcome and visit

GROUPS = {
    "Primary": ("primary",),
    "Secondary": ("secondary",),
    "Sensitivity and supplementary": ("sensitivity", "supplementary"),
}
ROW, LINE = 0.22, 0.125  # inches: a row of one line, each further line
LEFT, RIGHT = 0.40, 0.68  # where the axis begins and ends, as shares of the width
NAME, NUMBERS, P = -1.40, 1.03, 1.88  # the columns of text, in widths of the axis
FITS = 44  # characters in a line of the left column


def forest(plan: Plan, results: Results, spreads: Spreads) -> Drawing:
    """The differences of every analysis that has a spread to be measured by."""
    rows = _rows(results, spreads)
    heights = [ROW + LINE * _name(plan, row).count("\n") for row in rows]
    whole = ROW + sum(heights)
    figure = Figure(figsize=(WIDTH, whole + 0.6))
    axes = figure.add_axes((LEFT, 0.52 / (whole + 0.6), RIGHT - LEFT, whole / (whole + 0.6)))
    axes.set_ylim(whole, 0)
    axes.axvline(0, color=GREY, linewidth=0.8, zorder=0)
    _text(axes, NUMBERS, ROW / 2, f"Difference ({level(plan.alpha)} CI)", colour=GREY)
    _text(axes, P, ROW / 2, "p", colour=GREY)
    top = ROW
    for row, height in zip(rows, heights, strict=True):
        _row(axes, top + height / 2, plan, results, row, spreads)
        top += height
    _frame(axes, plan)
    return drawing("forest", figure, _alt(plan, results))


def _rows(results: Results, spreads: Spreads) -> list[str | Result]:
    """The results by their role, each group below its heading."""
    rows: list[str | Result] = []
    for heading, roles in GROUPS.items():
        members = [each for each in results.of(*roles) if spreads.get((each.outcome, each.visit), 0) > 0]
        rows += [heading, *members] if members else []
    return rows


def _row(axes: Axes, y: float, plan: Plan, results: Results, row: str | Result, spreads: Spreads) -> None:
    if isinstance(row, str):
        _text(axes, NAME, y, row, weight="bold")
    else:
        _line(axes, y, plan, row, spreads[row.outcome, row.visit], results.digits(row.outcome))


def _line(axes: Axes, y: float, plan: Plan, result: Result, spread: float, digits: int) -> None:
    turn = (1 if result.direction == "higher is better" else -1) / spread
    ends = sorted((result.lower * turn, result.upper * turn))
    main = result.role in ("primary", "secondary")
    colour = COLOURS[0] if main else GREY
    axes.plot(ends, [y, y], color=colour, linewidth=1.6 if main else 1.0, solid_capstyle="butt")
    fill = colour if main else "white"
    axes.plot(result.estimate * turn, y, marker="s", markersize=5, color=colour, markerfacecolor=fill)
    _text(axes, NAME, y, _name(plan, result))
    told = f"{number(result.estimate, digits)} ({interval(result.lower, result.upper, digits)})"
    _text(axes, NUMBERS, y, told)
    _text(axes, P, y, p_value(result.p))


def _name(plan: Plan, result: str | Result) -> str:
    """What is compared: outcome and visit; the arm too where there are several. A heading as it is."""
    if isinstance(result, str):
        return result
    arm = f", {plan.label(result.arm)}" if len(plan.data.active) > 1 else ""
    visit = plan.label(result.visit).replace(" ", "\N{NO-BREAK SPACE}")
    return textwrap.fill(f"{result.label}, {visit}{arm}", FITS)


def _text(axes: Axes, x: float, y: float, text: str, *, colour: str = INK, weight: str = "normal") -> None:
    axes.text(
        x,
        y,
        text,
        transform=axes.get_yaxis_transform(),
        va="center",
        ha="left",
        color=colour,
        weight=weight,
        size=7.2,
    )


def _frame(axes: Axes, plan: Plan) -> None:
    """A symmetric axis, so that neither side looks nearer."""
    reach = max(abs(limit) for limit in axes.get_xlim())
    axes.set_xlim(-reach, reach)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.set_yticks([])
    arms = plan.data.active
    better = plan.label(arms[0]) if len(arms) == 1 else "the arm named"
    axes.set_xlabel(
        f"Difference in SD\n\N{LEFTWARDS ARROW} {plan.label(plan.data.reference)} better    "
        f"{better} better \N{RIGHTWARDS ARROW}",
        fontsize=7.2,
    )
    axes.grid(axis="x", color=PALE, linewidth=0.5)
    axes.set_axisbelow(True)


def _alt(plan: Plan, results: Results) -> str:
    told = "; ".join(
        _sentence(plan, result, results.digits(result.outcome))
        for result in results.of("primary", "secondary")
    )
    return f"Forest plot of the differences from {plan.label(plan.data.reference)}. {told}."


def _sentence(plan: Plan, result: Result, digits: int) -> str:
    return (
        f"{result.label} at {plan.label(result.visit)}, {plan.label(result.arm)}: "
        f"{number(result.estimate, digits)} ({interval(result.lower, result.upper, digits)})"
    )
