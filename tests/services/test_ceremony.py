"""The seed ceremony: two shares, each promised before either is shown"""

import hashlib

import pytest

from randomization.commitment import share_commitment
from tests import cast
from trial import vault
from trial.models import AuditEvent
from trial.models.allocation import SeedShare
from trial.refusals import AlreadyDone, AlreadySealed, InvalidInput, NotPermitted, ShareNotPromised
from trial.selectors import trail
from trial.services import allocation, ceremony

FIRST, SECOND = (hashlib.sha256(name).digest() for name in (b"first", b"second"))


@pytest.fixture
def open_study(db):
    """A study whose allocation is not sealed yet."""
    return cast.loaded_study()


@pytest.fixture
def finn(open_study):
    return cast.who(open_study, "finn")


@pytest.fixture
def cal(open_study):
    return cast.who(open_study, "cal")


def begin(finn, share=FIRST):
    return ceremony.begin(share=share, by=finn, at=cast.AT)


def promise(cal, share=SECOND):
    ceremony.promise(commitment=ceremony.promised("REASSURE", share), by=cal, at=cast.AT)


def give(cal, share=SECOND):
    ceremony.give(share=share, by=cal, at=cast.AT)


def test_the_servers_share_is_kept_encrypted_and_its_hash_recorded(finn):
    promised = begin(finn)

    row, entry = SeedShare.objects.get(), AuditEvent.objects.last()
    assert promised == row.commitment == share_commitment("REASSURE", 1, FIRST).hex()
    assert vault.unseal(row.sealed_share) == FIRST
    assert FIRST not in bytes(row.sealed_share)
    assert (entry.action, entry.body) == ("SHARE_GIVEN", {"commitment": promised, "party": 1})


def test_the_statisticians_share_comes_after_its_hash(finn, cal):
    promise(cal)
    begin(finn)
    give(cal)

    acts = list(AuditEvent.objects.filter(body__has_key="party").values_list("action", "body__party"))
    assert acts == [("SHARE_PROMISED", 2), ("SHARE_GIVEN", 1), ("SHARE_GIVEN", 2)]
    assert allocation.shares(cal.study) == (FIRST, SECOND)


def test_no_share_stands_in_the_ledger(finn, cal):
    begin(finn)
    promise(cal)
    give(cal)

    told = str(list(AuditEvent.objects.values_list("body", flat=True)))
    assert FIRST.hex() not in told
    assert SECOND.hex() not in told


def test_no_share_is_given_before_both_are_promised(finn, cal):
    with pytest.raises(ShareNotPromised):
        give(cal)
    promise(cal)
    with pytest.raises(ShareNotPromised):
        give(cal)
    begin(finn)
    give(cal)


def test_another_share_than_the_promised_one_is_refused(finn, cal):
    """Otherwise whoever comes last could choose the secret."""
    begin(finn)
    promise(cal)
    with pytest.raises(InvalidInput, match="share: this is not the share that was promised"):
        give(cal, share=FIRST)


def test_a_share_is_given_once_and_promised_once(finn, cal):
    begin(finn)
    promise(cal)
    give(cal)
    for again in (lambda: begin(finn), lambda: promise(cal), lambda: give(cal)):
        with pytest.raises(AlreadyDone):
            again()


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_share_has_32_bytes(finn, cal, length):
    with pytest.raises(InvalidInput, match="share: a share has 32 bytes"):
        begin(finn, share=b"x" * length)
    begin(finn)
    promise(cal)
    with pytest.raises(InvalidInput, match="share: a share has 32 bytes"):
        give(cal, share=b"x" * length)


@pytest.mark.parametrize("commitment", ["", "A" * 64, "a" * 63, "z" * 64])
def test_the_hash_of_a_share_has_64_digits(cal, commitment):
    with pytest.raises(InvalidInput, match="commitment: the hash of a share is 64"):
        ceremony.promise(commitment=commitment, by=cal, at=cast.AT)


def test_an_aborted_ceremony_stays_on_record_and_starts_again(finn, cal):
    begin(finn)
    promise(cal)
    give(cal)

    ceremony.abort(reason="The statistician's computer was stolen.", by=finn, at=cast.AT)

    assert SeedShare.objects.filter(aborted_at=cast.AT).count() == 2
    assert AuditEvent.objects.last().action == "CEREMONY_ABORTED"
    begin(finn, share=SECOND)
    assert trail.ceremony(finn.study) == trail.Ceremony(
        server=share_commitment("REASSURE", 1, SECOND).hex(), aborted=1
    )


def test_a_ceremony_that_has_not_begun_is_not_aborted(finn):
    with pytest.raises(ShareNotPromised, match="No ceremony has begun"):
        ceremony.abort(reason="A reason", by=finn, at=cast.AT)


def test_an_abort_has_a_reason(finn):
    begin(finn)
    with pytest.raises(InvalidInput, match="reason: please say why"):
        ceremony.abort(reason=" ", by=finn, at=cast.AT)


def test_after_the_sealing_no_share_changes(study):
    finn, cal = cast.who(study, "finn"), cast.who(study, "cal")
    for act in (
        lambda: begin(finn),
        lambda: promise(cal),
        lambda: give(cal),
        lambda: ceremony.abort(reason="A reason", by=finn, at=cast.AT),
    ):
        with pytest.raises(AlreadySealed):
            act()


@pytest.mark.parametrize("name", ["ann", "ida", "kim", "cal", "mona", "paul"])
def test_nobody_but_the_custodian_begins_or_aborts(open_study, name):
    by = cast.who(open_study, name)
    with pytest.raises(NotPermitted):
        begin(by)
    with pytest.raises(NotPermitted):
        ceremony.abort(reason="A reason", by=by, at=cast.AT)


@pytest.mark.parametrize("name", ["ann", "ida", "kim", "finn", "mona", "paul"])
def test_nobody_but_the_statistician_promises_or_gives(open_study, name):
    by = cast.who(open_study, name)
    with pytest.raises(NotPermitted):
        promise(by)
    with pytest.raises(NotPermitted):
        give(by)
