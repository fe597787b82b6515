"""Django's system checks refuse a setting that would endanger a trial"""

import pytest
from django.conf import settings as configured

from trial.checks import allocation_key_is_not_the_published_one, sqlite_waits_its_turn


def test_an_sqlite_database_must_wait_its_turn(monkeypatch):
    """A deferred transaction lets two coordinators read the same next slot."""
    sqlite = {"ENGINE": "django.db.backends.sqlite3"}
    databases = {
        "default": sqlite | {"OPTIONS": {"transaction_mode": "DEFERRED"}},
        "other": sqlite,
        "fine": sqlite | {"OPTIONS": {"transaction_mode": "IMMEDIATE"}},
        "server": {"ENGINE": "django.db.backends.postgresql"},
    }
    monkeypatch.setattr(configured, "DATABASES", databases)
    found = sqlite_waits_its_turn(None)
    assert [error.id for error in found] == ["trial.E001"] * 2
    assert "'default'" in found[0].msg


def test_our_own_database_waits_its_turn():
    assert sqlite_waits_its_turn(None) == []


@pytest.mark.parametrize(
    "keys", [[], [configured.DEVELOPMENT_ALLOCATION_KEY], ["x", configured.DEVELOPMENT_ALLOCATION_KEY]]
)
def test_a_published_allocation_key_is_refused_in_production(settings, keys):
    settings.ALLOCATION_KEYS = keys
    assert [error.id for error in allocation_key_is_not_the_published_one(None)] == ["trial.E002"]


def test_a_key_of_ones_own_is_accepted(settings):
    settings.ALLOCATION_KEYS = ["a key of one's own"]
    assert allocation_key_is_not_the_published_one(None) == []
