"""Whom a step randomizes, and who may do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connections

from trial.models import Membership, Participant, Role, Study


@dataclass(frozen=True, slots=True)
class People:
    """Those who are ready, and each site's coordinator by the site's key."""

    ready: list[Participant]
    by: Mapping[int, Membership]


def load(number: int) -> People:
    """So many who are not randomized yet; no connection is left open, since processes will be forked."""
    study = Study.objects.get()
    coordinators = study.memberships.filter(role=Role.COORDINATOR).select_related("member", "study", "site")
    ready = study.participants.filter(randomized_at=None).select_related("study", "site").order_by("pk")
    found = People(list(ready[:number]), {row.site_id: row for row in coordinators if row.site_id})
    assert len(found.ready) == number
    connections.close_all()
    return found
