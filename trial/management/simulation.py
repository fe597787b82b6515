"""Simulated people who take part through the same services as real ones, each event at its own time.

Nobody here knows an arm: a simulated participant reads the text that is delivered, and what the text
says moves their answers. All numbers are invented; the size of the effect is of the order that a trial
would be planned on (docs/domain facts: PCS difference 6, SD 11), and nothing is estimated from it.
"""

from __future__ import annotations

import hashlib
import heapq
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import count

import numpy as np

from instruments import catalogue
from trial.models import Membership, Participant, Role, Site
from trial.refusals import NotOpen
from trial.selectors import visits
from trial.services import (
    allocation,
    assessment,
    consent,
    delivery,
    link,
    report,
    screening,
)
from trial.wording import draft

ALARMING = re.compile(r"degenerat|tear|protrusion|bulge|fissure|slipping|loss of", re.IGNORECASE)
ITEMS_A_SCREEN = 6

Event = Callable[[datetime], None]


@dataclass(slots=True)
class Person:
    """What a simulated participant brings along; `worry` is what reading the report does to them."""

    number: int
    random: np.random.Generator
    catastrophizing: float
    pain: float
    disability: float
    confidence: float
    misses: float
    gone_after: float  # days after randomization until they stop; infinite for most
    worry: float = 0.0
    participant: Participant | None = None


