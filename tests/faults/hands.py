"""The campaigns of whoever has the database in their hands: forcing, tampering, restoring (F13, F15, F16)."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

Found = Mapping[str, Any]  # whatever JSON can hold

ANYBODY = ("UPDATE {t} SET id = id", "DELETE FROM {t}")
ON_SQLITE = (
    "INSERT OR REPLACE INTO {t} SELECT * FROM {t}",
    "REPLACE INTO {t} SELECT * FROM {t}",
    "UPDATE OR REPLACE {t} SET id = id",
    "INSERT INTO {t} SELECT * FROM {t} WHERE true ON CONFLICT DO UPDATE SET id = id",
)
ON_POSTGRESQL = (
    "TRUNCATE {t} CASCADE",
    "INSERT INTO {t} SELECT * FROM {t} ON CONFLICT (id) DO UPDATE SET id = excluded.id",
)
ROUND_THE_TRIGGER = (
    "DROP TRIGGER {t}_append_only ON {t}",
    "ALTER TABLE {t} DISABLE TRIGGER ALL",
    "DROP TABLE {t} CASCADE",
    "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION trial_append_only() RETURNS trigger LANGUAGE plpgsql "
    "AS 'BEGIN RETURN NULL; END'",
)


def forcing() -> Found:
    """Every statement that could change or delete a row of an append-only table (F16)."""
    from django.db import connection

    from tests import cast
    from trial import append_only

    study = _witnessed()
    _fill_the_rest(study)
    statements = [*ANYBODY, *(ON_SQLITE if connection.vendor == "sqlite" else ON_POSTGRESQL)]
    through = _through(statements, append_only.TABLES)
    if connection.vendor == "postgresql":
        with _web_server():
            cast.randomized(cast.who(study, "ann"))  # the role may do all that it must
            through += _through([*statements, *ROUND_THE_TRIGGER], append_only.TABLES)
    return {"went through": through}


def _fill_the_rest(study: Any) -> None:
    """A row in each append-only table that has none yet: SQLite's triggers know rows only."""
    from tests import cast
    from trial.services import emergency, snapshot

    person = study.participants.exclude(randomized_at=None).order_by("pk").first()
    asked = {"clinician": "Dr Green", "email": "g@example.org", "reason": "x", "at": cast.AT}
    snapshot.take(name="One", by=cast.who(study, "cal"), at=cast.AT)
    emergency.unblind_one(participant=person, by=cast.who(study, "finn"), **asked)
    cast.flagged(person, cast.who(study, "ann"))


@contextmanager
def _web_server() -> Iterator[None]:
    """Give up the owner's rights for those of `manage.py grants`."""
    from django.core.management import call_command
    from django.db import connection

    role, granted = f"{connection.settings_dict['NAME']}_web", StringIO()
    call_command("grants", role, stdout=granted)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {role}")
        cursor.execute(granted.getvalue())
        cursor.execute(f"SET ROLE {role}")
        try:
            yield
        finally:
            cursor.execute(f"RESET ROLE; DROP OWNED BY {role}; DROP ROLE {role}")


def _through(statements: list[str], tables: tuple[str, ...]) -> list[str]:
    from django.db import DatabaseError, connection, transaction

    accepted = []
    for statement in (each.format(t=table) for table in tables for each in statements):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
                transaction.set_rollback(True)
            accepted.append(statement)
        except DatabaseError:
            continue
    return accepted


def tampering() -> Found:
    """The database's owner changes the record in every way of integrity.md 5.6 and some more (F15, F23)."""
    from django.db import transaction

    from tests.services.test_verification import TAMPERED
    from trial import append_only
    from trial.models import AuditEvent, LedgerHead, Study
    from trial.services import verification

    study = _witnessed()
    named = {}
    for tamper in TAMPERED:
        with transaction.atomic():
            append_only.lift(transaction.get_connection())
            tamper(study)
            named[tamper.__name__] = verification.first_fault(Study.objects.get())
            transaction.set_rollback(True)
        study = Study.objects.get()
    return {
        "before": verification.first_fault(study),
        "named": named,
        "numbers": {
            "witnessed": LedgerHead.objects.get().witnessed,
            "sealed": AuditEvent.objects.get(action="SEALED").seq,
            "last": AuditEvent.objects.filter(action="RANDOMIZED").last().seq,
        },
    }


