"""Clients that randomize over HTTP, and their history: what was asked, and what was known of the answer.

An `invoke` is on the disk before the request leaves. An answer is `ok`, a definite `fail`, or `unknown` (cut,
too late, 5xx), which is asked for again with the same key until it is one of the others.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

PAUSE = 0.05  # seconds before the first repetition; twice, three times ... as long before the next ones
LONGEST_PAUSE = 0.5
DEADLINE = 90  # seconds after which a client gives up on a person


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be randomized, and the token of a coordinator who may."""

    code: str
    public_id: str
    token: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came over the wire."""

    status: int
    retry_after: str
    replayed: bool
    body: str


class History:
    """What the clients did, line by line; nothing is asked that does not stand here first."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a")
        self._lock = threading.Lock()
        self.lines: list[dict[str, object]] = []
        self.accepted = 0

    def add(self, kind: str, person: str, **what: object) -> None:
        line = {"kind": kind, "person": person, **what}
        with self._lock:
            self.lines.append(line)
            self.accepted += kind == "ok"
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            if kind == "invoke":
                os.fsync(self._file.fileno())


class _Door(http.client.HTTPConnection):
    """HTTP over the socket of a `Fleet`."""

    def __init__(self, path: Path, patience: float) -> None:
        super().__init__("localhost", timeout=patience)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many clients at one door, each of whom waits so many seconds for an answer."""

    door: Path
    history: History
    threads: int = 16
    patience: float = 10

    def randomize(self, people: Iterable[Person]) -> None:
        """Everybody is randomized, however often it has to be asked."""
        with ThreadPoolExecutor(self.threads) as pool:
            list(pool.map(self._insist, people))

    def _insist(self, person: Person) -> None:
        until, tries = time.monotonic() + DEADLINE, 0
        while time.monotonic() < until:
            kind = self._try(person)
            if kind != "unknown":
                break
            tries += 1
            time.sleep(min(LONGEST_PAUSE, PAUSE * tries))
        if kind == "ok" and tries:  # what came in the end is what comes when it is asked for once more
            self._try(person)

    def _try(self, person: Person) -> str:
        self.history.add("invoke", person.code)
        try:
            answer = self._ask(person)
        except (OSError, http.client.HTTPException) as error:
            self.history.add("unknown", person.code, error=type(error).__name__)
            return "unknown"
        kind = "ok" if answer.status < 300 else "fail" if answer.status < 500 else "unknown"
        self.history.add(
            kind,
            person.code,
            status=answer.status,
            retry_after=answer.retry_after,
            replayed=answer.replayed,
            body=answer.body,
        )
        return kind

    def _ask(self, person: Person) -> Answer:
        door = _Door(self.door, self.patience)
        try:
            door.request(
                "POST",
                f"/api/participants/{person.public_id}/randomize/",
                body="{}",
                headers={
                    "Authorization": f"Token {person.token}",
                    "Content-Type": "application/json",
                    "Idempotency-Key": f"key-{person.code}",
                },
            )
            got = door.getresponse()
            replayed = got.getheader("Idempotency-Replayed") == "true"
            return Answer(got.status, got.getheader("Retry-After") or "", replayed, got.read().decode())
        finally:
            door.close()
