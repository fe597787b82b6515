"""Every address that there is, from the resolver, with something real in the place of each parameter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from django.urls import URLPattern, URLResolver, get_resolver

from tests.blinding.story import Story
from trial.models import Participant

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
# What a public identifier names, by the part of the address before it; else it is a participant.
OTHERS = {"snapshots": "snapshot", "results": "run"}
# What else stands in an address. A new parameter needs a line here, or the scan fails and names it.
FILES = {
    "snapshot-file": ("dataset.csv", "codebook.csv", "arms.csv"),
    "run-file": ("report.pdf", "results.csv", "figures/trajectory.svg", "arms.csv"),
}
VALUES: Mapping[str, Sequence[str]] = {
    "code": ("W1", "NONE"),
    "number": ("1", "99"),
    "token": ("no-such-token",),
}
LAST = ("leave", "sign-out")  # whoever asks for these is somebody else afterwards


def patterns(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route of the project, flattened."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, route)
        else:
            yield route, entry


def addresses(story: Story, people: Sequence[Participant]) -> list[str]:
    """Every route with these people in it; those last that end a session."""
    found = sorted(patterns(), key=lambda entry: entry[1].name in LAST)
    return [address for route, entry in found for address in filled(story, people, route, entry.name)]


def first_addresses(story: Story, person: Participant) -> list[str]:
    """Every route once."""
    found = sorted(patterns(), key=lambda entry: entry[1].name in LAST)
    return [filled(story, [person], route, entry.name)[0] for route, entry in found]


def filled(story: Story, people: Sequence[Participant], route: str, name: str | None) -> list[str]:
    """The route's addresses, one for each combination of what its parameters may be."""
    found = [f"/{route}"]
    for parameter in PARAMETER.finditer(route):
        before = route[: parameter.start()].rstrip("/").rpartition("/")[2]
        values = _values(story, people, parameter[1], before, name or "")
        found = [address.replace(parameter[0], value, 1) for address in found for value in values]
    return found


def _values(
    story: Story, people: Sequence[Participant], parameter: str, before: str, name: str
) -> Sequence[str]:
    if parameter == "study":
        return [story.study.code]
    if parameter == "public_id":
        things = [getattr(story, OTHERS[before])] if before in OTHERS else people
        return [str(thing.public_id) for thing in things]
    return FILES[name] if name in FILES else VALUES[parameter]
