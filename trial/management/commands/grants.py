"""Print what the web server's database role may do, as SQL for PostgreSQL: append-only stays append-only."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from trial import append_only
from trial.management import refuse


class Command(BaseCommand):
    help = "Print the SQL that gives a PostgreSQL role what the web server needs, and no more"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", help="the role that the web server connects as")

    def handle(self, *, role: str, **options: Any) -> str:
        if not re.fullmatch(r"[a-z_][a-z0-9_]*", role):
            refuse(f"{role}: a role's name has small letters, digits and underscores")
        tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
        changed = ", ".join(sorted(tables - set(append_only.TABLES)))
        added = ", ".join(sorted(append_only.TABLES))
        return "\n".join(
            [
                f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role};",
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON {changed} TO {role};",
                f"GRANT SELECT, INSERT ON {added} TO {role};",
                f"GRANT SELECT ON django_migrations TO {role};",
                f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};",
            ]
        )
