"""The custodian and the statistician seal the allocation; the custodian opens it, when that is due"""

import io
import json

import pytest
from pypdf import PdfReader

from randomization.verify import verify
from tests import cast
from tests.web.desk import Desk, given_a_password, recorded, refusals, words
from trial import vault
from trial.models.allocation import Sealing, SeedShare
from trial.services import allocation, ceremony
from trial.services import study as studies

EMERGENCY = {
    "code": "01-001",
    "clinician": "Dr Green",
    "email": "green@hospital.example",
    "reason": "New weakness of a leg; the clinician must know what was read.",
    "password": cast.PASSWORD,
}


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def unsealed(db):
    return cast.loaded_study()


@pytest.fixture
def desk(unsealed, clock):
    return Desk(given_a_password(cast.who(unsealed, "finn")))


def seal(unsealed, desk):
    """The whole ceremony on the pages of the custodian and the statistician."""
    cal = Desk(given_a_password(cast.who(unsealed, "cal")))
    share = "ab" * 32
    desk.post("begin-ceremony", password=cast.PASSWORD)
    promised = ceremony.promised(unsealed.code, bytes.fromhex(share))
    cal.post("promise-share", commitment=promised, password=cast.PASSWORD)
    cal.post("give-share", share=share, password=cast.PASSWORD)
    return desk.client.post(desk.address("seal"), {"password": cast.PASSWORD}, follow=True)


def test_the_ceremony_leads_from_page_to_page(unsealed, desk):
    cal = Desk(given_a_password(cast.who(unsealed, "cal")))
    share = "ab" * 32
    assert "Draw the server\u2019s share" in words(desk.get("custody"))
    desk.post("begin-ceremony", password=cast.PASSWORD)
    assert "has yet to publish the hash" in words(desk.get("custody"))
    assert "manage.py seed_share REASSURE" in words(cal.get("share"))

    promised = ceremony.promised(unsealed.code, bytes.fromhex(share))
    cal.post("promise-share", commitment=promised, password=cast.PASSWORD)
    assert promised in words(desk.get("custody"))
    assert "Then: give the share" in words(cal.get("share"))

    cal.post("give-share", share=share, password=cast.PASSWORD)
    assert "The custodian can now seal the allocation." in words(cal.get("share"))
    assert "Seal the allocation" in words(desk.get("custody"))


def test_the_allocation_is_sealed_and_what_is_published_is_shown(unsealed, desk):
    response = seal(unsealed, desk)

    sealing = Sealing.objects.get()
    assert sealing.commitment in words(response)
    assert sealing.root in words(response)
    assert recorded(unsealed)[0] == ("finn", "SEALED", "REASSURE")


def test_neither_share_nor_secret_reaches_a_page(unsealed, desk):
    response = seal(unsealed, desk)
    pages = response.content.decode() + Desk(cast.who(unsealed, "cal")).get("share").content.decode()

    assert len(cast.secret(unsealed)) == 32
    for hidden in (cast.secret(unsealed), *allocation.shares(unsealed)):
        assert hidden.hex() not in pages


def test_each_ceremony_draws_another_share(unsealed, desk):
    other = cast.loaded_study(replace={'code = "REASSURE"': 'code = "OTHER"'})
    desk.post("begin-ceremony", password=cast.PASSWORD)
    Desk(given_a_password(cast.who(other, "finn"))).post("begin-ceremony", password=cast.PASSWORD)

    assert len({vault.unseal(share.sealed_share) for share in SeedShare.objects.all()}) == 2


def test_a_ceremony_is_started_again_for_a_reason(unsealed, desk):
    desk.post("begin-ceremony", password=cast.PASSWORD)
    refused = desk.post("abort-ceremony", reason="", password=cast.PASSWORD)
    desk.post("abort-ceremony", reason="The file was lost.", password=cast.PASSWORD)

    assert refused.status_code == 400
    assert recorded(unsealed)[0] == ("finn", "CEREMONY_ABORTED", "REASSURE")
    assert "was started again 1 time;" in words(desk.get("custody"))


@pytest.mark.parametrize("share", ["", "ab" * 31, "zz" * 32])
def test_a_share_that_is_none_is_refused_beside_the_field(unsealed, desk, share):
    cal = Desk(given_a_password(cast.who(unsealed, "cal")))

    response = cal.post("give-share", share=share, password=cast.PASSWORD)

    assert response.status_code == 400
    assert not SeedShare.objects.exists()


@pytest.mark.parametrize("page", ["share", "custody"])
@pytest.mark.parametrize("name", ["ann", "ida", "kim", "mona", "paul"])
def test_nobody_else_takes_part_in_the_ceremony(study, page, name):
    assert Desk(cast.who(study, name)).get(page).status_code == 403


def test_the_certificate_is_one_page_with_what_was_published(study, finn, clock):
    response = Desk(finn).get("certificate")

    assert response.headers["Content-Disposition"] == 'attachment; filename="REASSURE-certificate.pdf"'
    (page,) = PdfReader(io.BytesIO(response.content)).pages
    text = "".join(page.extract_text().split())
    assert Sealing.objects.get().commitment in text
    assert Sealing.objects.get().root in text
    assert "Finn,custodian" in text
    assert "Cal,statistician" in text


def test_before_the_sealing_there_is_no_certificate(unsealed, desk):
    assert desk.get("certificate").status_code == 409


def test_in_an_emergency_the_clinician_is_told_and_no_page_is(study, ann, finn, clock, mailoutbox):
    participant = cast.randomized(ann)
    desk = Desk(given_a_password(finn))

    response = desk.client.post(desk.address("emergency"), EMERGENCY, follow=True)

    assert "Dr Green was told by e-mail. Nobody else was." in words(response)
    assert [mail.to for mail in mailoutbox] == [["green@hospital.example"]]
    for word in ("factual", "Factual wording", "reassuring", "Reassuring wording"):
        assert word not in response.content.decode()
    assert recorded(study)[0] == ("finn", "UNBLINDED_IN_EMERGENCY", participant.code)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password": "a guess"}, "This is not your password."),
        ({"code": "01-999"}, "This study has no participant of this code."),
        ({"email": "nobody"}, "valid email address"),
        ({"reason": ""}, "This field is required."),
    ],
)
def test_an_emergency_that_is_not_told_whole_opens_nothing(
    study, ann, finn, clock, mailoutbox, changes, said
):
    cast.randomized(ann)

    response = Desk(given_a_password(finn)).post("emergency", **{**EMERGENCY, **changes})

    assert response.status_code == 400
    assert said in words(response)
    assert not mailoutbox


def test_the_public_bundle_is_there_after_the_unblinding(study, ann, finn, paul, clock):
    cast.randomized(ann)
    early = Desk(finn).post("bundle")
    studies.lock(by=paul, at=cast.AT)
    studies.unblind(reason="The analysis is due.", by=finn, at=cast.AT)

    response = Desk(finn).post("bundle")

    assert early.status_code == 409
    assert Desk(finn).get("bundle").status_code == 405
    assert verify(json.loads(response.content)) is None
    assert recorded(study)[0] == ("finn", "REVEALED", "REASSURE")


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
