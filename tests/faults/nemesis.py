"""What goes wrong during a campaign, again and again until the clients are done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import LiteralString

import psycopg

TERMINATE: LiteralString = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'campaign'"
)


@contextmanager
def every(seconds: float, strike: Callable[[], object]) -> Iterator[None]:
    """Strike every so many seconds; what went wrong while striking is raised at the end."""
    over, failed = threading.Event(), list[BaseException]()

    def strikes() -> None:
        try:
            while not over.wait(seconds):
                strike()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=strikes)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    if failed:
        raise failed[0]


class Cutter:
    """Terminates all other connections to a PostgreSQL database."""

    def __init__(self, address: str) -> None:
        self._connection = psycopg.connect(address, autocommit=True)
        self.cuts = 0

    def strike(self) -> None:
        self.cuts += len(self._connection.execute(TERMINATE).fetchall())
