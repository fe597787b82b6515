"""Findings from a FHIR R4 DiagnosticReport and its Observations, in one JSON file.

A Bundle holds the report and the observations, or the report contains them; `result` tells which belong to
it and in which order. An observation is a finding by a coding of our own system. Level, side, grade and
significance are components of it; side and grade may also be the codes of SNOMED CT for laterality and
severity, and the level may be the body site.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trial.wording.catalogue import LONGEST
from trial.wording.findings import PARTS, Findings, FindingsError, build

SYSTEM = "urn:report-wording-trials:findings"
SNOMED = "http://snomed.info/sct"
IN_SNOMED = {
    "7771000": "left",
    "24028007": "right",
    "51440002": "both",
    "255604002": "mild",
    "6736007": "moderate",
    "24484000": "severe",
}
READABLE = ("final", "amended", "corrected", "appended")  # preliminary ones change, cancelled ones never were

Resource = Mapping[str, Any]


def read(document: Resource) -> Findings:
    """The findings of the file's one diagnostic report."""
    resources = _resources(document)
    reports = [each for each in resources.values() if each.get("resourceType") == "DiagnosticReport"]
    if len(reports) != 1:
        raise FindingsError(f"DiagnosticReport: there must be one, not {len(reports)}")
    rows, wrong = [], list(_status("DiagnosticReport", reports[0]))
    for place, observation in _observations(reports[0], resources):
        if observation is None or observation.get("resourceType") != "Observation":
            wrong.append(f"{place}: there is no such Observation in the file")
            continue
        wrong.extend(_status(place, observation))
        rows.append((place, _parts(observation)))
    try:
        found = build(rows)
    except FindingsError as error:
        raise FindingsError(*wrong, *error.faults) from None
    if wrong:
        raise FindingsError(*wrong)
    return found


def _resources(document: Resource) -> dict[str, Resource]:
    """Every resource of the file by what a reference may call it."""
    found: dict[str, Resource] = {}
    entries = _list(document, "entry") if document["resourceType"] == "Bundle" else [{"resource": document}]
    for number, entry in enumerate(entries):
        resource = _mapping(entry.get("resource"))
        name = f"{resource.get('resourceType')}/{resource.get('id', f'#{number}')}"
        found[name] = resource
        if isinstance(entry.get("fullUrl"), str) and resource.get("resourceType") == "Observation":
            found[entry["fullUrl"]] = resource
        for inner in _list(resource, "contained"):
            found[f"#{inner.get('id')}"] = inner
    return found


def _observations(
    report: Resource, resources: Mapping[str, Resource]
) -> Iterator[tuple[str, Resource | None]]:
    """What the report's `result` refers to, each behind its reference."""
    for number, reference in enumerate(_list(report, "result"), 1):
        name = reference.get("reference")
        yield (
            str(name)[:LONGEST] if isinstance(name, str) else f"result[{number}]",
            resources.get(name) if isinstance(name, str) else None,
        )


def _status(place: str, resource: Resource) -> Iterator[str]:
    status = resource.get("status")
    if status not in READABLE:
        yield f"{place}.status: {str(status)[:LONGEST]!r} is not one of {', '.join(READABLE)}"


def _parts(observation: Resource) -> dict[str, str]:
    """The parts of a finding; one that is not there is left out, and `build` judges the rest."""
    site = _mapping(observation.get("bodySite"))
    coded = {"kind": _kind(observation), "level": _ours(site) or _text(site), "side": _snomed(site)}
    for component in _list(observation, "component"):
        part = _ours(_mapping(component.get("code")))
        if part in PARTS[1:]:
            coded[part] = _value(component)
    return {part: value for part, value in coded.items() if value}


def _kind(observation: Resource) -> str:
    """Our code of what was found; a text alone is repeated, so that the fault names it."""
    for key in ("valueCodeableConcept", "code"):
        concept = _mapping(observation.get(key))
        if _ours(concept):
            return _ours(concept)
    return _text(_mapping(observation.get("code")))


def _value(component: Resource) -> str:
    concept = _mapping(component.get("valueCodeableConcept"))
    for key in ("valueString", "valueInteger"):
        if isinstance(component.get(key), str | int):
            return str(component[key])
    return _ours(concept) or _snomed(concept) or _text(concept)


def _ours(concept: Resource) -> str:
    return next(_codes(concept, SYSTEM), "")


def _snomed(concept: Resource) -> str:
    return next((IN_SNOMED[code] for code in _codes(concept, SNOMED) if code in IN_SNOMED), "")


def _codes(concept: Resource, system: str) -> Iterator[str]:
    for coding in _list(concept, "coding"):
        if coding.get("system") == system and isinstance(coding.get("code"), str):
            yield coding["code"]


def _text(concept: Resource) -> str:
    text = concept.get("text", "")
    return text if isinstance(text, str) else ""


def _mapping(value: Any) -> Resource:  # JSON may hold anything
    return value if isinstance(value, dict) else {}


def _list(resource: Resource, key: str) -> Sequence[Resource]:
    value = resource.get(key)
    return [_mapping(each) for each in value] if isinstance(value, list) else []
