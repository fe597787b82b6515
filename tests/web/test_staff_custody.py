"""The custodian seals the allocation, and opens it only after the lock"""

import pytest

from tests import cast
from tests.web.desk import Desk, given_a_password, recorded, refusals, words
from trial import vault
from trial.models.allocation import Sealing
from trial.services import study as studies


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def unsealed(db):
    return cast.loaded_study()


@pytest.fixture
def desk(unsealed, clock):
    return Desk(given_a_password(cast.who(unsealed, "finn")))


def test_the_allocation_is_sealed_and_its_commitment_shown(unsealed, desk):
    response = desk.client.post(desk.address("seal"), {"password": cast.PASSWORD}, follow=True)

    assert Sealing.objects.get().commitment in words(response)
    assert recorded(unsealed)[0] == ("finn", "SEALED", "REASSURE")


def test_the_secret_reaches_no_page(desk):
    response = desk.client.post(desk.address("seal"), {"password": cast.PASSWORD}, follow=True)
    seed = vault.unseal(Sealing.objects.get().sealed_seed)

    assert len(seed) == 32
    assert seed.hex() not in response.content.decode()


def test_each_sealing_draws_another_secret(unsealed, desk):
    other = cast.loaded_study(replace={'code = "REASSURE"': 'code = "OTHER"'})
    desk.post("seal", password=cast.PASSWORD)
    Desk(given_a_password(cast.who(other, "finn"))).post("seal", password=cast.PASSWORD)
    seeds = {vault.unseal(sealing.sealed_seed) for sealing in Sealing.objects.all()}

    assert len(seeds) == 2


def test_without_the_password_nothing_is_sealed(desk):
    response = desk.post("seal", password="a guess")

    assert response.status_code == 400
    assert not Sealing.objects.exists()


def test_it_is_sealed_once(study, finn, clock):
    response = Desk(given_a_password(finn)).post("seal", password=cast.PASSWORD)

    assert response.status_code == 409
    assert "it cannot be sealed again" in words(response)
    assert refusals(study) == [("finn", "seal", "AlreadySealed")]


def test_before_the_lock_nothing_is_opened(study, finn, clock):
    desk = Desk(given_a_password(finn))
    response = desk.post("unblind", reason="The analysis is due.", password=cast.PASSWORD)

    assert "It is unblinded only after the lock." in words(desk.get("custody"))
    assert response.status_code == 409
    assert "must be locked before it is unblinded" in words(response)
    assert refusals(study) == [("finn", "unblind", "NotLocked")]


def test_after_the_lock_it_is_opened_with_a_reason(study, finn, paul, clock):
    studies.lock(by=paul, at=cast.AT)
    desk = Desk(given_a_password(finn))
    without = desk.post("unblind", reason="", password=cast.PASSWORD)
    response = desk.client.post(
        desk.address("unblind"), {"reason": "The analysis is due.", "password": cast.PASSWORD}, follow=True
    )

    assert without.status_code == 400
    assert "Unblinded on 3 March 2031" in words(response)
    assert recorded(study)[0] == ("finn", "UNBLINDED", "REASSURE")
