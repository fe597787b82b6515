"""From the tables of a TOML file to a checked plan."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from analysis.faults import Fault, PlanError, join
from analysis.plan.model import ATTRIBUTES, Analysis, DataColumns, Estimand, Intercurrent, Plan
from analysis.plan.table import Table, within

T = TypeVar("T")
LARGEST = 1_000_000  # bytes; a plan is a short text
PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def read(path: Path) -> Plan:
    """The plan of a file; `PlanError` names the first fault."""
    try:
        with path.open("rb") as file:
            return parse_bytes(file.read(LARGEST + 1), path.name)
    except OSError as error:
        raise PlanError(path.name, "file", f"cannot be read: {error.strerror}") from None


def parse_bytes(data: bytes, source: str) -> Plan:
    """The plan that a file's bytes hold; `PlanError` names the first fault."""
    try:
        tables = _toml(data)
    except Fault as fault:
        raise PlanError(source, fault.key, fault.reason) from None
    return parse(tables, source)


def parse(mapping: Mapping[str, object], source: str, at: str = "") -> Plan:
    """The plan that tables hold: title, alpha, data, analyses and estimands.

    `at` is the path of these tables in their file, for the messages; the estimands always stand at the
    file's top level. `PlanError` names the first fault.
    """
    try:
        return _plan(Table(mapping), at)
    except Fault as fault:
        raise PlanError(source, fault.key or "file", fault.reason) from None


def _toml(data: bytes) -> dict[str, object]:
    if len(data) > LARGEST:
        raise Fault("file", "is larger than 1 MB; a plan is a short text")
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Fault(f"line {line}", "is not UTF-8; save the file as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        place = PLACE.search(str(error))
        line = int(place[1]) if place and place[1] else data.count(b"\n") + 1
        raise Fault(f"line {line}", f"is not valid TOML: {PLACE.sub('', str(error))[:80]}") from None
    except (RecursionError, ValueError):  # tables nested by the thousand, a number of thousands of digits
        raise Fault("file", "is not a plan: nested too deep, or a number too long") from None


def _plan(table: Table, at: str) -> Plan:
    with within(at):
        title, alpha, data = table.text("title"), table.number("alpha"), _data(table.table("data"))
        analyses = _each(
            table, "analyses", _analysis, "an analysis names its estimand, outcome, visit and method"
        )
    estimands = _each(table, "estimands", _estimand, f"an estimand has five attributes: {ATTRIBUTES}")
    with within(at):
        table.close()
    try:
        return Plan(title=title, alpha=alpha, data=data, analyses=analyses, estimands=estimands)
    except Fault as fault:
        raise Fault(
            fault.key if fault.key.startswith("estimands") else join(at, fault.key), fault.reason
        ) from None


def _each(table: Table, key: str, make: Callable[[Table], T], hint: str) -> tuple[T, ...]:
    made = []
    for index, inner in enumerate(table.tables(key, hint)):
        with within(f"{key}[{index}]"):
            made.append(make(inner))
    return tuple(made)


def _data(table: Table) -> DataColumns:
    with within("data"):
        columns = DataColumns(
            participant=table.text("participant"),
            visit=table.text("visit"),
            visits=table.texts("visits"),
            arm=table.text("arm"),
            reference=table.text("reference"),
            arms=table.named_texts("arms"),
            baseline_visit=table.optional_text("baseline_visit"),
            site=table.optional_text("site"),
            baseline=table.texts("baseline"),
            categorical=table.texts("categorical"),
            labels=table.named_texts("labels"),
            days=table.named_numbers("days"),
        )
        table.close()
        return columns


def _analysis(table: Table) -> Analysis:
    keys = ("id", "role", "estimand", "outcome", "label", "direction", "visit", "method")
    texts = {key: table.text(key) for key in keys}
    covariates, robust = table.texts("covariates"), table.optional_text("robust")
    table.close()
    return Analysis(**texts, covariates=covariates, robust=robust)


def _estimand(table: Table) -> Estimand:
    texts = {key: table.text(key) for key in ("id", "treatment", "population", "variable", "summary")}
    events = _each(table, "intercurrent", _intercurrent, "an intercurrent event has a strategy")
    table.close()
    return Estimand(**texts, intercurrent=events)


def _intercurrent(table: Table) -> Intercurrent:
    event, strategy = table.text("event"), table.text("strategy")
    table.close()
    return Intercurrent(event=event, strategy=strategy)
