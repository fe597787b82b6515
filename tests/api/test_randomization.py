"""Randomizing by program: once, with a key, and without an arm"""

import pytest

from tests import cast
from tests.api.conftest import as_member
from trial.models import AuditEvent
from trial.models.allocation import Allocation
from trial.selectors import trail


@pytest.fixture
def ready(ann):
    """Somebody who may be randomized."""
    return cast.certified(ann)


@pytest.fixture
def address(ready):
    return f"participants/{ready.public_id}/randomize/"


def last(study):
    return AuditEvent.objects.filter(study=study).last()


def test_a_participant_is_randomized_and_the_receipt_tells_no_arm(study, coordinator, ready, address):
    response = coordinator.post(address, Idempotency_Key="a1")

    entry = last(study)
    assert response.status_code == 201
    assert response.json() == {
        "participant": ready.code,
        "randomized_at": "2031-03-03T10:00:00+00:00",
        "leaf": Allocation.objects.get().leaf,
        "entry_number": entry.seq,
        "entry": entry.h,
        "signature": trail.receipt_of(entry).signature,
    }
    assert entry.action == "RANDOMIZED"
    assert "Idempotency-Replayed" not in response.headers


def test_the_same_request_again_gets_the_same_receipt(coordinator, address):
    first = coordinator.post(address, Idempotency_Key="a1")
    again = coordinator.post(address, Idempotency_Key="a1")

    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert again.content == first.content
    assert Allocation.objects.count() == 1


def test_a_second_allocation_is_never_made(study, coordinator, address):
    coordinator.post(address, Idempotency_Key="a1")
    response = coordinator.post(address, Idempotency_Key="a2")

    assert (response.status_code, response.json()["type"]) == (409, "urn:refusal:already-randomized")
    assert Allocation.objects.count() == 1
    assert last(study).body == {"act": "randomize", "refusal": "AlreadyRandomized"}


def test_a_key_of_another_request_is_refused(coordinator, ann, address):
    other = cast.certified(ann)
    coordinator.post(address, Idempotency_Key="a1")

    response = coordinator.post(f"participants/{other.public_id}/randomize/", Idempotency_Key="a1")

    assert (response.status_code, response.json()["title"]) == (422, "Key reused")
    assert Allocation.objects.count() == 1


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (None, "this header is required"),
        ("", "this header is required"),
        (" ", "this header is required"),
        ("k" * 101, "must be 1 to 100 printable ASCII characters"),
        ("schlüssel", "must be 1 to 100 printable ASCII characters"),
        ("a\tb", "must be 1 to 100 printable ASCII characters"),
        ("a\0b", "must be 1 to 100 printable ASCII characters"),
    ],
)
def test_a_key_must_be_given(coordinator, address, key, reason):
    response = coordinator.post(address, **({} if key is None else {"Idempotency_Key": key}))

    assert (response.status_code, response.json()["detail"]) == (400, f"Idempotency-Key: {reason}")
    assert not Allocation.objects.exists()


def test_a_key_of_a_hundred_characters_will_do(coordinator, address):
    assert coordinator.post(address, Idempotency_Key="k" * 100).status_code == 201


def test_the_request_has_no_fields(coordinator, address):
    response = coordinator.post(address, {"arm": "factual"}, Idempotency_Key="a1")

    assert (response.status_code, response.json()["field"]) == (400, "arm")


def test_whoever_is_not_ready_is_not_randomized(study, coordinator, ann):
    participant = cast.consented(ann)

    response = coordinator.post(f"participants/{participant.public_id}/randomize/", Idempotency_Key="a1")

    assert (response.status_code, response.json()["detail"]) == (
        409,
        "The baseline questionnaires are not complete.",
    )
    assert last(study).body == {"act": "randomize", "refusal": "BaselineIncomplete"}


def test_another_sites_coordinator_may_not(bob, address):
    response = as_member(bob).post(address, Idempotency_Key="b1")

    assert (response.status_code, response.json()["detail"]) == (
        403,
        "This participant belongs to another site.",
    )
    assert not Allocation.objects.exists()
