"""How many participants are randomized in a second, beside what PostgreSQL alone could do.

    python -m benchmarks.randomize [--people N] [--clients N] [--rounds N] [--against CHECKOUT]

Each round measures in turn, each time on a fresh copy of the same database: pgbench running the statements
of one randomization; the service call; the API over HTTP; the naive version, which is wrong. Told are the
medians over the rounds, with the smallest and the largest: that range is the machine's noise. docs/speed.md
has the results. Another checkout's service call can be measured in the same rounds.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.randomize import pgbench, steps, told
from benchmarks.randomize.clients import Measured
from benchmarks.randomize.steps import ROOT, Copy, Prepared
from tests import postgresql


@dataclass(frozen=True, slots=True)
class Asked:
    """The command line."""

    people: int
    clients: int
    rounds: int
    against: Path | None


def asked(line: Sequence[str] | None = None) -> Asked:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.randomize")
    parser.add_argument("--people", type=int, default=960, help="how many are randomized in each measurement")
    parser.add_argument("--clients", type=int, default=16, help="how many randomize at the same time")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--against", type=Path, help="another checkout, whose service call is measured too")
    given = parser.parse_args(line)
    return Asked(
        max(1, given.people // given.clients) * given.clients, given.clients, given.rounds, given.against
    )


def one_round(prepared: Prepared, what: Asked) -> Iterator[tuple[str, Measured]]:
    """Every measurement once, under its name."""
    with prepared.copy() as copy:
        yield told.PGBENCH, pgbench.run(copy, people=what.people, clients=what.clients)
    for name, step, more in told.STEPS:
        with prepared.copy() as copy:
            yield name, _measured(copy, step, what, ROOT, more)
    if what.against is not None:
        with prepared.copy() as copy:
            yield told.AGAINST, _measured(copy, "service", what, what.against, {})


def _measured(copy: Copy, step: str, what: Asked, checkout: Path, more: dict[str, bool]) -> Measured:
    found = steps.run(step, copy, checkout, people=what.people, clients=what.clients, **more)
    return Measured(found["seconds"], found["latencies"], found["failed"], copy.doubled())


def main(what: Asked) -> None:
    with postgresql.server() as server, TemporaryDirectory(prefix="bench-") as folder:
        prepared = steps.prepare(server, Path(folder), people=what.people)
        print(
            f"{what.people} people, {what.clients} clients, {what.rounds} rounds;"
            f" one randomization is {prepared.statements} statements",
            flush=True,
        )
        rounds = []
        for number in range(what.rounds):
            rounds.append(dict(one_round(prepared, what)))
            print(told.in_short(number + 1, rounds[-1]), flush=True)
        print(told.table(rounds))
        with prepared.copy() as copy:
            print(told.profile(steps.run("profiled", copy, ROOT, people=what.people)))


if __name__ == "__main__":
    main(asked())
