"""The platform's own invariants as system checks, each with an id, a level and a hint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.database)
def sqlite_waits_its_turn(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """On SQLite, `select_for_update` does nothing: only an immediate transaction keeps slots apart."""
    return [
        Error(
            f"The SQLite database {alias!r} does not begin its transactions as IMMEDIATE.",
            hint="Set OPTIONS['transaction_mode'] to 'IMMEDIATE'; randomization needs it.",
            id="trial.E001",
        )
        for alias, database in settings.DATABASES.items()
        if database["ENGINE"].endswith("sqlite3")
        and database.get("OPTIONS", {}).get("transaction_mode") != "IMMEDIATE"
    ]


@register(Tags.security, deploy=True)
def no_other_key_is_the_published_one(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """With the development keys anyone could sign a receipt, or test who takes part."""
    published = {
        "SIGNING_KEY": settings.DEVELOPMENT_SIGNING_KEY,
        "IDENTITY_KEY": settings.DEVELOPMENT_IDENTITY_KEY,
    }
    return [
        Error(
            f"{name} is empty or the development key.",
            hint="Make one with: python -c 'import base64, secrets; "
            "print(base64.b64encode(secrets.token_bytes(32)).decode())'",
            id="trial.E003",
        )
        for name, development in published.items()
        if getattr(settings, name) in {"", development}
    ]


@register(Tags.security)
def no_failpoint_is_set_in_production(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """A failpoint kills the process at a place of somebody's choosing."""
    if not (settings.PRODUCTION and settings.TESTING):
        return []
    return [
        Error(
            "TESTING is set in production: failpoints would be obeyed.",
            hint="Unset TESTING; it is for the campaigns of tests/faults.",
            id="trial.E004",
        )
    ]


@register(Tags.security, deploy=True)
def allocation_key_is_not_the_published_one(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """The development key is in the repository: a trial sealed with it is open to anyone."""
    if settings.ALLOCATION_KEYS and settings.DEVELOPMENT_ALLOCATION_KEY not in settings.ALLOCATION_KEYS:
        return []
    return [
        Error(
            "ALLOCATION_KEYS is empty or holds the development key.",
            hint="Make one with: python -c 'from cryptography.fernet import Fernet; "
            "print(Fernet.generate_key().decode())'",
            id="trial.E002",
        )
    ]
