"""Places in the code at which a test lets the program die, fail or dawdle; outside of tests they do nothing.

`FAILPOINTS=after-commit:5:exit,after-lock:7:raise/sleep` says: whenever any process comes past `after-commit`
for the fifth time, it dies; every seventh time past `after-lock` the database seems gone or it takes long, in
turns. It is read with `TESTING=1` alone, which the system check trial.E004 refuses in production.
"""

from __future__ import annotations

import functools
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import OperationalError

NAMES = (
    "before-lock",
    "after-lock",
    "after-slot-read",
    "after-insert",
    "before-commit",
    "after-commit",
    "after-response-built",
)
STATUS = 9  # what the process ends with
DAWDLING = 2.5  # seconds


def _exit() -> None:
    os._exit(STATUS)  # nothing is closed, flushed or told


def _raise() -> None:
    raise OperationalError("failpoint")


def _sleep() -> None:
    time.sleep(DAWDLING)


ACTS: Mapping[str, Callable[[], None]] = {"exit": _exit, "raise": _raise, "sleep": _sleep}


@dataclass(frozen=True, slots=True)
class Failpoint:
    """Acts every so many-th time that any process comes past; how often is counted in files."""

    name: str
    every: int
    acts: tuple[str, ...]
    folder: Path

    def __post_init__(self) -> None:
        if self.name not in NAMES or self.every < 1 or not self.acts or not set(self.acts) <= set(ACTS):
            raise ValueError(f"not a failpoint: {self.name}:{self.every}:{'/'.join(self.acts)}")

    def reach(self) -> None:
        """Count, and act when it is time; that it acted is on file before it does."""
        times, over = divmod(self._append("reached", "."), self.every)
        if over == 0:
            act = self.acts[(times - 1) % len(self.acts)]
            self._append("fired", f"{act}\n")
            ACTS[act]()

    def _append(self, what: str, line: str) -> int:
        """The file's length afterwards: appending is atomic, so every process gets another."""
        with (self.folder / f"{self.name}.{what}").open("ab", buffering=0) as file:
            file.write(line.encode())
            return file.tell()


def reach(name: str) -> None:
    """Come past the place of this name: nothing happens unless a test has set a failpoint there."""
    if (failpoint := _set().get(name)) is not None:
        failpoint.reach()


def planned(plan: str, folder: Path) -> Mapping[str, Failpoint]:
    """The failpoints of a plan such as `after-commit:5:exit`, by name."""
    parts = (part.split(":") for part in plan.split(",") if part)
    found = (Failpoint(name, int(every), tuple(acts.split("/")), folder) for name, every, acts in parts)
    return {failpoint.name: failpoint for failpoint in found}


@functools.cache
def _set() -> Mapping[str, Failpoint]:
    return planned(settings.FAILPOINTS, Path(settings.FAILPOINT_FOLDER))
