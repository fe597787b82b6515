"""Checking a protocol with what it only names: the design, the catalogue's questionnaires,
the plan's analyses."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from analysis import plan as plans
from analysis.plan import Plan, PlanError
from instruments import catalogue
from instruments.model import Instrument, ScoreRule
from trial.protocol import Factor, Fault, Protocol, ProtocolError, Visit, parse, read
from trial.protocol.faults import escaped, shown
from trial.protocol.rules import either, require
from trial.services import design

HOURS = 24
LONGEST_REASON = 200  # characters
BEFORE_RANDOMIZATION = ("SITEID", "AGE", "SEX")  # columns beside the baseline scores that a model may use


def check_file(path: Path) -> Protocol:
    """The protocol of a file; `ProtocolError` names its first fault in one line."""
    return check(read(path), str(path))


def check(data: bytes, source: str) -> Protocol:
    """The protocol that the bytes hold; `ProtocolError` names its first fault, `source:key: reason`."""
    protocol = parse(data, source)
    try:
        _check_design(protocol)
        _check_visits(protocol)
        _check_factors(protocol)
        plan = _plan(protocol)
        _check_data(protocol, plan)
        _check_columns(protocol, plan)
        _check_analyses(protocol, plan)
    except Fault as fault:
        raise ProtocolError(source, fault.key, fault.reason) from None
    return protocol


# The design ----------------------------------------------------------------------------------------


def _check_design(protocol: Protocol) -> None:
    """The randomization's own library judges the parameters; it names the one that is at fault."""
    try:
        design.rule_of(protocol)
    except ValueError as error:
        parameter, _, reason = str(error).partition(": ")
        raise Fault(f"randomization.{parameter}", reason) from None


# Questionnaires -------------------------------------------------------------------------------------


def _check_visits(protocol: Protocol) -> None:
    for number, visit in enumerate(protocol.visits):
        for place, code in enumerate(visit.instruments):
            key = f"visits[{number}].instruments[{place}]"
            _check_instrument(key, _instrument(key, code), visit, protocol.study.language)


def _instrument(key: str, code: str) -> Instrument:
    try:
        return catalogue.load(code)
    except catalogue.UnknownInstrument:
        known = dict.fromkeys(instrument.code for instrument in catalogue.all())
        raise Fault(key, f"{shown(code)} is not in the catalogue; use {either(known)}") from None


def _check_instrument(key: str, instrument: Instrument, visit: Visit, language: str) -> None:
    require(language in instrument.languages, key, f"{instrument.code} has no wording in {shown(language)}")
    hours = instrument.recall.hours
    if visit.is_baseline or hours is None:
        return
    reason = (
        f"{instrument.code} looks back {hours} hours, before the randomization when the visit opens on day "
        f"{visit.first_day}; open it later"
    )
    require(hours <= HOURS * visit.first_day, key, reason)


def _scores_at(protocol: Protocol, visit: str) -> dict[str, ScoreRule]:
    codes = protocol.instruments_at(visit)
    return {rule.code: rule for code in codes for rule in catalogue.load(code).scores}


def _check_factors(protocol: Protocol) -> None:
    for number, factor in enumerate(protocol.factors):
        key = f"factors[{number}]"
        rule = _scores_at(protocol, factor.visit).get(factor.score)
        if rule is None:
            raise Fault(f"{key}.score", _not_given(factor.score, factor.visit))
        _check_cuts(key, factor, rule)


def _check_cuts(key: str, factor: Factor, rule: ScoreRule) -> None:
    """A cut outside the score's range would leave a level without anybody."""
    for number, level in enumerate(factor.levels[:-1]):
        fits = level.below is not None and rule.minimum < level.below <= rule.maximum
        reason = f"must be above {rule.minimum:g} and at most {rule.maximum:g}, the range of {rule.code}"
        require(fits, f"{key}.levels[{number}].below", reason)


def _not_given(score: str, visit: str) -> str:
    return f"{shown(score)} is not a score of any questionnaire of visit {visit}"


# The analysis plan ----------------------------------------------------------------------------------


def _plan(protocol: Protocol) -> Plan:
    try:
        return plans.parse(protocol.plan_tables, "", at="plan")
    except PlanError as error:
        raise Fault(escaped(error.key), escaped(error.reason)[:LONGEST_REASON]) from None


def _check_data(protocol: Protocol, plan: Plan) -> None:
    """The plan speaks of the protocol's arms and visits, by the names of the platform's own dataset."""
    data, arms, visits = plan.data, protocol.arms, protocol.visits
    _same("participant", data.participant, "USUBJID", "as in the dataset")
    _same("visit", data.visit, "AVISIT", "as in the dataset")
    _same("arm", data.arm, "TRT01P", "as in the dataset")
    _same("site", data.site or "SITEID", "SITEID", "as in the dataset")
    _same("arms", ", ".join(data.arms), ", ".join(arm.code for arm in arms), "the arms in their order")
    _same("reference", data.reference, protocol.reference_arm.code, "the reference arm")
    _same("visits", ", ".join(data.visits), ", ".join(v.code for v in visits), "the visits in their order")
    _same("baseline_visit", data.baseline_visit, protocol.baseline.code, "the visit before the randomization")
    for code, day in data.days.items():
        _same(f"days.{code}", day, protocol.visit(code).day, "the day of the visit")


def _same(key: str, given: object, wanted: object, what: str) -> None:
    require(given == wanted, f"plan.data.{key}", f"must be {wanted}, {what}")


def _check_columns(protocol: Protocol, plan: Plan) -> None:
    known = _known_before(protocol)
    for key in ("baseline", "categorical"):
        _check_known(f"plan.data.{key}", getattr(plan.data, key), known)
    visits = [visit.code for visit in protocol.visits]
    labelled = known.union(visits, *(_scores_at(protocol, visit) for visit in visits))
    for name in plan.data.labels:
        reason = f"{shown(name)} is neither a column of the dataset nor a visit"
        require(name in labelled, "plan.data.labels", reason)


def _check_analyses(protocol: Protocol, plan: Plan) -> None:
    known = _known_before(protocol)
    for number, analysis in enumerate(plan.analyses):
        key = f"plan.analyses[{number}]"
        for visit in plan.visits_of(analysis):
            given = analysis.outcome in _scores_at(protocol, visit)
            require(given, f"{key}.outcome", _not_given(analysis.outcome, visit))
        _check_known(f"{key}.covariates", analysis.covariates, known)


def _check_known(key: str, columns: Sequence[str], known: Collection[str]) -> None:
    for number, column in enumerate(columns):
        reason = f"{shown(column)} is not known before the randomization"
        require(column in known, f"{key}[{number}]", reason)


def _known_before(protocol: Protocol) -> set[str]:
    scores = _scores_at(protocol, protocol.baseline.code)
    return {*BEFORE_RANDOMIZATION, *(f"{code}_BL" for code in scores)}
