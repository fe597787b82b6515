"""The campaigns in which something dies: clients over HTTP, a server of several workers, and a nemesis."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.faults import disk
from tests.faults.client import Crowd, History, Person
from tests.faults.fleet import Fleet
from tests.faults.nemesis import Cutter, every

Found = Mapping[str, Any]  # whatever JSON can hold

# Each failpoint comes due after another prime number of requests: all in all every fifth request meets one,
# and seldom do two at once. Under the lock nobody dawdles often, since all others wait.
EVERYWHERE = ",".join(
    [
        "before-lock:29:exit/raise/sleep",
        "after-lock:31:exit/raise/exit/raise/sleep",
        "after-slot-read:37:exit/raise/exit/raise/sleep",
        "after-insert:41:exit/raise/exit/raise/sleep",
        "before-commit:43:exit/raise/exit/raise/sleep",
        "after-commit:23:exit/raise/sleep",
        "after-response-built:47:exit/raise/sleep",
    ]
)


@dataclass(frozen=True, slots=True)
class Scene:
    """A study whose participants are ready to be randomized, and where the campaign keeps its files."""

    study: Any  # a Study; models can be imported only after Django is set up
    people: list[Person]
    folder: Path


def killed(*, people: int, threads: int = 16, seconds: float = 0.8) -> Found:
    """All workers are killed every 0.8 seconds, the whole server at every fifth time (F1)."""
    with _scene(people) as scene, Fleet() as fleet:
        history, seen = History(scene.folder / "history.jsonl"), 0

        def strike() -> None:
            """Kill only who works: a server that is killed before its first answer shows nothing."""
            nonlocal seen
            if history.accepted > seen:
                seen = history.accepted
                (fleet.kill_all if fleet.kills % 5 == 4 else fleet.kill_workers)()

        _run(scene, fleet, history, threads, every(seconds, strike))
        return {"kills": fleet.kills, **_found(scene, history, fleet)}


def failing(
    *, people: int, threads: int = 16, plan: str = EVERYWHERE, patience: float = 2, without: str = ""
) -> Found:
    """The program dies, fails or dawdles at the failpoints of the plan (F2)."""
    with _scene(people) as scene:
        points = scene.folder / "failpoints"
        points.mkdir()
        asked = {"TESTING": "1", "FAILPOINTS": plan, "FAILPOINT_FOLDER": str(points), "WITHOUT": without}
        with Fleet(**asked) as fleet:
            history = History(scene.folder / "history.jsonl")
            _run(scene, fleet, history, threads, nullcontext(), patience=patience)
            return {"fired": _fired(points), **_found(scene, history, fleet)}


def cut_off(*, people: int, threads: int = 16, seconds: float = 0.3) -> Found:
    """The database's connections are terminated every 0.3 seconds (F4)."""
    with _scene(people) as scene, Fleet() as fleet:
        cutter, history = Cutter(os.environ["DATABASE_URL"]), History(scene.folder / "history.jsonl")
        _run(scene, fleet, history, threads, every(seconds, cutter.strike))
        return {"cuts": cutter.cuts, **_found(scene, history, fleet)}


def full_disk(*, people: int, small: str, threads: int = 16, spare: int = 2**20) -> Found:
    """The disk is full, and is made larger when fifty answers said so (F6)."""
    with _scene(people) as scene, Fleet() as fleet:
        history, enlarged_at = History(scene.folder / "history.jsonl"), list[int]()
        disk.fill(small, fleet.master.pid, spare)

        def strike() -> None:
            errors = sum(line["kind"] == "unknown" for line in list(history.lines))
            if errors >= 50 and not enlarged_at:
                enlarged_at.append(history.accepted)
                disk.enlarge(small, fleet.master.pid)

        _run(scene, fleet, history, threads, every(0.2, strike))
        return {"answered before there was room": enlarged_at, **_found(scene, history, fleet)}


@contextmanager
def _scene(people: int) -> Iterator[Scene]:
    """A sealed study of today, since a web server lives in the present."""
    from django.db import connections

    from tests import cast, ready
    from tests.faults.campaigns import PROTOCOL, SEED
    from trial.models import Membership
    from trial.services import token
    from trial.services.act import Operator

    now = datetime.now(UTC)
    study, by = cast.sealed_study(PROTOCOL, seed=SEED, at=now)

    def issued(membership: Membership) -> str:
        return token.issue(membership=membership, days=1, by=Operator(study), at=now)

    tokens = {site: issued(membership) for site, membership in by.items()}
    made = ready.participants(study, people, at=now)
    clients = [Person(person.code, str(person.public_id), tokens[person.site_id]) for person in made]
    connections.close_all()
    yield Scene(study, clients, Path(os.environ["TRIAL_VAR"]))


def _run(
    scene: Scene,
    fleet: Fleet,
    history: History,
    threads: int,
    nemesis: AbstractContextManager[None],
    patience: float = 10,
) -> None:
    with nemesis:
        Crowd(fleet.socket, history, threads, patience).randomize(scene.people)


def _found(scene: Scene, history: History, fleet: Fleet) -> dict[str, Any]:
    from tests import cast
    from tests.faults import checker, told

    lines = history.lines
    randomized = {line["person"] for line in lines if line["kind"] == "ok"}
    seed = cast.secret(scene.study)
    return {
        "done": len(randomized),
        "answers": Counter(
            str(line.get("status", line.get("error"))) for line in lines if line["kind"] != "invoke"
        ),
        "replayed": sum(bool(line.get("replayed")) for line in lines),
        "faults": {
            **checker.faults(scene.study, told.receipts(lines), seed),
            **told.faults(scene.study, lines, fleet.log.read_text()),
        },
    }


def _fired(folder: Path) -> dict[str, dict[str, int]]:
    """How often each failpoint did what."""
    return {path.stem: dict(Counter(path.read_text().split())) for path in sorted(folder.glob("*.fired"))}


CRASHES: Mapping[str, Callable[..., Found]] = {
    campaign.__name__: campaign for campaign in (killed, failing, cut_off, full_disk)
}
