"""A study in which everything has happened to somebody; told twice, it differs in the allocation alone."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

from instruments import catalogue
from randomization.commitment import seed_from_shares
from randomization.design import arm_at
from tests import cast, ready
from tests.blinding import canaries
from trial.models import AnalysisRun, AuditEvent, Membership, Participant, Snapshot, Study
from trial.selectors import participant as participants
from trial.services import allocation, analysis, assessment, consent, design, link, snapshot
from trial.services import study as studies

BEGAN = cast.AT
CAME = BEGAN + timedelta(days=90)  # the day on which the people came who are looked at one by one
NOW = CAME + timedelta(days=7)  # ... so their first visit after the allocation is due now
MANY = 18  # who came before them, so that there is something to analyse
RANDOMIZED = ("unread", "reader", "answering", "withdrawn")
HASHES = {"commitment", "root", "leaf"}
BINDING = {"SHARE_PROMISED", "SHARE_GIVEN", "SEALED", "RANDOMIZED"}
WANTED = {False: "ABBA", True: "BAAB"}  # their arms, and in the twin


@dataclass(slots=True)
class Story:
    """The study, its people by how far they came, and what the statistician has made of it."""

    study: Study
    people: dict[str, Participant]
    snapshot: Snapshot
    run: AnalysisRun

    def who(self, name: str) -> Membership:
        return cast.who(self.study, name)


def tell(*, twin: bool) -> Story:
    """The story; in the twin each of the four who were randomized last is in the other arm."""
    study = canaries.loaded_study()
    many = ready.participants(study, MANY, at=BEGAN)
    cast.seal(study, _share(study, many, WANTED[twin]), at=BEGAN)
    study.refresh_from_db()
    _earlier(study, many)
    people = _people(study)
    cal = cast.who(study, "cal")
    taken = snapshot.take(name="Interim", by=cal, at=NOW)
    return Story(study, people, taken, analysis.rehearse(snapshot=taken, by=cal, at=NOW))


def _share(study: Study, many: list[Participant], wanted: str) -> bytes:
    """The first share of a row that gives the four these arms."""
    rule, stratum = design.rule_of(study.protocol), {"catastrophizing": "low", "site": "01"}
    used = sum(participants.stratum(person) == stratum for person in many)
    letters, config = dict(zip(rule.arms, "AB", strict=True)), allocation.config_of(study)
    for number in count():
        share = hashlib.sha256(f"twin {number}".encode()).digest()
        seed = seed_from_shares(study.code, config, share, hashlib.sha256(share).digest())
        slots = range(used + 1, used + 1 + len(wanted))
        if "".join(letters[arm_at(rule, seed, stratum, slot)] for slot in slots) == wanted:
            return share
    raise AssertionError


def _earlier(study: Study, many: list[Participant]) -> None:
    """Randomized on the first day; each answers every visit in their own way."""
    coordinators = {code: cast.who(study, name) for code, name in cast.COORDINATORS.items()}
    for number, person in enumerate(many):
        allocation.randomize(participant=person, by=coordinators[person.site.code], at=BEGAN)
        for visit in study.protocol.follow_ups:
            _answer(cast.fresh(person), visit.code, visit.day, number)


def _answer(person: Participant, visit: str, day: int, number: int) -> None:
    chance, at = random.Random(f"{visit} {number}"), BEGAN + timedelta(days=day)
    for code in person.study.protocol.visit(visit).instruments:
        items = catalogue.load(code).items
        given = {item.code: chance.randint(item.minimum, item.maximum) for item in items}
        assessment.answer(visit=visit, instrument=code, given=given, by=person, at=at)
        assessment.submit(visit=visit, instrument=code, by=person, at=at)


def _people(study: Study) -> dict[str, Participant]:
    """One of each step, all Ann's; each of the four has opened the report but the first."""
    ann = cast.who(study, "ann")
    steps = {
        "screened": cast.screened,
        "checked": cast.checked,
        "consented": cast.consented,
        "answered": cast.with_baseline,
    }
    people = {name: step(ann, at=CAME) for name, step in steps.items()}
    people["flagged"] = cast.checked(ann, at=CAME, flags=("fracture",))
    people["certified"] = cast.certified(ann, at=CAME, texts=canaries.TEXTS)
    for name in RANDOMIZED:
        people[name] = cast.randomized(ann, at=CAME, texts=canaries.TEXTS)
        link.send(participant=people[name], by=ann, at=CAME)
        if name != "unread":
            cast.read_report(people[name], at=CAME)
    cast.answer(people["answering"], "W1", at=NOW)
    consent.withdraw(participant=people["withdrawn"], reason="lost", by=ann, at=NOW)
    return {name: cast.fresh(person) for name, person in people.items()}


def lock(story: Story) -> None:
    """The data are complete; the snapshot of them is the one that will be analysed."""
    studies.lock(by=story.who("paul"), at=NOW)
    story.study.refresh_from_db()
    story.snapshot = snapshot.take(name="Final", by=story.who("cal"), at=NOW)


def unblind(story: Story) -> None:
    """The allocation is opened, and the plan is run on the arms as they were."""
    studies.unblind(reason="The analysis is due.", by=story.who("finn"), at=NOW)
    story.study.refresh_from_db()
    story.run = analysis.run(snapshot=story.snapshot, by=story.who("cal"), at=NOW)


def commitments(story: Story) -> dict[str, str]:
    """What binds the arms and is published by design, each with its place: shares, seal, leaves, entries."""
    found = {}
    for event in AuditEvent.objects.filter(study=story.study).order_by("seq"):
        found[event.h] = f"hash of {event.seq}"
        if event.action in BINDING:
            found |= {event.body[name]: f"{name} of {event.seq}" for name in HASHES & event.body.keys()}
    return found
