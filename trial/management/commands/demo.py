"""A whole trial from protocol to paper, with simulated people, through the services that the pages use."""

from __future__ import annotations

import hashlib
import secrets
from argparse import ArgumentParser
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from trial.management import refuse
from trial.management.simulation import Simulation
from trial.models import Member, Membership, Participant, Role, Site, Study
from trial.protocol import ProtocolError
from trial.selectors import visits
from trial.services import allocation, analysis, ceremony, certificate, link, reveal, snapshot, study
from trial.services.act import Operator

START = datetime(2025, 9, 1, 9, tzinfo=UTC)  # the first day of the simulated trial
END = datetime(2026, 10, 30, 12, tzinfo=UTC)  # and the day of its lock
OPEN_SINCE = timedelta(days=60)  # the second study is running: it began this long ago
OPEN_EVERY = timedelta(hours=36)  # a person comes to it, so it has not reached its number yet
OPEN_PARTICIPANTS = 60

PEOPLE = {
    Role.AUTHOR: "Robin Author",
    Role.CERTIFIER: "Dr Kim Radiologist",
    Role.STATISTICIAN: "Sam Statistician",
    Role.CUSTODIAN: "Chris Custodian",
    Role.MONITOR: "Mo Monitor",
    Role.INVESTIGATOR: "Prof Iris Investigator",
}


class Command(BaseCommand):
    help = "Run a complete synthetic trial of a protocol and write its report, data and figures"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("protocol", type=Path)
        parser.add_argument("--participants", type=int, default=120, help="how many to randomize")
        parser.add_argument("--seed", type=int, default=2021)
        parser.add_argument("--out", type=Path, default=Path("demo"))

    def handle(self, *, protocol: Path, participants: int, seed: int, out: Path, **options: Any) -> str:
        if settings.PRODUCTION or Study.objects.exists():
            raise CommandError(
                "Synthetic people are only put into an empty database that is not in production."
            )
        if not 8 <= participants <= 2000:
            refuse(f"--participants: {participants} is not between 8 and 2000")
        try:
            finished = self._begin(protocol.read_bytes(), protocol.name, START, seed)
            running = self._begin(_renamed(protocol.read_bytes()), protocol.name, _open_start(), seed + 1)
        except (ProtocolError, OSError) as error:
            refuse(str(error))
        password = secrets.token_urlsafe(9)
        self._sign_ins(password)
        self._simulate(finished, participants, seed, START, END)
        self._simulate(running, OPEN_PARTICIPANTS, seed + 1, _open_start(), timezone.now())
        line = self._analyse(finished, out)
        (out / "sign-in.txt").write_text(_card(running, finished, password, participants))
        return line

    def _begin(self, data: bytes, source: str, at: datetime, seed: int) -> Study:
        """Check and load the protocol, give each role its account, seal the allocation."""
        loaded = study.load(data=data, source=source, at=at)
        protocol = loaded.protocol
        self.stdout.write(
            f"{protocol.study.code}: protocol checked and loaded, SHA-256 {loaded.protocol_sha256[:16]}…, "
            f"{len(protocol.sites)} sites, {len(protocol.arms)} arms, {len(protocol.visits)} visits"
        )
        operator = Operator(loaded)
        for site in loaded.sites.all():
            self._member(
                f"coordinator{site.code}", f"Coordinator {site.name}", Role.COORDINATOR, site, operator, at
            )
        for role, name in PEOPLE.items():
            self._member(role.value, name, role, None, operator, at)
        commitment = _seal(loaded, seed, at)
        self.stdout.write(f"{protocol.study.code}: allocation sealed, commitment {commitment[:16]}…")
        return loaded

    def _member(
        self, username: str, name: str, role: Role, site: Site | None, operator: Operator, at: datetime
    ) -> None:
        member = Member.objects.filter(username=username).first()
        if member is None:
            member = study.create_sign_in(username=username, name=name, password=None)
        study.add_member(member=member, role=role, site=site, by=operator, at=at)

    def _sign_ins(self, password: str) -> None:
        for member in Member.objects.all():
            study.set_password(member=member, password=password)

    def _simulate(self, of: Study, wanted: int, seed: int, start: datetime, until: datetime) -> None:
        simulation = Simulation(
            staff=_staff(of),
            coordinators=_coordinators(of),
            sites=list(of.sites.all()),
            wanted=wanted,
            seed=seed,
            until=until,
            every=(until - start - timedelta(days=100)) / (wanted * 1.9) if until == END else OPEN_EVERY,
        )
        with tqdm(total=wanted, desc=of.code, unit=" participants", ncols=80, mininterval=0.5) as bar:
            for done in simulation.run(start):
                bar.update(done - bar.n)

    def _analyse(self, of: Study, out: Path) -> str:
        """Snapshot, lock, unblind, run the plan, write the files."""
        staff, at = _staff(of), END
        rehearsal = snapshot.take(name="Before the lock", by=staff[Role.STATISTICIAN], at=at)
        analysis.rehearse(snapshot=rehearsal, by=staff[Role.STATISTICIAN], at=at)
        study.lock(by=staff[Role.INVESTIGATOR], at=at + timedelta(hours=1))
        final = snapshot.take(name="Final", by=staff[Role.STATISTICIAN], at=at + timedelta(hours=2))
        study.unblind(
            reason="The study is locked; the protocol's analysis is due.",
            by=staff[Role.CUSTODIAN],
            at=at + timedelta(hours=3),
        )
        run = analysis.run(snapshot=final, by=staff[Role.STATISTICIAN], at=at + timedelta(hours=4))
        for file in run.files.all():
            path = out / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(bytes(file.content))
        (out / "certificate.pdf").write_bytes(certificate.of(of, at=at))
        bundle = reveal.publish(by=staff[Role.CUSTODIAN], at=at + timedelta(hours=5))
        (out / "allocation.json").write_bytes(bundle)
        self.stdout.write(f"Wrote {out}/report.pdf, dataset.csv, codebook.csv, results.json, figures/")
        self.stdout.write(
            f"Anyone can check the allocation: node randomization/verify.js {out}/allocation.json"
        )
        return run.summary


