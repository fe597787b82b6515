"""Whoever has the database in their hands cannot change the record unseen (F13, F15, F16, T61, T62)"""

import pytest

from tests.services.test_verification import TAMPERED

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.xdist_group("faults")]


def test_no_statement_changes_or_deletes_what_was_written(campaign):
    """F16: on PostgreSQL also as the web server's role, which cannot drop, disable or replace the trigger."""
    assert campaign("forcing")["went through"] == []


def test_whatever_the_owner_changes_is_named(campaign):
    """F15: `test_verification` says the same of SQLite alone, one by one."""
    found = campaign("tampering")

    assert found["before"] is None
    for tamper, line in TAMPERED.items():
        assert line.format(**found["numbers"]) in (found["named"][tamper.__name__] or "nothing")


def test_after_an_old_backup_nobody_is_randomized(campaign):
    """F13: what was lost cannot be drawn again, each attempt is recorded, and `verify` says why."""
    found = campaign("restored")

    assert found["lost"] == 3
    assert found["asked"] == found["refused"] == found["recorded"] == 3
    assert "the ledger ends before entry" in found["named"]
