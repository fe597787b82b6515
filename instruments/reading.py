"""From a catalogue file to an instrument; every fault is one line, `file:key: reason`."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping

from instruments.model import (
    Choice,
    Fault,
    Instrument,
    Item,
    Licence,
    LicenceState,
    Method,
    Mic,
    MissingRule,
    Recall,
    Scale,
    ScaleKind,
    ScoreRule,
    Wording,
)
from instruments.toml import Table, within


class CatalogueError(ValueError):
    """A catalogue file that cannot be used, as one line."""


def read(name: str, data: bytes) -> Instrument:
    """The instrument that a file holds. The file must be named CODE-VERSION.toml."""
    try:
        instrument = _instrument(Table(tomllib.loads(data.decode())), hashlib.sha256(data).hexdigest())
        _check_name(name, instrument)
        return instrument
    except Fault as fault:
        raise CatalogueError(f"{name}:{_one_line(fault)}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{name}:toml: {_one_line(error)}") from None


def _one_line(error: ValueError) -> str:
    """The message on one line of moderate length, whatever the file put into it."""
    return "".join(sign if sign.isprintable() else "?" for sign in str(error))[:200]


def _check_name(name: str, instrument: Instrument) -> None:
    wanted = f"{instrument.code}-{instrument.version}.toml"
    if name != wanted:
        raise Fault("version", f"the file must be named {wanted}")


def _instrument(table: Table, sha256: str) -> Instrument:
    if table.integer("format") != 1:
        raise Fault("format", "must be 1")
    scales = _scales(table.named_tables("scales"))
    instrument = Instrument(
        code=table.text("code"),
        version=table.text("version"),
        scoring_version=table.text("scoring_version"),
        title=table.text("title"),
        wording=_wording(table),
        instructions=table.text("instructions"),
        recall=_recall(table.table("recall")),
        licence=_licence(table.table("licence")),
        minimum_age=table.integer("minimum_age"),
        minutes=table.integer("minutes"),
        languages=table.texts("languages"),
        items=_items(table.tables("items"), scales),
        scores=_scores(table.tables("scores")),
        sha256=sha256,
    )
    table.close()
    return instrument


def _wording(table: Table) -> Wording:
    wording = table.one_of("wording", Wording)
    if wording is not Wording.DEMONSTRATION:
        raise Fault("wording", "must be demonstration: the catalogue never holds an owner's texts")
    return wording


def _recall(table: Table) -> Recall:
    """`hours` or `days`; neither when the questionnaire states no time."""
    with within("recall"):
        text = table.text("text")
        hours = table.integer("hours") if "hours" in table else None
        if "days" in table:
            if hours is not None:
                raise Fault("days", "give either hours or days")
            hours = 24 * table.integer("days")
        table.close()
        return Recall(text, hours)


def _licence(table: Table) -> Licence:
    with within("licence"):
        licence = Licence(table.one_of("state", LicenceState), table.text("holder"), table.text("note"))
        table.close()
        return licence


def _scales(tables: Mapping[str, Table]) -> dict[str, Scale]:
    scales = {}
    for name, table in tables.items():
        with within(f"scales.{name[:20]}"):
            kind = table.one_of("kind", ScaleKind)
            choices = _choices(table) if kind is ScaleKind.CHOICES else _numbers(table)
            scales[name] = Scale(kind, choices)
            table.close()
    return scales


def _choices(table: Table) -> tuple[Choice, ...]:
    choices = []
    for number, inner in enumerate(table.tables("choices"), start=1):
        with within(f"choices.{number}"):
            choices.append(Choice(inner.integer("value"), inner.text("label")))
            inner.close()
    return tuple(choices)


def _numbers(table: Table) -> tuple[Choice, ...]:
    low, high = table.integer("minimum"), table.integer("maximum")
    if not -1000 <= low < high <= 1000:
        raise Fault("maximum", "must be above the minimum, both between -1000 and 1000")
    labels = {low: table.text("low"), high: table.text("high")}
    return tuple(Choice(value, labels.get(value, "")) for value in range(low, high + 1))


def _items(tables: list[Table], scales: Mapping[str, Scale]) -> tuple[Item, ...]:
    items = []
    for number, table in enumerate(tables, start=1):
        with within(f"items.{number}"):
            code, text, scale = table.text("code"), table.text("text"), table.text("scale")
            if scale not in scales:
                raise Fault("scale", f'there is no scale "{scale[:20]}"')
            items.append(Item(code, text, scales[scale]))
            table.close()
    return tuple(items)


def _scores(tables: list[Table]) -> tuple[ScoreRule, ...]:
    rules = []
    for number, table in enumerate(tables, start=1):
        with within(f"scores.{number}"):
            rules.append(_rule(table))
            table.close()
    return tuple(rules)


def _rule(table: Table) -> ScoreRule:
    return ScoreRule(
        code=table.text("code"),
        label=table.text("label"),
        items=table.texts("items"),
        method=table.one_of("method", Method),
        minimum=table.number("minimum"),
        maximum=table.number("maximum"),
        higher_is_worse=table.flag("higher_is_worse"),
        missing=_missing(table.table("missing")),
        mics=tuple(_mic(number, inner) for number, inner in enumerate(table.tables("mic"), start=1)),
    )


def _missing(table: Table) -> MissingRule:
    with within("missing"):
        rule = MissingRule(table.integer("most"), table.flag("prorate"), table.text("note"))
        table.close()
        return rule


def _mic(number: int, table: Table) -> Mic:
    with within(f"mic.{number}"):
        points = table.number("points") if "points" in table else None
        percent = table.number("percent") if "percent" in table else None
        mic = Mic(points, percent, table.text("source"))
        table.close()
        return mic
