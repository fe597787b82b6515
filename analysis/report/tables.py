"""The tables of the report."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from analysis.baseline import Baseline
from analysis.completion import Rate
from analysis.formats import DASH, decimals, interval, level, number, p_value, percent
from analysis.plan import Estimand, Plan
from analysis.report.layout import CELL, CODE, INDENTED, STRONG, Part, cell, table
from analysis.run import Mean, Provenance, Result, Results
from analysis.trajectory import Point


def baseline_table(plan: Plan, baseline: Baseline) -> Part:
    """By arm and over all: mean (SD), median [IQR], n (%), missing. No p-values."""
    sizes = [*(f"{plan.label(arm)}\n(n = {n})" for arm, n in baseline.sizes.items() if arm)]
    head = ["", *sizes, f"All\n(n = {baseline.sizes['']})"]
    columns = len(head) - 1
    rows = [
        [cell(line.label, INDENTED if line.indent else STRONG), *(line.cells or [""] * columns)]
        for line in baseline.lines
    ]
    return table(head, rows, [1.3, *[1] * columns], ("ALIGN", (1, 0), (-1, -1), "RIGHT"))


def results_table(plan: Plan, results: Results, chosen: Sequence[Result]) -> Part:
    """A row a result: the adjusted means of both arms with their n, the difference, p."""
    several = len(plan.data.active) > 1
    names = ["Arm" if several else plan.label(plan.data.active[0]), plan.label(plan.data.reference)]
    head = ["Outcome, visit", *(f"{textwrap.fill(name, 14)}\nmean (n)" for name in names)]
    head += ["Difference", f"{level(results.alpha)} CI", "p"]
    rows = []
    for result in chosen:
        digits = results.digits(result.outcome)
        means = [results.mean(result, arm) for arm in (result.arm, result.reference)]
        arm = f", {plan.label(result.arm)}" if several else ""
        visit = plan.label(result.visit).replace(" ", "\N{NO-BREAK SPACE}")
        rows.append(
            [
                cell(f"{result.label}, {visit}{arm}"),
                *(_mean(mean, digits) for mean in means),
                number(result.estimate, digits),
                interval(result.lower, result.upper, digits),
                p_value(result.p),
            ]
        )
    aligned = [("ALIGN", (1, 0), (-1, -1), "RIGHT"), ("ALIGN", (3, 1), (3, -1), "DECIMAL")]
    padded = ("RIGHTPADDING", (3, 1), (3, -1), 22)
    return table(head, rows, [3.1, 1.05, 1.05, 0.95, 1.45, 0.7], *aligned, padded)


def trajectory_table(plan: Plan, points: Sequence[Point]) -> Part:
    """The numbers behind the trajectory: n, mean (SD) by visit and arm."""
    found = {(point.visit, point.arm): point for point in points}
    arms = list(plan.data.arms)
    head = ["Visit", *(f"{plan.label(arm)}\nn, mean (SD)" for arm in arms)]
    digits = min(2, decimals(max((point.sd or 0 for point in points), default=0)))
    rows = [
        [cell(plan.label(visit)), *(_point(found.get((visit, arm)), digits) for arm in arms)]
        for visit in plan.data.visits
        if any((visit, arm) in found for arm in arms)
    ]
    return table(head, rows, [1, *[1] * len(arms)], ("ALIGN", (1, 0), (-1, -1), "RIGHT"))


def completion_table(plan: Plan, rates: Sequence[Rate]) -> Part:
    """Both rates with their counts, by visit, for each arm and all."""
    head = ["Visit", "Arm", "Received of randomized\n(available data)", "Received of expected\n(completion)"]
    rows = []
    for visit in plan.data.visits:
        here = sorted((rate for rate in rates if rate.visit == visit), key=lambda rate: rate.arm is None)
        for first, rate in enumerate(here):
            rows.append(
                [
                    "" if first else cell(plan.label(visit)),
                    cell("All" if rate.arm is None else plan.label(rate.arm)),
                    f"{rate.received}/{rate.randomized}  {percent(rate.received, rate.randomized)}",
                    f"{rate.received}/{rate.expected}  {percent(rate.received, rate.expected)}",
                ]
            )
    return table(head, rows, [1, 1.4, 1.4, 1.4], ("ALIGN", (2, 0), (-1, -1), "RIGHT"))


def estimand_table(plan: Plan, estimand: Estimand) -> Part:
    """The five attributes."""
    events = "; ".join(f"{each.event}: {each.strategy}" for each in estimand.intercurrent)
    used = ", ".join(each.id for each in plan.analyses if each.estimand == estimand.id) or DASH
    attributes = {
        "Treatment": estimand.treatment,
        "Population": estimand.population,
        "Variable": estimand.variable,
        "Intercurrent events": events,
        "Summary": estimand.summary,
        "Analyses": used,
    }
    return _pairs(f"Estimand {estimand.id}", attributes)


def provenance_table(provenance: Provenance) -> Part:
    """What the results were made from and with."""
    told = {
        "Plan": provenance.plan,
        "SHA-256 of the plan": provenance.plan_sha256,
        "Data": provenance.data,
        "SHA-256 of the data": provenance.data_sha256,
        "Run": provenance.label,
        **({"Date": provenance.created} if provenance.created else {}),
        **provenance.software,
    }
    return _pairs("Provenance", told)


def _pairs(head: str, values: dict[str, str]) -> Part:
    rows = [[cell(name), cell(value, CODE if "SHA" in name else CELL)] for name, value in values.items()]
    return table([head, ""], rows, [1, 3.2])


def _mean(mean: Mean, digits: int) -> str:
    return f"{number(mean.estimate, digits)} ({mean.n})"


def _point(point: Point | None, digits: int) -> str:
    if point is None:
        return DASH
    sd = DASH if point.sd is None else number(point.sd, digits)
    return f"{point.n}, {number(point.mean, digits)} ({sd})"
