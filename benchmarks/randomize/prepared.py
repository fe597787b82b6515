"""The step that makes the database: a sealed study, people who are ready, and the script for pgbench."""

from __future__ import annotations

import hashlib
import json

import django
from django.conf import settings

SEED = hashlib.sha256(b"benchmark").digest()
BEFORE = 120  # randomized beforehand: every stratum has its pointer, and there are checkpoints to be read
# Numbers that nothing else in a statement is equal to, so that they are found again
FIRST_IDS = {"trial_participant": 7_000_001, "trial_assessment": 8_000_001, "trial_stratumpointer": 9_000_001}


def main(*, people: int) -> None:
    """Make it, and tell how many statements one randomization is."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from benchmarks.randomize import pgbench, statements
    from tests import cast, ready

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        for table, first in FIRST_IDS.items():
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN id RESTART WITH {first}")
    study, by = cast.sealed_study(seed=SEED)
    everybody = ready.participants(study, BEFORE + people, at=cast.AT)
    recorded = statements.recorded(everybody[:BEFORE], by)
    pgbench.write(settings.VAR, recorded)
    statements.list_people(everybody[BEFORE:])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(json.dumps({"statements": len(recorded)}))
