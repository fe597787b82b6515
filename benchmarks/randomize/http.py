"""The step that randomizes over HTTP: gunicorn, and clients that are programs with a token."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import django

from benchmarks.randomize.clients import Act, at_once

WORKERS, THREADS = 2, 8  # one worker a core; together as many threads as there are clients
PATIENCE = 60  # seconds


class Door(http.client.HTTPConnection):
    """HTTP over a socket of the file system: it is never taken, and never seen from outside."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(str(self.path))

    def ask(self, method: str, address: str, token: str, **headers: str) -> int:
        """The status of the answer, which is read to its end."""
        self.request(method, address, headers={"Authorization": f"Token {token}", **headers})
        answer = self.getresponse()
        answer.read()
        return answer.status


def main(*, people: int, clients: int) -> None:
    """Randomize so many people, each client over a connection of its own."""
    django.setup()
    from django.db import connections
    from django.utils import timezone

    from benchmarks.randomize.people import load
    from trial.services import token
    from trial.services.act import Operator

    found, now = load(people), timezone.now()
    tokens = {
        site: token.issue(membership=by, days=1, by=Operator(by.study), at=now)
        for site, by in found.by.items()
    }
    asked = [(person.public_id, tokens[person.site_id], f"key-{person.code}") for person in found.ready]
    connections.close_all()

    with _server() as path:

        def begin() -> Act:
            door = Door(path)
            assert door.ask("GET", "/api/participants/?limit=1", asked[0][1]) == 200

            def act(index: int) -> None:
                person, secret, key = asked[index]
                status = door.ask(
                    "POST", f"/api/participants/{person}/randomize/", secret, **{"Idempotency-Key": key}
                )
                if status != 201:
                    raise RuntimeError(status)

            return act

        print(json.dumps(at_once(clients, begin, people)))


@contextmanager
def _server() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="door-") as folder:
        path = Path(folder) / "socket"
        command = [sys.executable, "-m", "gunicorn", "trial.wsgi", "--preload", "--bind", f"unix:{path}"]
        command += ["--workers", str(WORKERS), "--threads", str(THREADS), "--worker-class", "gthread"]
        command += ["--no-control-socket", "--log-level", "warning"]
        with subprocess.Popen(command) as server:
            _wait_for(path)
            yield path
            server.terminate()


def _wait_for(path: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError):
            Door(path).connect()
            return
        time.sleep(0.05)
    raise TimeoutError("the server does not start")
