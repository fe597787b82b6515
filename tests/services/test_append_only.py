"""The database itself refuses to change what was written (integrity.md T61, F16)"""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from tests import cast
from trial import append_only
from trial.services import allocation, emergency, snapshot


@pytest.fixture
def filled(study, ann, cal, finn, mailoutbox):
    """A study with a row in every table that is append-only."""
    participant = cast.certified(ann)
    allocation.randomize(participant=participant, by=ann, at=cast.AT, key="k")
    snapshot.take(name="One", by=cal, at=cast.AT)
    participant.refresh_from_db()
    emergency.unblind_one(
        participant=participant, clinician="Dr Green", email="g@example.org", reason="x", by=finn, at=cast.AT
    )
    cast.flagged(participant, ann)


def refused(statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(statement)


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


@pytest.mark.parametrize("table", append_only.TABLES)
def test_no_row_is_changed_or_deleted(filled, table):
    assert run(f"INSERT INTO {table} SELECT * FROM {table} WHERE 1 = 0") in {0, -1}
    refused(f"UPDATE {table} SET id = id")
    refused(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", append_only.TABLES)
def test_no_row_is_replaced(filled, table):
    """`INSERT OR REPLACE` deletes first: SQLite tells the trigger only with recursive_triggers=ON."""
    refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def test_whoever_owns_the_database_can_lift_that_and_set_it_again(filled):
    append_only.lift(connection)
    assert run("UPDATE trial_auditevent SET actor = actor") > 0
    append_only.install(connection)
    refused("UPDATE trial_auditevent SET actor = actor")


def test_every_table_that_is_append_only_exists(db):
    assert set(append_only.TABLES) <= {model._meta.db_table for model in apps.get_models()}
