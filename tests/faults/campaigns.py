"""The campaigns: each runs in a process that `harness.run` starts, and prints what it found as JSON."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import django

from tests.faults import crashes, hands

AT = datetime(2031, 3, 3, 10, tzinfo=UTC)
SEED = hashlib.sha256(b"campaign").digest()
PROTOCOL = Path(__file__).resolve().parents[2] / "examples" / "reassure.toml"

MINUTES = timedelta(minutes=5)
CLOCKS = [  # as they follow each other; each second one is the other host's
    clock.astimezone(UTC) + (MINUTES if host else timedelta())
    for clock in (
        AT,
        AT - timedelta(days=1),
        AT + timedelta(days=1),
        AT - timedelta(seconds=1),
        datetime(2031, 3, 30, 1, 59, 59, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2031, 3, 30, 3, 0, 0, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2031, 10, 26, 2, 30, 0, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2031, 10, 26, 2, 30, 0, fold=1, tzinfo=ZoneInfo("Europe/Berlin")),
        datetime(2032, 2, 29, 12, tzinfo=UTC),
        datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
    )
    for host in (0, 1)
]
TWO_STRATA = {'stratify_by = ["site", "catastrophizing"]': 'stratify_by = ["catastrophizing"]'}

Found = Mapping[str, Any]  # whatever JSON can hold


def randomizing(*, people: int, threads: int, without: list[str] | None = None) -> Found:
    """Many participants, each randomized once with a key of their own."""
    from tests import cast
    from tests.faults import broken, checker, crowd
    from trial.services import allocation

    study, by, ready = _begin(people)
    broken.take_away(without or [])
    outcome = crowd.at_once(
        threads,
        lambda person: allocation.randomize(
            participant=person, by=by[person.site_id], at=AT, key=f"key-{person.code}"
        ),
        ready,
    )
    return {**_told(outcome), "faults": checker.faults(study, outcome.done, cast.secret(study))}


def clocks(*, people: int, threads: int) -> Found:
    """Two hosts five minutes apart randomize, while clocks jump by a day, a second and round the DST (F9)."""
    from tests import cast
    from tests.faults import checker, crowd
    from trial.models import AuditEvent
    from trial.services import allocation

    study, by, ready = _begin(people)
    told = {person.pk: CLOCKS[number % len(CLOCKS)] for number, person in enumerate(ready)}
    outcome = crowd.at_once(
        threads,
        lambda person: allocation.randomize(
            participant=person, by=by[person.site_id], at=told[person.pk], key=f"key-{person.code}"
        ),
        ready,
    )
    entries = list(AuditEvent.objects.filter(study=study).values_list("at", flat=True))
    return {
        **_told(outcome),
        "entries before the entry before": sum(two < one for one, two in pairwise(entries)),
        "other times than the clock's": sum(
            person.randomized_at != told[person.pk] for person in study.participants.all()
        ),
        "faults": checker.faults(study, outcome.done, cast.secret(study)),
    }


def one_stratum(*, people: int, threads: int) -> Found:
    """More people in one stratum than have a leaf under the published root (F21)."""
    from tests import cast, ready
    from tests.faults import checker, crowd
    from trial.services import allocation, verification

    study, by = cast.sealed_study(PROTOCOL, seed=SEED, at=AT, replace=TWO_STRATA)
    outcome = crowd.at_once(
        threads,
        lambda person: allocation.randomize(participant=person, by=by[person.site_id], at=AT),
        ready.participants(study, 2 * people, at=AT)[::2],  # whose sums of answers are all high
    )
    return {
        **_told(outcome),
        "slots under the root": allocation.TREE_SLOTS,
        "verified": verification.first_fault(study),
        "faults": checker.faults(study, outcome.done, cast.secret(study)),
    }


def one_person(*, threads: int, same_key: bool) -> Found:
    """The same participant, randomized by everybody at the same moment."""
    from tests import cast
    from tests.faults import checker, crowd
    from trial.models import AuditEvent
    from trial.services import allocation

    study, by, (person, *_) = _begin(3)
    outcome = crowd.at_once(
        threads,
        lambda number: allocation.randomize(
            participant=person, by=by[person.site_id], at=AT, key="key" if same_key else f"key-{number}"
        ),
        range(threads),
    )
    refusals = AuditEvent.objects.filter(study=study, action=AuditEvent.Action.REFUSED)
    return {
        **_told(outcome),
        "replayed": sum(receipt.replayed for receipt in outcome.done),
        "different entries": len({(receipt.entry, receipt.leaf) for receipt in outcome.done}),
        "recorded refusals": refusals.count(),
        "faults": checker.faults(study, outcome.done, cast.secret(study)),
    }


def locking(*, people: int, threads: int) -> Found:
    """The study is locked while others randomize: each is wholly before or wholly after it."""
    from tests import cast
    from tests.faults import checker, crowd
    from trial.models import AuditEvent, Role
    from trial.services import allocation
    from trial.services import study as studies

    study, by, ready = _begin(people)
    head = study.memberships.get(role=Role.INVESTIGATOR)

    def act(what: object) -> allocation.Receipt | None:
        if what == "lock":
            studies.lock(by=head, at=AT)
            return None
        return allocation.randomize(participant=what, by=by[what.site_id], at=AT)  # type: ignore[attr-defined, arg-type]  # the others are participants

    half = people // 2
    outcome = crowd.at_once(threads, act, [*ready[:half], "lock", *ready[half:]])
    receipts = [receipt for receipt in outcome.done if receipt is not None]
    lock = AuditEvent.objects.get(study=study, action=AuditEvent.Action.LOCKED)
    later = [receipt.participant for receipt in receipts if receipt.entry_number > lock.seq]
    return {
        **_told(outcome),
        "after the lock": later,
        "faults": checker.faults(study, receipts, cast.secret(study)),
    }


def answering(*, threads: int, different: bool) -> Found:
    """One participant's page of answers, sent by everybody at the same moment, then sent in by everybody."""
    from tests.faults import crowd
    from trial.models import Assessment, AuditEvent, Response
    from trial.services import allocation, assessment, ledger

    study, by, (person, *_) = _begin(3)
    allocation.randomize(participant=person, by=by[person.site_id], at=AT)
    person.refresh_from_db()
    later = AT.replace(day=10)
    page = {"visit": "W1", "instrument": "PCS", "by": person, "at": later}
    answered = crowd.at_once(
        threads,
        lambda number: (
            assessment.answer(given={"PCS01": number % 5 if different else 3, "PCS02": 1}, **page).pk
        ),
        range(threads),
    )
    sent = crowd.at_once(threads, lambda number: assessment.submit(**page).pk, range(threads))
    rows = Response.objects.filter(assessment__visit="W1", item="PCS01")
    return {
        **_told(answered),
        "questionnaires": Assessment.objects.filter(visit="W1").count(),
        "history": list(rows.values_list("value", flat=True)),
        "PCS02": Response.objects.filter(assessment__visit="W1", item="PCS02").count(),
        "sent": _told(sent),
        "entries": AuditEvent.objects.filter(action=AuditEvent.Action.ASSESSMENT_SUBMITTED).count(),
        "chain": ledger.first_fault(study),
    }


def _begin(people: int) -> tuple[Any, Any, Any]:
    """A sealed study with its staff, each site's coordinator, and so many who may be randomized."""
    from tests import cast, ready

    study, by = cast.sealed_study(PROTOCOL, seed=SEED, at=AT)
    return study, by, ready.participants(study, people, at=AT)


def _told(outcome: Any) -> dict[str, Any]:
    return {
        "done": len(outcome.done),
        "refused": dict(outcome.refused),
        "failed": dict(outcome.failed),
    }


CAMPAIGNS: Mapping[str, Callable[..., Found]] = (
    {
        campaign.__name__: campaign
        for campaign in (randomizing, clocks, one_stratum, one_person, locking, answering)
    }
    | crashes.CRASHES
    | hands.HANDS
)


def main(name: str, asked: str) -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    print(json.dumps(CAMPAIGNS[name](**json.loads(asked)), default=str))


if __name__ == "__main__":
    main(*sys.argv[1:])
