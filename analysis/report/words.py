"""The sentences of the report, made from the plan and the results."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from analysis.formats import interval, level, number, p_phrase
from analysis.plan import Analysis, Plan
from analysis.run import REHEARSAL, Result, Results

STATUS = {
    "prespecified": "Prespecified: the plan was fixed before the arms were known.",
    "post hoc": "Post hoc: it was not shown that the plan was fixed before the data were seen.",
    REHEARSAL: "Blind rehearsal: the arms are made up, so no number here tells about the treatments.",
}


def primary(plan: Plan, results: Results, result: Result) -> str:
    """The primary result in words."""
    digits = results.digits(result.outcome)
    side = "lower" if result.estimate < 0 else "higher"
    kind = "adjusted difference" if result.covariates else "difference"
    told = number(result.estimate, digits)
    return (
        f"{_at(plan, result.visit)}, {result.label} was on average "
        f"{number(abs(result.estimate), digits)} {side} with "
        f"{plan.label(result.arm)} than with {plan.label(result.reference)}: {kind} {told} "
        f"({level(results.alpha)} CI {interval(result.lower, result.upper, digits)}; {p_phrase(result.p)}; "
        f"n = {result.n}, {result.n_arm} and {result.n_reference})."
    )


def reading(results: Results, result: Result) -> str:
    """How to read it: what better means, and whether the interval has room for no difference."""
    crosses = result.lower <= 0 <= result.upper
    room = "has room for no difference" if crosses else "lies on one side of no difference"
    return (
        f"On this outcome {result.direction}. The {level(results.alpha)} confidence interval {room}; "
        "it shows the differences that are compatible with the data."
    )


def methods(plan: Plan) -> list[str]:
    """The methods section: what holds for every analysis, then one sentence each."""
    data = plan.data
    arms = ", ".join(data.arms.values())
    general = (
        f"The arms were {arms}; {plan.label(data.reference)} is the reference. Participants were analysed "
        "in the arm to which they were randomized. "
        f"Intervals have a coverage of {level(plan.alpha)}, p-values are two-sided. There is one primary "
        "analysis; the p-values of the others are not adjusted for their number: they describe, they do not "
        "confirm."
    )
    used = dict.fromkeys(analysis.method for analysis in plan.analyses)
    each = [
        f"{analysis.label} ({analysis.role}): {SENTENCES[analysis.method](plan, analysis)}"
        for analysis in plan.analyses
    ]
    return [general, *(ABOUT[method] for method in used), *each]


def _ancova(plan: Plan, analysis: Analysis) -> str:
    covariates = "; ".join(_covariate(plan, name) for name in analysis.covariates)
    adjusted = f"adjusted for {covariates}" if covariates else "not adjusted"
    robust = f", with {analysis.robust} standard errors" if analysis.robust else ""
    when = "every visit after the baseline" if analysis.visit == "all" else plan.label(analysis.visit)
    return f"{analysis.outcome} at {when}, {adjusted}{robust}."


SENTENCES: Mapping[str, Callable[[Plan, Analysis], str]] = {"ancova": _ancova}
ABOUT = {
    "ancova": (
        "Analysis of covariance: ordinary least squares of the outcome on arm and covariates, one model a "
        "visit, among the participants with outcome and covariates. Categorical covariates enter as classes. "
        "Adjusted means weigh the classes equally and set numeric covariates to their mean. Missing outcomes "
        "are not imputed: they are assumed missing at random given arm and covariates."
    )
}


def _covariate(plan: Plan, name: str) -> str:
    """A covariate's label; where an outcome has the same, it is that outcome at baseline."""
    told = plan.label(name)
    return f"{told} at baseline" if told in {each.label for each in plan.analyses} else told


def _at(plan: Plan, visit: str) -> str:
    """`At week 6`; a bare code keeps its capitals."""
    told = plan.label(visit)
    return f"At {told if told == visit else told[:1].lower() + told[1:]}"
