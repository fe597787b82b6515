"""What a protocol's design will do, simulated before anyone is enrolled and written as JSON and PDF."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib import metadata
from math import prod
from pathlib import Path

import numpy as np

from analysis import publish
from randomization.config import Rule
from randomization.minimization import Minimization
from randomization.simulate import Balance, Population, Simulated, balance, refusals, simulate, warnings
from trial.design_report import Advice, Asked, DesignReport, Predictability, render
from trial.protocol import Fault, Protocol
from trial.protocol.faults import shown
from trial.protocol.model import SITE
from trial.protocol.rules import between, either, require
from trial.services.analysis import NOTICES
from trial.services.design import rule_of

SEED = 2021
TRIALS, MOST_TRIALS = 10_000, 1_000_000
MOST_CELLS = 20_000_000  # trials by participants, or by strata, by arms: what a small machine's memory holds
MOST_ARMS = 10  # beyond, the table of all sets of best arms is too large
POINTS = 60  # of the course, drawn as a line
LARGEST_SHARE = 1_000_000
LIBRARIES = ("numpy", "matplotlib", "reportlab")
FILES = {"design.json", "design.pdf"}


@dataclass(frozen=True, slots=True)
class Question:
    """What to simulate. `shares`: by factor, a whole number for each level; a factor left out is equal.

    `looks`: numbers of participants; half of those planned when left out.
    """

    trials: int = TRIALS
    seed: int = SEED
    looks: tuple[int, ...] = ()
    shares: Mapping[str, Sequence[int]] = field(default_factory=dict)
    recruiters_see_arms: bool = False


def foresee(protocol: Protocol, question: Question, stage: Callable[[str], object]) -> DesignReport:
    """The design's report; `stage` is told what begins. `Fault` names what cannot be asked: `check`.

    A design that recruiters who see past arms could foresee is a `Fault` of the protocol.
    """
    check(protocol, question)
    population = _population(protocol, question.shares)
    rule, participants = rule_of(protocol), protocol.study.planned
    looks = question.looks or ((participants // 2,) if participants > 1 else ())
    stage("simulating")
    simulated = simulate(rule, population, participants, question.trials, _generator(question))
    if question.recruiters_see_arms and (reasons := refusals(simulated, True)):
        raise Fault("randomization.design", reasons[0])
    own_site = _own_site(rule, population, participants, question)
    stage("measuring")
    found = balance(simulated, sorted({*looks, *_points(rule, participants)}))
    return _report(protocol, question, simulated, found, looks, own_site)


def _report(
    protocol: Protocol,
    question: Question,
    simulated: Simulated,
    found: Balance,
    looks: Sequence[int],
    own_site: float | None,
) -> DesignReport:
    rule, stratified = simulated.rule, bool(protocol.factor_levels)
    return DesignReport(
        study=protocol.study.code,
        title=protocol.study.title,
        kind=protocol.study.kind,
        protocol_sha256=protocol.sha256,
        design=protocol.randomization.design,
        parameters=protocol.randomization.parameters,
        arms=dict(zip(rule.arms, rule.ratio, strict=True)),
        factors=protocol.factor_levels,
        asked=_asked(protocol, question, simulated.population),
        predictability=_predictability(simulated, own_site),
        overall=found.overall,
        highest=found.highest,
        looks={look: found.looks[look] for look in sorted(looks)},
        levels={name: found.levels[name] for name in _levels(protocol)},
        strata=found.strata if stratified else {},
        course={point: found.looks[point] for point in _points(rule, protocol.study.planned)},
        advice=_advice(simulated, question.recruiters_see_arms),
        if_arms_were_seen=_advice(simulated, True),
        software={
            "Python": platform.python_version(),
            **{part: metadata.version(part) for part in LIBRARIES},
        },
    )


def _asked(protocol: Protocol, question: Question, population: Population) -> Asked:
    shares = zip(population.strata, population.shares, strict=True)
    return Asked(
        participants=protocol.study.planned,
        trials=question.trials,
        seed=question.seed,
        shares={"/".join(stratum.values()): share for stratum, share in shares if stratum},
        recruiters_see_arms=question.recruiters_see_arms,
    )


def _predictability(simulated: Simulated, own_site: float | None) -> Predictability:
    ratio = simulated.rule.ratio
    return Predictability(
        chance=max(ratio) / sum(ratio),
        convergence=simulated.convergence,
        bayes=simulated.bayes,
        certain=simulated.certain,
        own_site=own_site,
    )


def _advice(simulated: Simulated, seen: bool) -> Advice:
    return Advice(warnings(simulated, seen, SITE), refusals(simulated, seen))


def _own_site(rule: Rule, population: Population, participants: int, question: Question) -> float | None:
    """The convergence guess from the own site's arms: the same trials again, seen by less."""
    if not isinstance(rule, Minimization) or SITE not in population.strata[0]:
        return None
    again = simulate(rule, population, participants, question.trials, _generator(question), own=SITE)
    return again.convergence


