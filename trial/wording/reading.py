"""From a file to findings: our JSON, a CSV table, or a FHIR R4 report. Every fault is one line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from trial.wording import fhir
from trial.wording.catalogue import LONGEST
from trial.wording.findings import PARTS, Findings, FindingsError, build

MOST_BYTES = 1_000_000
JSON_KEYS = ("region", "findings")


def read(name: str, data: bytes) -> Findings:
    """The findings in a file, told apart by its name and content; FindingsError if anything is wrong."""
    if len(data) > MOST_BYTES:
        raise FindingsError(f"file: must have at most {MOST_BYTES} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FindingsError("file: must be UTF-8") from None
    if name.lower().endswith(".csv"):
        return _read_csv(text)
    document = _json(text)
    return fhir.read(document) if "resourceType" in document else _read_json(document)


def _json(text: str) -> Mapping[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise FindingsError("file: is not JSON") from None
    if not isinstance(document, dict):
        raise FindingsError("file: must hold one JSON object")
    return document


def _read_json(document: Mapping[str, Any]) -> Findings:
    """`{"region": …, "findings": [{"kind": …, "level": …, "side": …, "grade": …, "significance": …}]}`."""
    unknown = [f"{key[:LONGEST]}: this key is not known here" for key in document if key not in JSON_KEYS]
    region, given = document.get("region", ""), document.get("findings")
    if not isinstance(region, str):
        unknown.append("region: must be text")
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        unknown.append("findings: must be a list of objects")
    if unknown:
        raise FindingsError(*unknown)
    return build(
        [(f"findings[{n}]", _texts(f"findings[{n}]", each)) for n, each in enumerate(given or (), 1)], region
    )


def _texts(place: str, parts: Mapping[str, Any]) -> dict[str, str]:
    """The parts of a finding as texts; a grade may be given as a number."""
    wrong = [f"{place}.{key[:LONGEST]}: this key is not known here" for key in parts if key not in PARTS]
    for key, value in parts.items():
        if not isinstance(value, str) and not (key == "grade" and type(value) is int):
            wrong.append(f"{place}.{key[:LONGEST]}: must be text")
    if wrong:
        raise FindingsError(*wrong)
    return {key: str(value) for key, value in parts.items()}


def _read_csv(text: str) -> Findings:
    """A header of `kind,level,side,grade,significance`, of which the last three may be missing."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise FindingsError(f"file: is not CSV: {error}") from None
    header = [name.strip() for name in rows[0]] if rows else []
    unknown = [
        f"header: {name[:LONGEST]!r} is not one of {', '.join(PARTS)}" for name in header if name not in PARTS
    ]
    missing = [f"header: {name} is missing" for name in PARTS[:2] if name not in header]
    twice = [f"header: {name} stands twice" for name in PARTS if header.count(name) > 1]
    if unknown or missing or twice:
        raise FindingsError(*unknown, *missing, *twice)
    lines = [(f"line {number}", row) for number, row in enumerate(rows[1:], 2) if any(map(str.strip, row))]
    wrong = [
        f"{place}: has {len(row)} columns, not {len(header)}"
        for place, row in lines
        if len(row) != len(header)
    ]
    if wrong:
        raise FindingsError(*wrong)
    return build(
        [
            (place, {name: value.strip() for name, value in zip(header, row, strict=True)})
            for place, row in lines
        ]
    )
