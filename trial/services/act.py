"""What every act has in common: one transaction, one order of locks, refusals recorded."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec, TypeVar, cast

from django.db import transaction

from trial import failpoints
from trial.models import AuditEvent, Participant, Study
from trial.permissions import Actor
from trial.refusals import Refusal
from trial.services import checkpoint, ledger

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Operator:
    """Whoever runs a command on the server, acting for a study."""

    study: Study
    actor_name: str = "operator"
    actor_role: str = "operator"


def act(service: Callable[P, R]) -> Callable[P, R]:
    """Run the service in a transaction that holds the study's ledger head.

    Every act takes that lock first, so acts of a study happen one after the other and cannot deadlock.
    What the service refuses is rolled back; the refusal itself is recorded, and raised again.
    A service takes keywords only, among them `by`, who acts, and `at`, when.
    """

    @functools.wraps(service)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        by = cast(Actor, kwargs["by"])
        failpoints.reach("before-lock")
        try:
            with transaction.atomic():
                checkpoint.when_due(ledger.lock(by.study), cast(datetime, kwargs["at"]))
                failpoints.reach("after-lock")
                done = service(*args, **kwargs)
                failpoints.reach("before-commit")
        except Refusal as refusal:
            _record(service.__name__, refusal, by, kwargs)
            raise
        failpoints.reach("after-commit")
        return done

    return wrapper


def _record(name: str, refusal: Refusal, by: Actor, arguments: Mapping[str, object]) -> None:
    participant = arguments.get("participant", by)
    with transaction.atomic():
        ledger.lock(by.study)
        ledger.record(
            AuditEvent.Action.REFUSED,
            participant.code if isinstance(participant, Participant) else by.study.code,
            by=by,
            at=cast(datetime, arguments["at"]),
            act=name.lstrip("_"),
            refusal=type(refusal).__name__,
        )
