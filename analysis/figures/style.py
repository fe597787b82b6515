"""The look that all figures share, and how one becomes SVG: legible in grey and by the colour-blind."""

from __future__ import annotations

import io
from dataclasses import dataclass
from html import escape

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

# Set once, when this module is loaded, for it alone draws; a context for each figure would race in threads.
# Text stays text, which can be searched and read aloud; the salt makes the SVG the same each time.
mpl.rcParams.update(
    {
        "svg.hashsalt": "analysis",
        "svg.fonttype": "none",
        "font.family": "DejaVu Sans",
        "font.size": 8,
        "axes.edgecolor": "#444444",
        "axes.linewidth": 0.7,
        "axes.labelcolor": "#222222",
        "axes.labelsize": 8,
        "axes.titlesize": 8.5,
        "axes.titlelocation": "left",
        "axes.unicode_minus": True,
        "xtick.color": "#444444",
        "ytick.color": "#444444",
        "xtick.major.width": 0.7,
        "ytick.major.width": 0.7,
        "legend.frameon": False,
        "legend.fontsize": 8,
        "lines.linewidth": 1.4,
    }
)

LineStyle = str | tuple[int, tuple[int, ...]]

INK, GREY, PALE = "#222222", "#6b6b6b", "#d9d9d9"
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")  # Okabe and Ito
MARKERS = ("o", "s", "^", "D", "v", "P")
LINES: tuple[LineStyle, ...] = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 2)))
WIDTH = 6.7  # inches, the width of the text on paper


@dataclass(frozen=True, slots=True)
class Look:
    """How an arm is drawn: colour, marker and line tell it apart, each alone."""

    colour: str
    marker: str
    line: LineStyle


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure: its name, the SVG, and what it shows in a sentence for who cannot see it."""

    name: str
    svg: str
    alt: str


def looks(count: int) -> list[Look]:
    """As many looks as there are arms."""
    return [Look(COLOURS[n % 6], MARKERS[n % 6], LINES[n % 6]) for n in range(count)]


def bare(axes: Axes) -> None:
    """Keep the two lines that carry a scale."""
    axes.spines[["top", "right"]].set_visible(False)


def drawing(name: str, figure: Figure, alt: str) -> Drawing:
    """The figure as SVG, the same bytes for the same figure."""
    out = io.StringIO()
    FigureCanvasSVG(figure)
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    start = text.index("<svg ")
    told = f'<svg role="img" aria-label="{escape(alt)}" '
    return Drawing(name, told + text[start + len("<svg ") :], alt)
