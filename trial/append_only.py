"""Tables to which rows are only ever added: the database itself refuses UPDATE, DELETE and TRUNCATE.

A bug or a careless hand cannot change the ledger or an allocation. Whoever owns the database can drop a
trigger; what they change then, `manage.py verify` names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = (
    "trial_auditevent",
    "trial_allocation",
    "trial_sealing",
    "trial_idempotencykey",
    "trial_deviation",
    "trial_unblinding",
    "trial_response",
    "trial_snapshot",
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the tables append-only; again and again without harm."""
    _run(connection, CREATE)


def lift(connection: BaseDatabaseWrapper) -> None:
    """Let rows be changed again: for undoing a migration, and for emptying a test's database."""
    _run(connection, DROP)


def _run(connection: BaseDatabaseWrapper, statements: Mapping[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)


def _sqlite_create() -> Iterator[str]:
    for table in TABLES:
        for act in ("UPDATE", "DELETE"):
            yield (
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{act.lower()} BEFORE {act} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def _sqlite_drop() -> Iterator[str]:
    for table in TABLES:
        for act in ("update", "delete"):
            yield f"DROP TRIGGER IF EXISTS {table}_no_{act}"


def _postgresql_create() -> Iterator[str]:
    yield (
        "CREATE OR REPLACE FUNCTION trial_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in TABLES:
        yield (
            f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION trial_append_only()"
        )


def _postgresql_drop() -> Iterator[str]:
    for table in TABLES:
        yield f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}"


CREATE = {"sqlite": list(_sqlite_create()), "postgresql": list(_postgresql_create())}
DROP = {"sqlite": list(_sqlite_drop()), "postgresql": list(_postgresql_drop())}
