"""The step that randomizes as is often seen: count the rows, insert one. Wrong on purpose, never to be used.

It has no lock, so two at the same moment count the same rows and take the same slot; the constraint that
would stop them is dropped here. Nor does it keep a ledger, a receipt, or the reply to a repeated request.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import django

from benchmarks.randomize.clients import Act, at_once

if TYPE_CHECKING:
    from trial.models import Participant


def main(*, people: int, clients: int, asks: bool) -> None:
    """Randomize so many people; `asks` says whether the rules are looked at: who may, who is ready."""
    django.setup()
    from django.db import connection

    from benchmarks.randomize.people import load
    from tests.cast import AT
    from trial.permissions import Permission, require
    from trial.selectors import participant as participants

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trial_allocation DROP CONSTRAINT slot_is_given_once")
    found = load(people)

    def act(index: int) -> None:
        person = found.ready[index]
        if asks:
            require(found.by[person.site_id], Permission.RANDOMIZE, site=person.site)
            if obstacles := participants.obstacles(person):
                raise obstacles[0]
            levels = participants.stratum(person)
            assert levels is not None
        else:
            levels = {"site": person.site.code, "catastrophizing": ("low", "high")[index % 2]}
        count_and_insert(person, dict(levels), AT)

    def begin() -> Act:
        connection.ensure_connection()
        return act

    print(json.dumps(at_once(clients, begin, people)))


def count_and_insert(person: Participant, levels: dict[str, str], at: datetime) -> None:
    """The next slot is the number of rows plus one: of what others have committed by now."""
    from django.db import transaction

    from randomization.design import arm_at
    from randomization.encoding import canon
    from randomization.minimization import Minimization
    from trial import vault
    from trial.models.allocation import Allocation, Sealing
    from trial.services import design

    stratum = canon(levels).decode()
    with transaction.atomic():
        rule = design.rule_of(person.study.protocol)
        assert not isinstance(rule, Minimization)  # the example has lists of slots
        seed = vault.unseal(Sealing.objects.get(study=person.study).sealed_seed)
        slot = Allocation.objects.filter(study=person.study, stratum=stratum).count() + 1
        sealed = vault.seal_arm(arm_at(rule, seed, levels, slot))
        Allocation.objects.create(
            study=person.study, participant=person, stratum=stratum, slot=slot, sealed_arm=sealed, at=at
        )
        person.randomized_at = at
        person.save(update_fields=["randomized_at"])
