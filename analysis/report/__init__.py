"""The report as a PDF: from the primary result in words to the hashes of plan and data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.baseline import Baseline
from analysis.completion import Rate
from analysis.figures import Drawing
from analysis.flow import FlowCounts
from analysis.formats import level
from analysis.plan import Plan
from analysis.report import layout, tables, words
from analysis.report.fonts import register
from analysis.report.layout import Part
from analysis.run import Results
from analysis.trajectory import Point

__all__ = ["Content", "render", "write"]


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that the report shows. `figures` and `points` are by name and by outcome."""

    plan: Plan
    results: Results
    baseline: Baseline
    flow: FlowCounts
    completion: Sequence[Rate]
    points: Mapping[str, Sequence[Point]]
    figures: Mapping[str, Drawing]
    title: str | None = None  # the plan's, unless another is given
    watermark: str | None = None
    notice: str | None = None


def write(path: Path, content: Content) -> None:
    """Write the report's PDF."""
    path.write_bytes(render(content))


def render(content: Content) -> bytes:
    """The report's PDF, the same bytes for the same content."""
    register()
    return layout.build(
        lambda: _story(content),
        title=content.title or content.plan.title,
        running=f"{content.plan.title}  |  {content.results.provenance.label}",
        watermark=content.watermark,
        notice=content.notice,
    )


def _story(content: Content) -> list[Part]:
    sections = (
        _opening,
        _flow,
        _baseline,
        _results,
        _forest,
        _trajectory,
        _completion,
        _methods,
        _provenance,
    )
    return [part for section in sections for part in section(content)]


def _opening(content: Content) -> list[Part]:
    plan, results = content.plan, content.results
    parts = [
        layout.body(content.title or plan.title, layout.TITLE),
        layout.body(words.STATUS[results.provenance.label], layout.NOTE),
    ]
    if content.notice:
        parts.append(layout.body(content.notice, layout.NOTE))
    parts.append(layout.heading("Primary result"))
    for result in results.primary:
        parts.append(layout.body(words.primary(plan, results, result), layout.LEAD))
        parts.append(layout.body(words.reading(results, result)))
    return parts


def _flow(content: Content) -> list[Part]:
    caption = "Flow of participants (CONSORT 2025), up to the primary analysis."
    if content.flow.assessed is None:
        caption += " The dataset begins at the randomization."
    return [
        layout.together(layout.heading("Participant flow"), *layout.figure(content.figures["flow"], caption))
    ]


def _baseline(content: Content) -> list[Part]:
    if not content.baseline.variables:
        return []
    note = "n (%) of those with a value. Differences at baseline are by chance and are not tested."
    return [
        layout.together(
            layout.heading("Baseline characteristics"), tables.baseline_table(content.plan, content.baseline)
        ),
        layout.body(note, layout.NOTE),
    ]


def _results(content: Content) -> list[Part]:
    plan, results = content.plan, content.results
    groups = {
        "Primary and secondary results": results.of("primary", "secondary"),
        "Sensitivity and supplementary results": results.of("sensitivity", "supplementary"),
    }
    note = (
        "Adjusted means; the difference is the arm less the reference, with its "
        f"{level(results.alpha)} confidence interval. n are the participants in the analysis."
    )
    parts: list[Part] = []
    for heading, chosen in groups.items():
        if chosen:
            shown = tables.results_table(plan, results, chosen)
            parts += [layout.together(layout.heading(heading), shown), layout.body(note, layout.NOTE)]
    return parts


def _forest(content: Content) -> list[Part]:
    caption = (
        "Differences in standard deviations, turned so that right is better for the arm; the numbers at the "
        "side are in the outcome's own units and direction. The standard deviation is that of everyone at "
        "the baseline, or where the outcome was not measured then, that of the reference arm at the visit."
    )
    return [
        layout.together(layout.heading("Forest plot"), *layout.figure(content.figures["forest"], caption))
    ]


def _trajectory(content: Content) -> list[Part]:
    plan = content.plan
    outcome = plan.primary.outcome
    caption = f"Means as measured, not adjusted, with {level(plan.alpha)} t intervals."
    parts = [
        layout.together(
            layout.heading(f"Course of {plan.label(outcome)}"),
            *layout.figure(content.figures["trajectory"], caption),
        ),
        layout.together(tables.trajectory_table(plan, content.points[outcome])),
    ]
    if "trajectories" in content.figures:
        shown = layout.figure(content.figures["trajectories"], caption)
        parts.append(layout.together(layout.heading("Course of the other outcomes"), *shown))
    return parts


def _completion(content: Content) -> list[Part]:
    caption = "Left, the denominator is everyone randomized; right, those of whom a form was still expected."
    return [
        layout.together(
            layout.heading("Completion rates"),
            layout.body("Forms with a value of the primary outcome."),
            tables.completion_table(content.plan, content.completion),
        ),
        layout.together(*layout.figure(content.figures["completion"], caption)),
    ]


def _methods(content: Content) -> list[Part]:
    first, *rest = words.methods(content.plan)
    parts = [layout.together(layout.heading("Methods"), layout.body(first)), *map(layout.body, rest)]
    heading: list[Part] = [layout.heading("Estimands")]
    for estimand in content.plan.estimands:
        parts.append(
            layout.together(*heading, tables.estimand_table(content.plan, estimand), layout.space(8))
        )
        heading = []
    return parts


def _provenance(content: Content) -> list[Part]:
    return [
        layout.together(
            layout.heading("Software and data"), tables.provenance_table(content.results.provenance)
        )
    ]
