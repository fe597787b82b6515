"""Runs a campaign as a process of its own, on a database of its own, and reads what it found.

A campaign is a function of `campaigns.py`. A process of its own has its own settings, its own connections and
its own threads, may be broken on purpose, and can be killed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests import postgresql

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300  # seconds after which a campaign is taken for hung


@contextmanager
def fresh(server: str, folder: Path) -> Iterator[str]:
    """The DATABASE_URL of a new, empty database: on this PostgreSQL, or without one a file of SQLite.

    Never SQLite in memory, where nothing waits for anything.
    """
    if not server:
        yield f"sqlite:///{folder / 'trial.sqlite3'}"
        return
    with postgresql.database(server) as address:
        yield address


def run(campaign: str, address: str, folder: Path, **asked: Any) -> dict[str, Any]:
    """What the campaign found; a campaign answers with JSON of its own making, hence `Any`."""
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "TRIAL_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "trial.settings",
        "DEBUG": "0",  # with it Django keeps every query in memory
    }
    command = [sys.executable, "-m", "tests.faults.campaigns", campaign, json.dumps(asked)]
    running = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        found, errors = running.communicate(timeout=PATIENCE)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)  # the campaign and whatever it has started
    assert running.returncode == 0, errors[-4000:]
    return dict(json.loads(found))
