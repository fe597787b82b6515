"""The campaigns notice when a safeguard is missing (integrity.md 3.3)

Each mutant is the product without one safeguard, and one campaign finds it. There is no outbox yet, so (f),
the order of its marks, has no mutant. Each test of a mutant has its twin in `test_concurrency` or
`test_crashes`, where the same campaign on the whole product finds nothing.
"""

import pytest

from tests.faults import harness

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.xdist_group("faults")]


def test_without_the_lock_requests_fail(campaign):
    """(a): on SQLite integrity.md measured 637 errors of 1,000."""
    found = campaign("randomizing", people=100, threads=16, without=["lock"])

    assert set(found["failed"]) <= {"OperationalError", "IntegrityError"}
    assert sum(found["failed"].values()) > 0


def test_without_the_constraint_the_database_would_take_a_slot_twice(campaign):
    """(b): the lock still keeps slots apart, so the checker asks the database what it would refuse."""
    found = campaign("randomizing", people=12, threads=4, without=["unique"])

    assert found["faults"]["doubles that the database would take"] == [
        "trial_allocation ['slot', 'stratum', 'study_id']"
    ]


@pytest.mark.postgresql
def test_without_lock_and_constraint_slots_are_given_twice(server, tmp_path):
    """integrity.md measured 156 duplicated slots of 1,000 on PostgreSQL."""
    with harness.fresh(server, tmp_path) as address:
        found = harness.run(
            "randomizing", address, tmp_path, people=200, threads=16, without=["lock", "unique"]
        )

    assert found["faults"]["strata whose slots are not 1..n"] != {}


def test_without_the_key_who_asks_again_is_refused(campaign):
    """(c): they have an allocation, and nobody who asked was told."""
    found = campaign("failing", people=40, plan="after-commit:4:exit", without="key")

    assert found["faults"]["refused"] != []
    assert found["faults"]["allocated, and nobody was told"] != []


def test_without_the_ledger_allocations_have_no_entry(campaign):
    """(d)"""
    found = campaign("randomizing", people=12, threads=4, without=["ledger"])

    assert len(found["faults"]["allocations without one entry"]) == 12
    assert len(found["faults"]["lost"]) == 12


def test_without_waiting_for_the_disk_the_settings_say_so(campaign):
    """(e): no power cut can be made here, so the checker asks the database whether it waits."""
    found = campaign("randomizing", people=12, threads=4, without=["fsync"])

    assert found["faults"]["disk that is not waited for"] != {}
