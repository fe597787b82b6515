"""The database that every measurement starts from, its copies, and the steps.

A step is a module of this package with a function `main`. It runs as a program of its own, because that has
its own settings.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
DOUBLED = "SELECT count(*) - count(DISTINCT (study_id, stratum, slot)) FROM trial_allocation"


@dataclass(frozen=True, slots=True)
class Copy:
    """A database, and the folder where the platform keeps its files."""

    address: str
    var: Path

    def doubled(self) -> int:
        """How many allocations took a slot that another one has, too."""
        with psycopg.connect(self.address) as connection:
            ((number,),) = connection.execute(DOUBLED).fetchall()
        return int(number)


@dataclass(frozen=True, slots=True)
class Prepared:
    """The database with everybody who may be randomized; nobody is connected to it."""

    server: str
    database: str
    var: Path
    statements: int

    @contextmanager
    def copy(self) -> Iterator[Copy]:
        """The same database under another name, and the same files; gone at the end."""
        var = self.var.with_name(f"var-{secrets.token_hex(4)}")
        shutil.copytree(self.var, var)
        with _database(self.server, self.database) as name:
            yield Copy(_address(self.server, name), var)
        shutil.rmtree(var)


def prepare(server: str, folder: Path, *, people: int) -> Prepared:
    """A sealed study with so many ready people, and the script for pgbench in its folder."""
    name, var = f"ready_{secrets.token_hex(4)}", folder / "var"
    var.mkdir()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    found = run("prepared", Copy(_address(server, name), var), ROOT, people=people)
    return Prepared(server, name, var, found["statements"])


def run(step: str, copy: Copy, checkout: Path, **asked: Any) -> dict[str, Any]:
    """What the step answered; it answers with JSON of its own making, hence `Any`."""
    environment = {
        **os.environ,
        "DATABASE_URL": copy.address,
        "TRIAL_VAR": str(copy.var),
        "DJANGO_SETTINGS_MODULE": "trial.settings",
        "DEBUG": "0",  # with it Django keeps every query in memory
        "PYTHONPATH": os.pathsep.join([str(checkout), str(ROOT)]),  # this package may be missing over there
    }
    code = (
        f"import sys, json; from benchmarks.randomize import {step}; {step}.main(**json.loads(sys.argv[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, json.dumps(asked)],
        cwd=checkout,
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    return dict(json.loads(done.stdout))


@contextmanager
def _database(server: str, template: str) -> Iterator[str]:
    name = f"copy_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        connection.execute("CHECKPOINT")  # so that none falls into the measurement
        try:
            yield name
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _address(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(scheme="postgresql", path=f"/{name}"))
