"""The figures of a design report, in the look of the trial's own report."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures import Drawing
from analysis.figures.style import COLOURS, GREY, INK, WIDTH, bare, drawing
from randomization.simulate import Apart
from trial.design_report.model import DesignReport
from trial.design_report.words import apart, due, percent

ROW = 0.18  # inches
DOUBTFUL, REFUSED = 2.5, 5.0  # percent known with certainty: randomization.simulate.advice
BLUE, RED = COLOURS[0], COLOURS[1]
NAMES = {"mean": "on average", "most_95": "in 95 of 100 trials at most", "worst": "in the worst trial"}


def course(report: DesignReport) -> Drawing:
    """How far the arms are apart as the trial goes on, with the interim looks."""
    figure = Figure(figsize=(WIDTH, 2.5), layout="constrained")
    axes = figure.subplots()
    along = list(report.course)
    for name, colour, line in (("mean", BLUE, "-"), ("most_95", RED, "--"), ("worst", GREY, ":")):
        values = [getattr(each, name) for each in report.course.values()]
        axes.plot(along, values, color=colour, linestyle=line, label=NAMES[name])
    for look in report.looks:
        axes.axvline(look, color=GREY, linewidth=0.6, zorder=0)
        _note(axes, look, f"look at {look}")
    axes.set_xlabel("Participants so far")
    axes.set_ylabel("Arms apart")
    axes.set_xlim(0, report.asked.participants)
    axes.set_ylim(bottom=0)
    bare(axes)
    figure.legend(loc="outside lower center", ncols=3, handlelength=3.2)
    alt = f"Distance of the arms by participants so far: at the end {_told(report.overall)}."
    return drawing("course", figure, alt)


def guessing(report: DesignReport) -> Drawing:
    """What could be guessed right, beside chance; what is known, beside the limits."""
    found = report.predictability
    right = {"Nothing seen: chance": found.chance, due(report).capitalize(): found.convergence}
    if found.own_site is not None:
        right["Arm behind at the own site"] = found.own_site
    right["Knowing the design (Bayes)"] = found.bayes
    figure = Figure(figsize=(WIDTH, 0.9 + ROW * len(right)), layout="constrained")
    left, known = figure.subplots(1, 2, width_ratios=(1.5, 1))
    _bars(left, right, "Next arm guessed right (%)")
    left.set_xlim(0, 100)
    left.axvline(100 * found.chance, color=INK, linewidth=0.8)
    _bars(known, {"Certain": found.certain}, "Next arm known with certainty (%)")
    known.set_xlim(0, max(10.0, 115 * found.certain))
    for limit, told in ((DOUBTFUL, "warned"), (REFUSED, "refused")):
        known.axvline(limit, color=RED, linewidth=0.8, linestyle="--")
        _note(known, limit, told)
    told = "; ".join(f"{name} {percent(share)}" for name, share in right.items())
    return drawing("guessing", figure, f"Guessed right: {told}. Certain: {percent(found.certain)}.")


def _bars(axes: Axes, shares: Mapping[str, float], title: str) -> None:
    bars = axes.barh(list(shares), [100 * share for share in shares.values()], color=BLUE, height=0.55)
    axes.bar_label(bars, fmt="%.1f", padding=3, fontsize=7)
    axes.invert_yaxis()
    axes.set_xlabel(title)
    bare(axes)


def _note(axes: Axes, at: float, text: str) -> None:
    """Small words above a line of the axes."""
    place = axes.get_xaxis_transform()
    axes.text(at, 1, text, transform=place, va="bottom", ha="center", fontsize=7, color=GREY)


def places(chosen: Mapping[str, Apart]) -> Drawing:
    """How far the arms are apart at each place: the mean, 95 of 100 trials, the worst."""
    figure = Figure(figsize=(WIDTH, 0.9 + ROW * len(chosen)), layout="constrained")
    axes = figure.subplots()
    for row, each in enumerate(chosen.values()):
        axes.plot([0, each.worst], [row, row], color=GREY, linewidth=0.6, zorder=0)
    rows = range(len(chosen))
    for name, colour, marker in (("mean", BLUE, "o"), ("most_95", RED, "D"), ("worst", GREY, "|")):
        values = [getattr(each, name) for each in chosen.values()]
        axes.plot(values, rows, color=colour, marker=marker, markersize=5, linestyle="", label=NAMES[name])
    axes.set_yticks(rows, list(chosen))
    axes.set_ylim(len(chosen) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.set_xlabel("Arms apart at the end")
    bare(axes)
    figure.legend(loc="outside lower center", ncols=3, handlelength=2)
    told = "; ".join(f"{name} {apart(each.mean)}" for name, each in chosen.items())
    return drawing("places", figure, f"Mean distance of the arms at the end: {told}.")


def _told(each: Apart) -> str:
    return f"{apart(each.mean)} on average, {apart(each.worst)} in the worst trial"
