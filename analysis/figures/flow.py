"""The CONSORT 2025 flow diagram, with the box of critical findings that this kind of trial needs."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.figures.style import GREY, INK, WIDTH, Drawing, drawing
from analysis.flow import ArmFlow, FlowCounts, Reasons, total

LINE, PAD, GAP = 0.165, 0.075, 0.28  # inches: a line of text, the margin in a box, the space below it
CHARACTER = 0.057  # inches, a little more than the mean width at this size
INDENT = "  "  # before a reason; drawn as a distance, for SVG drops spaces


@dataclass(frozen=True, slots=True)
class Box:
    """A box by the middle of its upper edge. All in inches, y downwards."""

    x: float
    y: float
    width: float
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        return len(self.lines) * LINE + 2 * PAD

    @property
    def bottom(self) -> float:
        return self.y + self.height


def flow_diagram(flow: FlowCounts) -> Drawing:
    """The diagram of these counts, from assessment (where it is known) to analysis."""
    above, side, randomized = _top(flow)
    rows = _arm_rows(flow, randomized.bottom + 2 * GAP)
    height = max(box.bottom for box in rows[-1]) + 0.1
    figure = Figure(figsize=(WIDTH, height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(height, 0))
    axes.axis("off")
    for box in [*above, *side, randomized, *(box for row in rows for box in row)]:
        _draw(axes, box)
    if above:
        _arrow(axes, (above[0].x, above[0].bottom), (randomized.x, randomized.y))
    for box in side:
        middle = box.y + box.height / 2
        _arrow(axes, (randomized.x, middle), (box.x - box.width / 2, middle))
    _fork(axes, randomized, rows[0])
    for upper, lower in pairwise(rows):
        for a, b in zip(upper, lower, strict=True):
            _arrow(axes, (a.x, a.bottom), (b.x, b.y))
    return drawing("flow", figure, _alt(flow))


def _top(flow: FlowCounts) -> tuple[list[Box], list[Box], Box]:
    """The boxes before the allocation: assessed, those at the side, randomized."""
    if flow.assessed is None:
        return [], [], Box(WIDTH / 2, 0.06, 2.4, (f"Randomized (n = {flow.randomized})",))
    middle = WIDTH * 0.30
    assessed = Box(middle, 0.06, 2.6, (f"Assessed for eligibility (n = {flow.assessed})",))
    width = 3.3
    x = WIDTH - width / 2 - 0.06
    excluded = Box(x, assessed.bottom + GAP, width, _wrapped("Excluded", flow.excluded, width))
    heading = _wrap(f"Critical finding, routed to clinical care (n = {flow.critical})", width)
    critical = Box(x, excluded.bottom + 0.15, width, heading)
    randomized = Box(middle, critical.bottom + GAP, 2.6, (f"Randomized (n = {flow.randomized})",))
    return [assessed], [excluded, critical], randomized


def _arm_rows(flow: FlowCounts, top: float) -> list[list[Box]]:
    """Allocation, follow-up and analysis: a row each, a box for each arm."""
    step = WIDTH / len(flow.arms)
    width = step - 0.2
    rows = []
    for lines in (_allocated, _lost, _analysed):
        row = [Box(step * (i + 0.5), top, width, lines(arm, width)) for i, arm in enumerate(flow.arms)]
        rows.append(row)
        top = max(box.bottom for box in row) + GAP
    return rows


def _allocated(arm: ArmFlow, width: float) -> tuple[str, ...]:
    heading = _wrap(f"Allocated to {arm.label} (n = {arm.allocated})", width)
    if arm.not_received is None:
        return heading
    received = _wrap(f"Received it (n = {arm.received})", width)
    return (*heading, *received, *_wrapped("Did not receive it", arm.not_received, width))


def _lost(arm: ArmFlow, width: float) -> tuple[str, ...]:
    return _wrapped("Lost to follow-up for the primary outcome", arm.lost, width)


def _analysed(arm: ArmFlow, width: float) -> tuple[str, ...]:
    heading = _wrap(f"Analysed for the primary outcome (n = {arm.analysed})", width)
    return (*heading, *_wrapped("Excluded from analysis", arm.excluded, width))


def _wrapped(heading: str, reasons: Reasons, width: float) -> tuple[str, ...]:
    """A heading with the total, and a line or more for each reason."""
    told = [line for reason, n in reasons.items() for line in _wrap(f"{reason} (n = {n})", width, INDENT)]
    return (*_wrap(f"{heading} (n = {total(reasons)})", width), *told)


def _wrap(text: str, width: float, indent: str = "") -> tuple[str, ...]:
    fits = max(12, int((width - 2 * PAD) / CHARACTER))
    text = text.replace("n = ", "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}")
    return tuple(textwrap.wrap(text, fits, initial_indent=indent, subsequent_indent=indent + "  "))


def _draw(axes: Axes, box: Box) -> None:
    corner = (box.x - box.width / 2, box.y)
    axes.add_patch(Rectangle(corner, box.width, box.height, facecolor="white", edgecolor=GREY, linewidth=0.8))
    for number, line in enumerate(box.lines):
        y = box.y + PAD + (number + 0.5) * LINE
        indent = (len(line) - len(line.lstrip(" "))) * CHARACTER
        axes.text(corner[0] + PAD + indent, y, line.lstrip(" "), va="center", ha="left", color=INK)


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    style = {
        "arrowstyle": "-|>",
        "color": GREY,
        "linewidth": 0.8,
        "shrinkA": 0,
        "shrinkB": 0,
        "mutation_scale": 7,
    }
    axes.annotate("", xy=end, xytext=start, arrowprops=style)


def _fork(axes: Axes, above: Box, below: Sequence[Box]) -> None:
    """One line down, one across, an arrow to each arm."""
    bar = below[0].y - GAP
    xs = [box.x for box in below]
    axes.plot([above.x, above.x], [above.bottom, bar], color=GREY, linewidth=0.8)
    axes.plot([min(*xs, above.x), max(*xs, above.x)], [bar, bar], color=GREY, linewidth=0.8)
    for box in below:
        _arrow(axes, (box.x, bar), (box.x, box.y))


def _alt(flow: FlowCounts) -> str:
    before = f"{flow.assessed} assessed, " if flow.assessed is not None else ""
    arms = "; ".join(f"{arm.label}: {arm.allocated} allocated, {arm.analysed} analysed" for arm in flow.arms)
    return f"CONSORT flow diagram: {before}{flow.randomized} randomized. {arms}."
