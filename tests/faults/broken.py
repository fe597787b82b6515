"""Mutants: the product with one of its safeguards taken away, to see that a campaign would notice.

Only a campaign's own process calls this, after the data were prepared and before anyone acts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.db import connection, connections
from django.db.models import QuerySet

from trial.models.allocation import Allocation
from trial.services import ledger


def _lock() -> None:
    """Nobody waits for anybody: no row locks, and on SQLite no immediate transactions."""
    ledger.lock = lambda study: None
    QuerySet.select_for_update = lambda self, *args, **options: self  # type: ignore[method-assign]  # a mutant
    options = connections.settings["default"].get("OPTIONS", {})
    if connection.vendor == "sqlite":
        connection.close()
        options["transaction_mode"] = "DEFERRED"


def _unique() -> None:
    """The database accepts a slot twice."""
    (slot,) = (each for each in Allocation._meta.constraints if each.name == "slot_is_given_once")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Allocation, slot)


SAFEGUARDS: Mapping[str, Callable[[], None]] = {"lock": _lock, "unique": _unique}


def take_away(safeguards: Iterable[str]) -> None:
    """Take these away, in this process alone."""
    for safeguard in safeguards:
        SAFEGUARDS[safeguard]()
