"""The sentences of a design report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from analysis.formats import number
from trial.design_report.model import DesignReport

Parameters = Mapping[str, Any]  # Any: a design's parameters are numbers, words, lists and tables

DESIGNS: Mapping[str, Callable[[Parameters], str]] = {
    "permuted-blocks": lambda p: f"permuted blocks of {_either(p['block_sizes'])}",
    "simple": lambda p: "simple randomization",
    "biased-coin": lambda p: f"a biased coin with p = {_fraction(p['p'])}",
    "big-stick": lambda p: f"a big stick of {p['limit']}",
    "wei-urn": lambda p: f"Wei's urn of {p['start']} and {p['added']}",
    "block-urn": lambda p: f"a block urn of {p['sets']} {'set' if p['sets'] == 1 else 'sets'}",
    "maximal": lambda p: f"the maximal procedure, runs of {p['length']} within {p['limit']}",
    "minimization": lambda p: _minimization(p),
}


def design(report: DesignReport) -> str:
    """The design with its parameters: `permuted blocks of 4 or 6`."""
    return DESIGNS[report.design](report.parameters)


def ratio(report: DesignReport) -> str:
    """`factual 1 : reassuring 1`."""
    return " : ".join(f"{arm} {part}" for arm, part in report.arms.items())


def factors(report: DesignReport) -> str:
    """What people are stratified by, or that they are not."""
    told = "; ".join(f"{factor} ({', '.join(levels)})" for factor, levels in report.factors.items())
    return told or "none: all participants are one stratum"


def balance(report: DesignReport) -> str:
    """How far the arms come apart, in two sentences."""
    return (
        f"At the end of {report.asked.participants} participants the arms are {apart(report.overall.mean)} "
        f"apart on average, in 95 of 100 trials {apart(report.overall.most_95)} at most, and "
        f"{apart(report.overall.worst)} at worst. The greatest distance at any time of a trial is expected "
        f"to be {apart(report.highest.mean)}."
    )


def guessing(report: DesignReport) -> str:
    """What a recruiter who saw all earlier arms could make of them."""
    found = report.predictability
    own = f" ({percent(found.own_site)} from their own site's arms)" if found.own_site is not None else ""
    return (
        f"Who saw all earlier arms would guess {percent(found.convergence)} of the next right by naming the "
        f"{due(report)}{own}, {percent(found.bayes)} by knowing the design too, and would know "
        f"{percent(found.certain)} with certainty. Who sees none guesses {percent(found.chance)}."
    )


def due(report: DesignReport) -> str:
    """The arm that the convergence strategy guesses."""
    return "arm that minimization prefers" if report.design == "minimization" else "arm that is behind"


def seen(report: DesignReport) -> str:
    """Which of the two this trial is."""
    if report.asked.recruiters_see_arms:
        return "Those who recruit see past arms, so they can guess as well as this."
    return (
        "Those who recruit see no arm in this trial, before or after: the guesses are what their blinding "
        "protects from."
    )


def method(report: DesignReport) -> str:
    """How the numbers were made, and what they are."""
    asked = report.asked
    scale = " per part of the ratio" if len(set(report.arms.values())) > 1 else ""
    return (
        f"{asked.trials:,} trials of {asked.participants} participants, who come in random order, were drawn "
        f"by the design's own law with the seed {asked.seed}. The distance of the arms is the largest less "
        f"the smallest number of participants of an arm{scale}. Guesses are counted as the chance to be "
        "right, given all arms before."
    )


def summary(report: DesignReport) -> str:
    """The main figures on one line."""
    asked, found = report.asked, report.predictability
    return (
        f"{report.study}: {design(report)}; {asked.trials} trials of {asked.participants} participants, "
        f"seed {asked.seed}: arms {apart(report.overall.mean)} apart at the end, "
        f"95 % {apart(report.overall.most_95)} at most; guessed right {percent(found.convergence)}, "
        f"Bayes {percent(found.bayes)}, chance {percent(found.chance)}; known beforehand "
        f"{percent(found.certain)}; warnings: {len(report.advice.warnings)}"
    )


def apart(distance: float) -> str:
    """A distance: whole where it is whole."""
    return number(distance, 0 if distance == int(distance) else 1)


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _minimization(p: Parameters) -> str:
    weights = ", ".join(f"{factor} {weight}" for factor, weight in p["weights"].items())
    within = f", within {' and '.join(p['within'])}" if p.get("within") else ""
    return f"minimization of the {p['measure']} with p = {_fraction(p['p'])}, weights {weights}{within}"


def _fraction(p: tuple[int, int]) -> str:
    return f"{p[0]}/{p[1]}"


def _either(sizes: tuple[int, ...]) -> str:
    return " or ".join([", ".join(map(str, sizes[:-1])), str(sizes[-1])] if sizes[1:] else [str(sizes[0])])