def restored() -> Found:
    """Somebody restores a backup, to have the last allocations drawn again (F13)."""
    from tests import cast
    from trial.models import AuditEvent, Study
    from trial.models.allocation import Allocation
    from trial.refusals import BehindCheckpoint
    from trial.services import allocation, verification

    study = _witnessed(later=lambda: _database().back_up())
    lost = list(Allocation.objects.values_list("participant__code", "leaf"))
    _database().restore()
    study, refused = Study.objects.get(), 0
    again = list(study.participants.filter(randomized_at=None, eligible=True).order_by("pk"))
    for person in again:
        by = study.memberships.get(role="coordinator", site=person.site)
        try:
            allocation.randomize(participant=person, by=by, at=cast.AT)
        except BehindCheckpoint:
            refused += 1
    there = list(Allocation.objects.values_list("participant__code", "leaf"))
    return {
        "lost": len(set(lost) - set(there)),
        "asked": len(again),
        "refused": refused,
        "recorded": AuditEvent.objects.filter(action="REFUSED", body__refusal="BehindCheckpoint").count(),
        "named": verification.first_fault(study),
    }


def _witnessed(later: Callable[[], None] = lambda: None) -> Any:
    """Six randomized people, a witnessed head, an entry after it; `later` happens after the third person."""
    from django.db import transaction

    from tests import cast
    from trial.services import allocation, checkpoint, ledger

    study, _ = cast.sealed_study()
    ann, bob = cast.who(study, "ann"), cast.who(study, "bob")
    people = [cast.certified(by) for by in (ann, ann, bob, ann, bob, ann)]
    for number, person in enumerate(people):
        if number == 3:
            later()
        by = ann if person.site_id == ann.site_id else bob
        allocation.randomize(participant=person, by=by, at=cast.AT, key=f"key-{person.code}")
    cast.screened(ann)
    with transaction.atomic():
        checkpoint.leave(ledger.lock(study), cast.AT)
    cast.screened(ann)
    return study


class _SQLite:
    """Backups as docs/operating.md says: online, never by copying the file."""

    def __init__(self, name: str) -> None:
        self.file, self.copy = Path(name), Path(f"{name}.copy")

    def back_up(self) -> None:
        with sqlite3.connect(self.file) as source, sqlite3.connect(self.copy) as target:
            source.backup(target)

    def restore(self) -> None:
        from django.db import connections

        connections.close_all()
        for rest in ("-wal", "-shm"):
            Path(f"{self.file}{rest}").unlink(missing_ok=True)
        shutil.copy(self.copy, self.file)


class _PostgreSQL:
    """A copy of the database on the same server, which is what a dump would become."""

    def __init__(self, name: str) -> None:
        self.name = name

    def back_up(self) -> None:
        self._replace(f"{self.name}_copy", self.name)

    def restore(self) -> None:
        self._replace(self.name, f"{self.name}_copy")
        self._run(f'DROP DATABASE "{self.name}_copy"')

    def _replace(self, target: str, source: str) -> None:
        from django.db import connections

        connections.close_all()
        self._run(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        self._run(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')

    def _run(self, statement: str) -> None:
        from django.db import connection

        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)


def _database() -> _SQLite | _PostgreSQL:
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    return _SQLite(name) if connection.vendor == "sqlite" else _PostgreSQL(name)


HANDS: Mapping[str, Callable[..., Found]] = {
    campaign.__name__: campaign for campaign in (forcing, tampering, restored)
}