def _population(protocol: Protocol, shares: Mapping[str, Sequence[int]]) -> Population:
    """Every stratum with its share: the product of its levels' shares, as if factors were independent."""
    parts = {
        factor: dict(zip(codes, shares.get(factor, [1] * len(codes)), strict=True))
        for factor, codes in protocol.factor_levels.items()
    }
    strata = protocol.strata()
    each = [prod(parts[factor][level] for factor, level in stratum.items()) for stratum in strata]
    return Population(strata, tuple(part / sum(each) for part in each))


def _generator(question: Question) -> np.random.Generator:
    return np.random.default_rng(question.seed)


def _levels(protocol: Protocol) -> list[str]:
    """The levels as `balance` names them, in the protocol's order."""
    return [f"{factor}={code}" for factor, codes in protocol.factor_levels.items() for code in codes]


def _points(rule: Rule, participants: int) -> list[int]:
    """Where the course is measured: evenly, where the ratio can be kept, and at the end."""
    once = sum(rule.ratio)
    step = max(1, participants // (POINTS * once)) * once
    return sorted({*range(step, participants, step), participants})


# What can be asked ------------------------------------------------------------------------------------


def check(protocol: Protocol, question: Question) -> None:
    """`Fault` names what cannot be asked of this protocol; nothing is simulated yet."""
    participants, arms = protocol.study.planned, len(protocol.arms)
    between("trials", question.trials, 1, MOST_TRIALS)
    require(question.seed >= 0, "seed", "must be 0 or more")
    for look in question.looks:
        between("look", look, 1, participants)
    require(arms <= MOST_ARMS, "arms", f"only designs of {MOST_ARMS} arms or fewer are simulated")
    fits = MOST_CELLS // (max(participants, len(protocol.strata())) * arms)
    reason = f"{question.trials} trials of {participants} participants do not fit; use {fits} or fewer"
    require(question.trials <= fits, "trials", reason)
    _check_shares(protocol.factor_levels, question.shares)


def _check_shares(levels: Mapping[str, Sequence[str]], shares: Mapping[str, Sequence[int]]) -> None:
    for factor, parts in shares.items():
        require(factor in levels, "share", f"{shown(factor)} is not in stratify_by{_known(levels)}")
        wanted = len(levels[factor])
        require(len(parts) == wanted, "share", f"{factor} needs {wanted} numbers, one for each level")
        fits = all(1 <= part <= LARGEST_SHARE for part in parts)
        require(fits, "share", f"the numbers of {factor} must lie between 1 and {LARGEST_SHARE}")


def _known(levels: Mapping[str, object]) -> str:
    return f"; use {either(levels)}" if levels else ", which is empty"


# The folder -------------------------------------------------------------------------------------------


def check_folder(folder: Path) -> None:
    """`Fault` unless the folder is new, empty, or holds what an earlier report wrote."""
    if folder.exists():
        require(folder.is_dir(), "out", "is a file; name a folder to write to")
        others = {path.name for path in folder.iterdir()} - FILES
        require(not others, "out", "holds other files; name a new or empty folder")


def write(folder: Path, report: DesignReport) -> None:
    """Write `design.json` and `design.pdf`: the folder appears whole or not at all."""
    data = json.dumps(asdict(report), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    paper = render(report, NOTICES.get(report.kind))
    publish.write(folder, {"design.json": data.encode(), "design.pdf": paper})
