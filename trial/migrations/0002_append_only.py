"""The database itself keeps the ledger, the allocations and the answers as they were written."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from trial import append_only


def install(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    append_only.install(schema_editor.connection)


def lift(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    append_only.lift(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("trial", "0001_the_trial")]
    operations = [migrations.RunPython(install, lift)]
