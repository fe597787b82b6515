"""The step that calls the service, from many processes."""

from __future__ import annotations

import json

import django

from benchmarks.randomize.clients import Act, at_once


def main(*, people: int, clients: int) -> None:
    """Randomize so many people."""
    django.setup()
    from django.db import connection

    from benchmarks.randomize.people import load
    from tests.cast import AT
    from trial.services import allocation

    found = load(people)

    def act(index: int) -> object:
        person = found.ready[index]
        return allocation.randomize(
            participant=person, by=found.by[person.site_id], at=AT, key=f"key-{person.code}"
        )

    def begin() -> Act:
        connection.ensure_connection()
        return act

    print(json.dumps(at_once(clients, begin, people)))
