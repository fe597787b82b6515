"""Results as figures: SVG text that pages show and the report embeds, one drawing for both."""

from analysis.figures.completion import completion
from analysis.figures.flow import flow_diagram
from analysis.figures.forest import forest
from analysis.figures.style import Drawing
from analysis.figures.trajectory import trajectory

__all__ = ["Drawing", "completion", "flow_diagram", "forest", "trajectory"]
