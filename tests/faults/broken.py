"""Mutants: the product with one of its safeguards taken away, to see that a campaign would notice.

Only a campaign's own process calls this, after the data were prepared and before anyone acts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import connection, connections, transaction
from django.db.models import QuerySet

from trial.models import AuditEvent
from trial.models.allocation import Allocation
from trial.services import allocation, ledger


def _lock() -> None:
    """Nobody waits for anybody: no row locks, and on SQLite no immediate transactions."""
    QuerySet.select_for_update = lambda self, *args, **options: self  # type: ignore[method-assign]  # a mutant
    if connection.vendor == "sqlite":
        _connect_with(transaction_mode="DEFERRED")


def _unique() -> None:
    """The database accepts a slot twice."""
    (slot,) = (each for each in Allocation._meta.constraints if each.name == "slot_is_given_once")
    Allocation._meta.constraints.remove(slot)  # SQLite makes the table anew, from what stands here
    with connection.schema_editor() as editor:
        editor.remove_constraint(Allocation, slot)


def _key() -> None:
    """No reply is kept under its key."""
    allocation._keep = lambda *given: None


def _ledger() -> None:
    """An act tells an entry that it does not append."""
    append = ledger.record

    def forget(*given: Any, **named: Any) -> AuditEvent:
        with transaction.atomic():
            event = append(*given, **named)
            transaction.set_rollback(True)
        return event

    ledger.record = forget


def _fsync() -> None:
    """A commit does not wait for the disk."""
    if connection.vendor == "sqlite":
        command = connection.settings_dict["OPTIONS"]["init_command"]
        _connect_with(init_command=command.replace("synchronous=FULL", "synchronous=NORMAL"))
    else:
        _connect_with(options="-c synchronous_commit=off")


def _connect_with(**options: str) -> None:
    """Connect anew, now and in every thread, with other options."""
    connection.close()
    connections.settings["default"].setdefault("OPTIONS", {}).update(options)
    connection.settings_dict["OPTIONS"].update(options)


SAFEGUARDS: Mapping[str, Callable[[], None]] = {
    "lock": _lock,
    "unique": _unique,
    "key": _key,
    "ledger": _ledger,
    "fsync": _fsync,
}


def take_away(safeguards: Iterable[str]) -> None:
    """Take these away, in this process alone."""
    for safeguard in safeguards:
        SAFEGUARDS[safeguard]()
