"""A web server with several workers, on a socket of its own, that a campaign may kill and start again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import psutil

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 4
THREADS = 4  # of each worker: as many requests at once as there are clients
BOOT = 60  # seconds until it must answer


class Fleet:
    """gunicorn with the platform in it; `environment` says what is different from the campaign's own."""

    def __init__(self, **environment: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fleet-"))  # a socket's path must be short
        self.socket = self.folder / "socket"
        self.log = self.folder / "log"
        self.environment = {**os.environ, **environment}
        self.kills = 0

    def __enter__(self) -> Fleet:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()
        shutil.rmtree(self.folder)

    def start(self) -> None:
        """Start the server, and wait until it takes connections."""
        command = [sys.executable, "-m", "gunicorn", "tests.faults.wsgi:application", "--preload"]
        command += ["--bind", f"unix:{self.socket}", "--worker-class", "gthread"]
        command += ["--workers", str(WORKERS), "--threads", str(THREADS), "--no-control-socket"]
        with self.log.open("ab") as log:
            self.master = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        until = time.monotonic() + BOOT
        while not self._answers():
            assert self.master.poll() is None, self.log.read_text()[-4000:]
            assert time.monotonic() < until, "the server does not start"
            time.sleep(0.05)

    def kill_workers(self) -> None:
        """Kill every worker at once; the server starts others."""
        self._kill(self._all()[1:])
        self.kills += 1

    def kill_all(self) -> None:
        """Kill the server with all its workers, as a machine that goes down, and start it again."""
        self._end()
        self.kills += 1
        self.start()

    def _end(self) -> None:
        self.master.send_signal(signal.SIGSTOP)  # it starts no more workers while they are counted
        self._kill(self._all())
        self.master.wait()

    def _all(self) -> list[psutil.Process]:
        """The master, and the workers of this moment."""
        master = psutil.Process(self.master.pid)
        return [master, *master.children()]

    def _kill(self, processes: list[psutil.Process]) -> None:
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as door, suppress(OSError):
            door.connect(str(self.socket))
            return True
        return False
