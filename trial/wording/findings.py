"""Findings as they come from a file, checked together: one region, none twice. Every fault is one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from trial.wording import catalogue
from trial.wording.catalogue import LONGEST, REGIONS, Finding, kinds

MOST_FINDINGS = 40
PARTS = tuple(field.name for field in fields(Finding))


class FindingsError(ValueError):
    """A file that cannot be used; `faults` has one line for each thing that is wrong."""

    def __init__(self, *faults: str) -> None:
        self.faults = tuple("".join(sign if sign.isprintable() else "?" for sign in each) for each in faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings of one MRI, in the order of the report, and the region that was examined."""

    region: str
    findings: tuple[Finding, ...]


def build(rows: Sequence[tuple[str, Mapping[str, str]]], region: str = "") -> Findings:
    """Findings from their parts, each row behind the words that say where it stands in the file."""
    said = list(_faults(rows, region))
    if said:
        raise FindingsError(*said)
    found = tuple(Finding(**parts) for _, parts in rows)
    return Findings(region or (kinds()[found[0].kind].region if found else REGIONS[0]), found)


def _faults(rows: Sequence[tuple[str, Mapping[str, str]]], region: str) -> Iterator[str]:
    if region and region not in REGIONS:
        yield f"region: {region[:LONGEST]!r} is not one of {', '.join(REGIONS)}"
        return
    if len(rows) > MOST_FINDINGS:
        yield f"findings: must be at most {MOST_FINDINGS}"
        return
    seen: dict[tuple[str, ...], str] = {}
    for place, parts in rows:
        values = tuple(parts.get(part, "") for part in PARTS)
        wrong = catalogue.faults(*values)
        yield from (f"{place}.{fault}" for fault in wrong)
        if wrong:
            continue
        region = region or kinds()[values[0]].region
        if kinds()[values[0]].region != region:
            yield f"{place}.kind: {values[0]!r} is not a finding of the region {region}"
        if values[:3] in seen:  # two grades of one thing in one place contradict each other
            yield f"{place}: is the same finding as {seen[values[:3]]}"
        seen[values[:3]] = place
