"""The scan: the story and its twin, each walked through as everybody, at three times of the study."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.test import override_settings

from tests.blinding import canaries, story, walk
from tests.blinding.canaries import Canaries
from tests.blinding.sameness import same
from tests.blinding.visitors import Answer, everybody
from trial import unblinded
from trial.models import AuditEvent, ReportVersion

SEED = 2031  # of the machine's chance, in both twins

Entry = tuple[str, str, Mapping[str, object]]  # action, object, body


@dataclass(frozen=True, slots=True)
class Scan:
    """What everybody was told: while the study ran, after the lock, and after the unblinding."""

    blind: list[Answer]
    unblinded: list[Answer]
    canaries: Canaries
    commitments: Mapping[str, str]
    trail: list[Entry]
    wordings: Mapping[str, str]

    @property
    def all(self) -> list[Answer]:
        return [*self.blind, *self.unblinded]


@contextmanager
def undone() -> Iterator[Path]:
    """A transaction that is rolled back, and the folder of its checkpoints: the twin begins afresh."""
    with (
        TemporaryDirectory() as folder,
        override_settings(CHECKPOINT_FOLDER=Path(folder)),
        transaction.atomic(),
    ):
        yield Path(folder)
        transaction.set_rollback(True)


def scan(*, twin: bool) -> Scan:
    """Tell the story, and walk through it at each of its times."""
    with same(SEED, story.NOW), undone() as witness:
        told = story.tell(twin=twin)
        wordings = {name: unblinded.version_for(told.people[name]).wording for name in story.RANDOMIZED}
        versions = list(ReportVersion.objects.all())
        blind = [*walk.look(everybody(told), told), *walk.attempt(everybody(told), told)]
        blind += [_left(path) for path in sorted(witness.rglob("*.txt"))]
        story.lock(told)
        blind += walk.glance(everybody(told), told)
        story.unblind(told)
        after = walk.glance(everybody(told), told)
        trail = list(AuditEvent.objects.order_by("seq").values_list("action", "object", "body"))
        return Scan(blind, after, canaries.canaries(versions), story.commitments(told), trail, wordings)


def _left(path: Path) -> Answer:
    """A file that was left outside, as if it had been asked for; its name is a number and a hash."""
    return Answer("witness", "FILE", path.name.partition("-")[0], "", 200, b"", path.read_bytes(), b"")
