"""The step that says where the service call's time goes: one process, alone, under cProfile."""

from __future__ import annotations

import cProfile
import json
import pstats
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

import django

CALLS = 200
WAITING = "waiting for PostgreSQL"
PARTS = {  # by a part of the file's name; the first that fits
    "/psycopg": "psycopg: sending, reading rows",
    "/django/db/": "Django's ORM: building SQL, making objects",
    "/cryptography/": "encryption and signatures",
    "/hmac.py": "encryption and signatures",
    "/base64.py": "encryption and signatures",
    "/trial/vault.py": "encryption and signatures",
    "/trial/signing.py": "encryption and signatures",
    "/randomization/": "drawing, leaf, ledger's hashes",
    "/trial/": "the platform's own rules",
    "/instruments/": "the platform's own rules",
}
REST = "Python's libraries, the rest of Django"

Function = tuple[str, int, str]


def main(*, people: int) -> None:
    """Two halves: how long a call takes, and then, under the profiler, which share each part has of it."""
    django.setup()
    from django.db import connection

    from benchmarks.randomize.people import load
    from tests.cast import AT
    from trial.services import allocation

    calls = min(CALLS, people // 2)
    found = load(2 * calls)
    connection.ensure_connection()

    def act(index: int) -> None:
        person = found.ready[index]
        allocation.randomize(participant=person, by=found.by[person.site_id], at=AT, key=f"key-{person.code}")

    began, worked = time.monotonic(), time.process_time()
    for index in range(calls):
        act(index)
    seconds, processor = time.monotonic() - began, time.process_time() - worked
    with cProfile.Profile() as profile:
        for index in range(calls, 2 * calls):
            act(index)
    told = {"milliseconds": 1000 * seconds / calls, "processor": 1000 * processor / calls}
    print(json.dumps({**told, "shares": shares(pstats.Stats(profile).stats)}))  # type: ignore[attr-defined]


def shares(stats: Mapping[Function, Any]) -> dict[str, float]:
    """Each part's share of the time; what is written in C counts for whoever called it."""
    parts: Counter[str] = Counter()
    for function, (_, _, own, _, callers) in stats.items():
        if function[0] != "~" or not callers:
            parts[part_of(function)] += own
            continue
        for caller, (_, _, own_there, _) in callers.items():
            parts[part_of(caller)] += own_there
    whole = sum(parts.values())
    return {part: seconds / whole for part, seconds in parts.most_common()}


def part_of(function: Function) -> str:
    """The part of the work to which a function belongs."""
    file, _, name = function
    if "/psycopg/" in file and name == "wait":
        return WAITING
    return next((part for fragment, part in PARTS.items() if fragment in file), REST)