@dataclass(slots=True)
class Simulation:
    """A trial's events in the order of their times, until `until`."""

    staff: Mapping[Role, Membership]
    coordinators: Mapping[str, Membership]
    sites: list[Site]
    wanted: int
    seed: int
    until: datetime
    every: timedelta = timedelta(hours=18)
    randomized: int = 0
    _queue: list[tuple[datetime, int, Event]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    def run(self, start: datetime) -> Iterator[int]:
        """Let it happen; yields the number of randomized participants whenever it changes."""
        self._at(start, self._arrive(0))
        told = 0
        while self._queue:
            at, _, event = heapq.heappop(self._queue)
            if at > self.until:
                return
            event(at)
            if self.randomized != told:
                told = self.randomized
                yield told

    def _at(self, when: datetime, event: Event) -> None:
        heapq.heappush(self._queue, (when, next(self._order), event))

    # Arrival, screening, the gate ------------------------------------------------------------------

    def _arrive(self, number: int) -> Event:
        def event(at: datetime) -> None:
            if self.randomized >= self.wanted:
                return
            self._screen(_person(self.seed, number), at)
            self._at(_office_hours(at + self.every), self._arrive(number + 1))

        return event

    def _screen(self, person: Person, at: datetime) -> None:
        site = self.sites[person.random.choice(len(self.sites), p=_shares(len(self.sites)))]
        eligible = person.random.random() > 0.14
        person.participant = screening.screen(
            site=site,
            name=f"Synthetic person {person.number + 1}",
            email=f"person{person.number + 1}@example.org",
            birth_year=at.year - int(np.clip(person.random.normal(47, 13), 18, 75)),
            sex=str(person.random.choice(["F", "M"], p=[0.56, 0.44])),
            answers=_criteria(site, eligible, person),
            by=self.coordinators[site.code],
            at=at,
        )
        if not eligible:
            return
        if person.random.random() < 0.07:
            reason = str(person.random.choice(["declined", "other"], p=[0.75, 0.25]))
            self._at(at + timedelta(hours=1), lambda when: self._decline(person, reason, when))
            return
        self._at(at + timedelta(hours=3), lambda when: self._gate(person, when))

    def _decline(self, person: Person, reason: str, at: datetime) -> None:
        screening.decline(participant=_of(person), reason=reason, by=self._coordinator(person), at=at)

    def _gate(self, person: Person, at: datetime) -> None:
        critical = person.random.random() < 0.035
        screening.check_red_flags(
            participant=_of(person),
            flags=["cauda-equina"] if critical else [],
            finding="Large extrusion that compresses the cauda equina" if critical else "",
            by=self.staff[Role.CERTIFIER],
            at=at,
        )
        if critical:
            self._at(at + timedelta(minutes=20), lambda when: self._close(person, when))
            return
        self._at(_office_hours(at + timedelta(hours=20)), lambda when: self._consent(person, when))

    def _close(self, person: Person, at: datetime) -> None:
        screening.close_critical_finding(
            participant=_of(person),
            receiver="Treating clinician on call",
            received_at=at,
            method="telephone",
            read_back=True,
            may_continue=False,
            by=self.staff[Role.CERTIFIER],
            at=at,
        )

    # Consent, baseline, versions, randomization ----------------------------------------------------

    def _consent(self, person: Person, at: datetime) -> None:
        participant, by = _of(person), self._coordinator(person)
        consent.record(
            participant=participant, version=participant.study.protocol.consent.version, by=by, at=at
        )
        link.send(participant=participant, by=by, at=at)
        self._at(at + timedelta(hours=2), lambda when: self._versions(person, when))
        self._at(at + _hours(person, 3, 60), lambda when: self._baseline(person, when))

    def _versions(self, person: Person, at: datetime) -> None:
        participant, author = _of(person), self.staff[Role.AUTHOR]
        findings = _findings(person)
        report.enter(
            participant=participant, original=_original(findings), findings=findings, by=author, at=at
        )
        age = at.year - participant.birth_year
        for arm in participant.study.protocol.arms:
            version = report.write(
                participant=participant,
                wording=arm.code,
                text=draft.draft(arm.code, findings, age),
                by=author,
                at=at,
            )
            report.certify(
                version=version,
                sha256=version.sha256,
                by=self.staff[Role.CERTIFIER],
                at=at + timedelta(minutes=30),
            )

    def _baseline(self, person: Person, at: datetime) -> None:
        self._answer(person, _of(person).study.protocol.baseline.code, at, complete=True)
        self._at(_office_hours(at + timedelta(hours=4)), lambda when: self._randomize(person, when))

    def _randomize(self, person: Person, at: datetime) -> None:
        if self.randomized >= self.wanted:
            return
        participant = _of(person)
        allocation.randomize(participant=participant, by=self._coordinator(person), at=at)
        participant.refresh_from_db()
        self.randomized += 1
        if person.random.random() > 0.04:
            self._at(at + _hours(person, 1, 48), lambda when: self._read(person, when))
        for visit in participant.study.protocol.follow_ups:
            self._plan_visit(person, visit.code, at)
        if person.gone_after < 84:
            self._at(at + timedelta(days=person.gone_after), lambda when: self._withdraw(person, when))

    def _plan_visit(self, person: Person, visit: str, at: datetime) -> None:
        if person.random.random() < person.misses:
            return
        participant = _of(person)
        window = participant.study.protocol.window(visit, visits.today(participant.study, at))
        late = person.random.random() < 0.07
        first, last = window.opens, window.closes
        if late:
            first, last = window.closes, window.closes + timedelta(days=6)
        day = first + timedelta(days=int(person.random.integers(1, max(2, (last - first).days))))
        when = datetime.combine(day, time(7), UTC) + _hours(person, 0, 12)
        self._at(when, lambda now: self._answer(person, visit, now))

    # What the participant does ---------------------------------------------------------------------

    def _read(self, person: Person, at: datetime) -> None:
        if person.gone_after * 24 < 60:
            return
        text = delivery.read(by=_of(person), at=at)
        alarming = len(ALARMING.findall(text))
        person.worry = 1.0 if alarming > 1 else -1.0

    def _withdraw(self, person: Person, at: datetime) -> None:
        reason = str(person.random.choice(["lost", "burden", "consent", "health"], p=[0.45, 0.3, 0.15, 0.1]))
        consent.withdraw(participant=_of(person), reason=reason, by=self._coordinator(person), at=at)
        person.misses = 1.0

    def _answer(self, person: Person, visit: str, at: datetime, *, complete: bool = False) -> None:
        """Answer a visit's questionnaires screen by screen, some seconds each."""
        participant = _of(person)
        if person.misses >= 1.0:
            return
        for code in participant.study.protocol.visit(visit).instruments:
            given = _answers(person, code, visit, complete)
            for first in range(0, len(given), ITEMS_A_SCREEN):
                at += timedelta(seconds=int(person.random.integers(15, 60)))
                screen = dict(list(given.items())[first : first + ITEMS_A_SCREEN])
                try:
                    assessment.answer(visit=visit, instrument=code, given=screen, by=participant, at=at)
                except NotOpen:
                    return
            assessment.submit(visit=visit, instrument=code, by=participant, at=at)

    def _coordinator(self, person: Person) -> Membership:
        return self.coordinators[_of(person).site.code]


def _of(person: Person) -> Participant:
    assert person.participant is not None
    return person.participant


def _person(seed: int, number: int) -> Person:
    """The same seed and number give the same person, whatever else happens."""
    digest = hashlib.sha256(f"person {seed} {number}".encode()).digest()
    random = np.random.default_rng(int.from_bytes(digest[:8], "big"))
    severity = random.normal()
    return Person(
        number=number,
        random=random,
        catastrophizing=float(np.clip(24 + 8 * severity + 6 * random.normal(), 2, 50)),
        pain=float(np.clip(5.6 + 1.0 * severity + 1.1 * random.normal(), 1, 10)),
        disability=float(np.clip(11 + 3 * severity + 3 * random.normal(), 1, 23)),
        confidence=float(np.clip(6.6 - 1.2 * severity + 1.6 * random.normal(), 0, 12)),
        misses=0.05,
        gone_after=float(random.integers(4, 80)) if random.random() < 0.08 else float("inf"),
    )


def _shares(sites: int) -> list[float]:
    """Sites recruit unequally."""
    weights = np.arange(sites + 2, 2, -1, dtype=float)
    return list(weights / weights.sum())


def _criteria(site: Site, eligible: bool, person: Person) -> dict[str, bool]:
    criteria = site.study.protocol.eligibility
    answers = {criterion.id: criterion.kind == "inclusion" for criterion in criteria}
    if not eligible:
        failed = criteria[int(person.random.integers(len(criteria)))].id
        answers[failed] = not answers[failed]
    return answers


def _findings(person: Person) -> list[draft.Finding]:
    kinds = person.random.choice(sorted(draft.KINDS), size=int(person.random.integers(2, 5)), replace=False)
    return [
        draft.Finding(
            kind=str(kind),
            level=str(person.random.choice(draft.LEVELS, p=[0.05, 0.05, 0.15, 0.4, 0.35])),
            grade=str(person.random.choice(draft.GRADES, p=[0.55, 0.35, 0.1])),
        )
        for kind in kinds
    ]


def _original(findings: list[draft.Finding]) -> str:
    lines = [
        f"{finding.level}: {draft.KINDS[finding.kind].factual}, {finding.grade}." for finding in findings
    ]
    return "\n".join(["MRI of the lumbar spine (synthetic).", *lines])


# How far an effect of the wording has grown by each visit, and what happens to everybody.
GROWN = {"BL": 0.0, "W1": 0.35, "W6": 1.0, "W12": 0.9}


def _answers(person: Person, instrument: str, visit: str, complete: bool) -> dict[str, int]:
    """Answers to the items of an instrument; now and then one is left out."""
    grown = GROWN.get(visit, 1.0)
    levels = {
        "PCS": (person.catastrophizing + grown * (3.2 * person.worry - 3.0)) / 52,
        "NRS24H": (person.pain + grown * (0.55 * person.worry - 0.9)) / 10,
        "RMDQ24": (person.disability + grown * (1.1 * person.worry - 1.8)) / 24,
        "PSEQ2": (person.confidence + grown * (-0.7 * person.worry + 0.6)) / 12,
    }
    level = float(np.clip(levels[instrument] + person.random.normal(0, 0.06), 0, 1))
    skips = 0.0 if complete else 0.002
    given = {}
    for item in catalogue.load(instrument).items:
        low, high = item.minimum, item.maximum
        value = low + level * (high - low) + person.random.normal(0, 0.16 * (high - low))
        if high - low == 1:
            value = float(person.random.random() < level)
        if person.random.random() >= skips:
            given[item.code] = int(np.clip(round(value), low, high))
    return given


def _hours(person: Person, low: int, high: int) -> timedelta:
    return timedelta(minutes=int(person.random.integers(low * 60, high * 60)))


def _office_hours(at: datetime) -> datetime:
    """The next moment at which a clinic is open: nine to five, Monday to Friday."""
    if at.hour >= 17:
        at = datetime.combine(at.date() + timedelta(days=1), time(9), UTC)
    elif at.hour < 9:
        at = at.replace(hour=9)
    while at.weekday() >= 5:
        at = datetime.combine(at.date() + timedelta(days=1), time(9), UTC)
    return at