def _seal(of: Study, seed: int, at: datetime) -> str:
    """The seed ceremony, with shares that follow from the demonstration's seed."""
    staff = _staff(of)
    first, second = (hashlib.sha256(f"synthetic {seed} {party}".encode()).digest() for party in (1, 2))
    ceremony.begin(share=first, by=staff[Role.CUSTODIAN], at=at)
    promised = ceremony.promised(of.code, second)
    ceremony.promise(commitment=promised, by=staff[Role.STATISTICIAN], at=at)
    ceremony.give(share=second, by=staff[Role.STATISTICIAN], at=at)
    return allocation.seal(by=staff[Role.CUSTODIAN], at=at)


def _renamed(data: bytes) -> bytes:
    """The same protocol for a second study, which is still running."""
    return data.replace(b'code = "REASSURE"', b'code = "REASSURE-2"', 1)


def _open_start() -> datetime:
    return (timezone.now() - OPEN_SINCE).replace(hour=9, minute=0, second=0, microsecond=0)


def _staff(of: Study) -> Mapping[Role, Membership]:
    return {
        Role(membership.role): membership
        for membership in of.memberships.exclude(role=Role.COORDINATOR).select_related("member", "study")
    }


def _coordinators(of: Study) -> Mapping[str, Membership]:
    members = of.memberships.filter(role=Role.COORDINATOR).select_related("member", "study", "site")
    return {membership.site.code: membership for membership in members if membership.site}


def _participants_to_try(running: Study, finished: Study) -> list[tuple[str, Participant]]:
    """Three participants at different points: who is there depends on the day and the hour."""
    now = timezone.now()
    points: dict[str, Participant] = {}
    for person in running.participants.filter(consent__isnull=False, withdrawal=None).order_by("-code"):
        due = "has questions due" if visits.due(person, now) else "waits for the next questions"
        stage = "has read the report or may read it" if person.randomized_at else "is at the baseline"
        points.setdefault(f"{stage}, {due}", person)
    ended = finished.participants.filter(randomized_at__isnull=False, withdrawal=None).first()
    assert ended is not None
    return [*sorted(points.items())[:2], ("has finished; the study is over", ended)]


def _card(running: Study, finished: Study, password: str, randomized: int) -> str:
    """The sign-ins and links, as they are printed when the pages are served."""
    people = "\n".join(f"  {member.username:<15} {member.name}" for member in Member.objects.order_by("pk"))
    links = "\n".join(
        f"  {what}:\n    {link.make(participant, timezone.now())}"
        for what, participant in _participants_to_try(running, finished)
    )
    return (
        f"\nSynthetic data: {finished.code} is finished ({randomized} randomized), "
        f"{running.code} is running.\n\n"
        f"Staff sign in at {settings.BASE_URL}/ with the password {password}\n{people}\n\n"
        "Participants' links (open them in a private window: staff may not see participants' pages)\n"
        f"{links}\n\n"
        "Stop with Ctrl-C; `make serve` starts the pages again.\n"
    )
