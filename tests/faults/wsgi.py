"""The platform as a campaign's web server runs it: the product's own door, or a mutant's."""

import os

from trial.wsgi import application


def _take_away(safeguards: list[str]) -> None:
    from django.db import connections

    from tests.faults import broken  # knows models, which can be imported now that Django is set up

    broken.take_away(safeguards)
    connections.close_all()  # no worker may share a connection with the process that it was forked from


def _warm_up() -> None:
    from django.urls import get_resolver

    assert get_resolver().url_patterns  # loads every door, so that a new worker answers at once


_warm_up()
_take_away(os.environ.get("WITHOUT", "").split())

__all__ = ["application"]
