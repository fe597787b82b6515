"""The statements of one randomization as Django sent them, with variables for what differs between people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from django.db import connection
from psycopg import sql

from benchmarks.randomize.pgbench import PEOPLE
from randomization.encoding import canon
from tests.cast import AT
from trial.models import AuditEvent, Membership, Participant
from trial.models.allocation import Allocation, StratumPointer
from trial.selectors import participant as participants
from trial.services import allocation

BUSY = 10  # smaller numbers are keys of rows that every randomization uses
LOCKED = {"trial_ledgerhead": "head_", "trial_stratumpointer": "pointer_"}  # rows whose values are used later


def recorded(people: Sequence[Participant], by: Mapping[int, Membership]) -> list[str]:
    """Randomize them all; the statements for the last one, from BEGIN to COMMIT."""
    *others, last = people
    for person in others:
        _randomize(person, by)
    sent: list[tuple[str, Sequence[object]]] = []
    with _listening(sent):
        _randomize(last, by)
    variables = _variables(last)
    return ["BEGIN", *(_written(statement, values, variables) for statement, values in sent), "COMMIT"]


def list_people(people: Sequence[Participant]) -> None:
    """The table from which pgbench takes the values of the n-th person."""
    rows: list[list[int | str]] = [[n, *_values(person).values()] for n, person in enumerate(people)]
    columns = ", ".join(f"{name} text" for name in _values(people[0]))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {PEOPLE} (n integer PRIMARY KEY, {columns})")
        marks = ", ".join(["%s"] * len(rows[0]))
        cursor.executemany(f"INSERT INTO {PEOPLE} VALUES ({marks})", rows)


def _randomize(person: Participant, by: Mapping[int, Membership]) -> None:
    allocation.randomize(participant=person, by=by[person.site_id], at=AT, key=_key(person))


def _key(person: Participant) -> str:
    return f"key-{person.code}"


def _values(person: Participant) -> dict[str, str]:
    """What differs between people and stands in a statement, by the name of its variable."""
    stratum = participants.stratum(person)
    assert stratum is not None  # they are ready
    questionnaires = person.assessments.order_by("pk").values_list("pk", flat=True)
    return {
        "participant": str(person.pk),
        "code": person.code,
        "person": person.person,
        "stratum": canon(dict(stratum)).decode(),
        "key": _key(person),
        **{f"questionnaire_{number}": str(pk) for number, pk in enumerate(questionnaires)},
    }


def _variables(person: Participant) -> dict[object, str]:
    """By a value of the recorded randomization, what is written in its place."""
    given = Allocation.objects.get(participant=person)
    event = AuditEvent.objects.get(object=person.code, action=AuditEvent.Action.RANDOMIZED)
    pointer = StratumPointer.objects.get(study=given.study_id, stratum=given.stratum)
    assert given.slot != event.seq
    assert min(given.slot, event.seq) > BUSY
    texts: dict[object, str] = {}
    for name, value in _values(person).items():
        texts[int(value) if value.isdigit() else value] = f":{name}" if value.isdigit() else f"':{name}'"
    return {
        **texts,
        event.seq: ":head_seq + 1",
        event.prev: "':head_h'",
        given.slot: ":pointer_used + 1",
        pointer.pk: ":pointer_id",
    }


def _written(statement: str, values: Sequence[object], variables: Mapping[object, str]) -> str:
    literals = [_literal(value, variables) for value in values]
    text = statement % tuple(literals) if values else statement
    locked = [prefix for table, prefix in LOCKED.items() if f'FROM "{table}"' in text]
    return f"{text} \\gset {locked[0]}" if locked and text.endswith("FOR UPDATE") else text


def _literal(value: object, variables: Mapping[object, str]) -> str:
    if isinstance(value, int | str) and value in variables:
        return variables[value]
    return sql.Literal(value).as_string(connection.connection)


def _listening(sent: list[tuple[str, Sequence[object]]]) -> AbstractContextManager[None]:
    def listen(
        execute: Callable[..., Any], statement: str, values: Any, many: bool, context: Mapping[str, Any]
    ) -> Any:  # as Django calls it
        sent.append((statement, tuple(values or ())))
        return execute(statement, values, many, context)

    return connection.execute_wrapper(listen)
