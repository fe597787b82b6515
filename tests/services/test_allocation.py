"""Randomization: the next sealed slot, once and for ever, and nobody is told what it was"""

import hashlib
from datetime import timedelta

import pytest

from randomization import commitment
from randomization.bundle import tree_root
from randomization.design import sequence
from tests import cast
from trial import signing, vault
from trial.models import AuditEvent, IdempotencyKey, RedFlagCheck, ReportVersion
from trial.models.allocation import Allocation, Sealing, StratumPointer
from trial.refusals import (
    AlreadyRandomized,
    AlreadySealed,
    BaselineIncomplete,
    CriticalFindingOpen,
    HasWithdrawn,
    InvalidInput,
    KeyReused,
    KnownPerson,
    NotCertified,
    NotChecked,
    NotConsented,
    NotEligible,
    NotPermitted,
    NotSealed,
    RoutedToCare,
    SharesMissing,
    StudyLocked,
)
from trial.selectors import participant as participants
from trial.services import allocation, assessment, ceremony, consent, design, screening
from trial.services import study as studies

SITES = ("01", "02", "03")


def randomize(participant, by, key=None):
    return allocation.randomize(participant=participant, by=by, at=cast.AT, key=key)


def refused(refusal, participant, by):
    """Randomizing is refused, recorded, and changes nothing."""
    with pytest.raises(refusal) as raised:
        randomize(participant, by)
    entry = AuditEvent.objects.last()
    assert (entry.action, entry.object) == ("REFUSED", participant.code)
    assert entry.body == {"act": "randomize", "refusal": refusal.__name__}
    return str(raised.value)


# Done ----------------------------------------------------------------------------------------------


def test_a_participant_is_randomized_and_it_is_recorded(ann):
    participant = cast.certified(ann)

    receipt = randomize(participant, ann)

    row, entry = Allocation.objects.get(), AuditEvent.objects.last()
    assert cast.fresh(participant).randomized_at == cast.AT
    assert (entry.action, entry.object, entry.actor, entry.body) == (
        "RANDOMIZED",
        "01-001",
        "ann",
        {"leaf": row.leaf},
    )
    assert receipt == allocation.Receipt(
        "01-001", cast.AT.isoformat(), row.leaf, entry.seq, entry.h, receipt.signature
    )


def test_a_receipt_is_signed(ann):
    """Checked with the public key, as docs/allocation.md says."""
    receipt = randomize(cast.certified(ann), ann)

    signed = f"{receipt.participant} {receipt.leaf} {receipt.entry_number} {receipt.entry}".encode()
    assert signing.holds(signed, receipt.signature, signing.public_key())
    assert not signing.holds(signed + b" ", receipt.signature, signing.public_key())


def test_participants_get_the_slots_of_their_stratum_in_order(ann, bob):
    people = [cast.certified(by, high=high) for by in (ann, bob, ann) for high in (False, True, False)]
    for person in people:
        randomize(person, bob if person.site.code == "02" else ann)

    slots = [(row.stratum, row.slot) for row in Allocation.objects.order_by("pk")]

    (low, high), (low2, high2) = ([_name(site, level) for level in ("low", "high")] for site in ("01", "02"))
    assert slots == [
        (low, 1), (high, 1), (low, 2),
        (low2, 1), (high2, 1), (low2, 2),
        (low, 3), (high, 2), (low, 4),
    ]  # fmt: skip
    assert {pointer.stratum: pointer.used for pointer in StratumPointer.objects.all()} == {
        low: 4,
        high: 2,
        low2: 2,
        high2: 1,
    }


def _name(site, level):
    return f'{{"catastrophizing":"{level}","site":"{site}"}}'


def test_the_arms_are_those_that_the_sealed_secret_determines(study, ann):
    """The witness is the library, which tests/spec holds to the vectors of integrity.md 5.8."""
    people = [cast.randomized(ann) for _ in range(8)]

    stratum = participants.stratum(people[0])
    given = [vault.unseal_arm(row.sealed_arm) for row in Allocation.objects.order_by("slot")]
    assert tuple(given) == sequence(design.rule_of(study.protocol), cast.secret(study), stratum, 8)
    assert sorted(set(given)) == ["factual", "reassuring"]


def test_the_leaf_of_a_receipt_commits_to_the_arm(study, ann):
    participant = cast.certified(ann)

    receipt = randomize(participant, ann)

    arm = vault.unseal_arm(Allocation.objects.get().sealed_arm)
    stratum = participants.stratum(participant)
    assert receipt.leaf == commitment.leaf(cast.secret(study), stratum, 1, arm).hex()
    other = {"factual", "reassuring"} - {arm}
    assert receipt.leaf != commitment.leaf(cast.secret(study), stratum, 1, other.pop()).hex()


# Refused -------------------------------------------------------------------------------------------


def test_nobody_is_randomized_twice(ann):
    participant = cast.randomized(ann)

    sentence = refused(AlreadyRandomized, participant, ann)

    assert sentence == "This participant is already randomized. A second allocation is never made."
    assert Allocation.objects.count() == StratumPointer.objects.get().used == 1


def test_nobody_is_randomized_under_a_second_code(ann, bob):
    """Neither case nor the order of the names matters; the first code is named (integrity.md T56)."""
    second = cast.certified(bob, name="meyer  ÄNNE")
    cast.randomized(ann, name="Änne Meyer")

    sentence = refused(KnownPerson, second, bob)

    assert sentence.startswith("This person is already randomized, as 01-001.")
    assert Allocation.objects.count() == 1


def test_nobody_is_randomized_without_consent(ann):
    participant = cast.checked(ann)
    cast.write_report(participant, ann.study)

    assert refused(NotConsented, participant, ann) == "No consent is recorded."
    assert not Allocation.objects.exists()


def test_nobody_is_randomized_who_is_not_eligible(ann):
    participant = cast.screened(ann, failing="surgery")

    refused(NotEligible, participant, ann)


def test_nobody_is_randomized_who_does_not_take_part(ann):
    participant = cast.screened(ann)
    screening.decline(participant=participant, reason="declined", by=ann, at=cast.AT)

    assert refused(NotEligible, participant, ann) == "This person does not take part."


def test_nobody_is_randomized_before_a_radiologist_looked(ann):
    participant = cast.certified(ann)
    RedFlagCheck.objects.all().delete()

    refused(NotChecked, cast.fresh(participant), ann)


def close(participant, kim, may_continue):
    screening.close_critical_finding(
        participant=participant,
        receiver="Dr Treat",
        received_at=cast.AT,
        method="telephone",
        read_back=True,
        may_continue=may_continue,
        by=kim,
        at=cast.AT,
    )


def test_nobody_is_randomized_with_an_open_critical_finding(ann, kim):
    participant = cast.checked(ann, flags=("fracture",))

    refused(CriticalFindingOpen, participant, ann)

    close(participant, kim, may_continue=False)
    refused(RoutedToCare, participant, ann)


def test_a_critical_finding_that_lets_the_person_take_part_does_not_stand_in_the_way(ann, kim):
    participant = cast.checked(ann, flags=("fracture",))
    close(participant, kim, may_continue=True)

    assert refused(NotConsented, cast.fresh(participant), ann)


def test_nobody_is_randomized_without_a_complete_baseline(ann):
    participant = cast.consented(ann)
    cast.write_report(participant, ann.study)

    refused(BaselineIncomplete, participant, ann)


def test_nobody_is_randomized_whose_stratum_cannot_be_known(ann):
    participant = cast.consented(ann)
    cast.write_report(participant, ann.study)
    for instrument in ("PCS", "NRS24H", "RMDQ24", "PSEQ2"):
        assessment.submit(visit="BL", instrument=instrument, by=participant, at=cast.AT)

    sentence = refused(BaselineIncomplete, cast.fresh(participant), ann)

    assert sentence == "A baseline score that the stratification needs cannot be computed."


@pytest.mark.parametrize("certified", [[], ["factual"], ["reassuring"]])
def test_nobody_is_randomized_with_an_uncertified_version(ann, certified):
    participant = cast.certified(ann)
    ReportVersion.objects.exclude(wording__in=certified).update(certified_by=None, certified_at=None)

    refused(NotCertified, participant, ann)


def test_nobody_is_randomized_after_withdrawing(ann):
    participant = cast.certified(ann)
    consent.withdraw(participant=participant, reason="burden", by=ann, at=cast.AT)

    refused(HasWithdrawn, cast.fresh(participant), ann)


def test_nobody_is_randomized_at_another_site(ann, bob):
    participant = cast.certified(ann)

    assert refused(NotPermitted, participant, bob) == "This participant belongs to another site."


def test_nobody_is_randomized_before_the_allocation_is_sealed(db):
    by = cast.who(cast.loaded_study(), "ann")
    participant = cast.certified(by)

    refused(NotSealed, participant, by)


def test_nobody_is_randomized_after_the_lock(ann, paul):
    participant = cast.certified(ann)
    studies.lock(by=paul, at=cast.AT)

    refused(StudyLocked, participant, ann)


@pytest.mark.parametrize("name", ["ida", "kim", "finn", "cal", "mona", "paul"])
def test_nobody_but_a_coordinator_randomizes(study, ann, name):
    participant = cast.certified(ann)

    refused(NotPermitted, participant, cast.who(study, name))


def test_nobody_randomizes_in_a_study_that_they_do_not_work_in(ann):
    other = cast.sealed_study(replace={'code = "REASSURE"': 'code = "OTHER"'})[0]
    participant = cast.certified(ann)

    with pytest.raises(NotPermitted, match="You do not take part in this study"):
        randomize(participant, cast.who(other, "ann"))

    assert AuditEvent.objects.filter(study=other).last().action == "REFUSED"
    assert not Allocation.objects.exists()


# Asked again ---------------------------------------------------------------------------------------


def test_the_same_key_again_gives_the_same_receipt(ann):
    participant = cast.certified(ann)
    first = randomize(participant, ann, key="k")
    length = AuditEvent.objects.count()

    again = allocation.randomize(participant=participant, by=ann, at=cast.AT + timedelta(days=1), key="k")

    assert again == allocation.Receipt(
        first.participant,
        first.randomized_at,
        first.leaf,
        first.entry_number,
        first.entry,
        first.signature,
        replayed=True,
    )
    assert not first.replayed
    assert (Allocation.objects.count(), AuditEvent.objects.count()) == (1, length)


def test_a_key_belongs_to_one_participant(ann):
    first, second = cast.certified(ann), cast.certified(ann)
    randomize(first, ann, key="k")

    with pytest.raises(KeyReused):
        randomize(second, ann, key="k")

    assert Allocation.objects.count() == 1
    assert KeyReused.status == 422


def test_a_key_belongs_to_one_person_of_the_team(study, ann):
    participant = cast.certified(ann)
    randomize(participant, ann, key="k")
    eve = cast.member(study, "eve", "coordinator", ann.site)

    with pytest.raises(KeyReused):
        randomize(participant, eve, key="k")


def test_a_key_of_a_refused_request_may_be_used_again(ann):
    participant = cast.with_baseline(ann)
    with pytest.raises(NotCertified):
        randomize(participant, ann, key="k")
    assert not IdempotencyKey.objects.exists()

    cast.write_report(participant, ann.study)

    assert not randomize(cast.fresh(participant), ann, key="k").replayed


# Sealing -------------------------------------------------------------------------------------------


@pytest.fixture
def open_study(db):
    """A study whose allocation is not sealed yet."""
    return cast.loaded_study()


def test_the_custodian_seals_and_what_is_published_is_recorded(open_study):
    published = cast.seal(open_study)

    entry, config, secret = (
        AuditEvent.objects.last(),
        allocation.config_of(open_study),
        cast.secret(open_study),
    )
    assert published == commitment.commitment(config, secret).hex()
    cells = [{"site": site, "catastrophizing": level} for site in SITES for level in ("low", "high")]
    root = tree_root(config, secret, cells, 200).hex()
    assert (entry.action, entry.body) == ("SEALED", {"commitment": published, "root": root})
    open_study.refresh_from_db()
    assert open_study.sealed_at == cast.AT


def test_the_secret_follows_from_both_shares_and_the_beacon(open_study):
    """Integrity.md 5.2; the witness is the library, which is held to its vectors."""
    finn = cast.who(open_study, "finn")
    first, second = cast.give_shares(open_study)

    allocation.seal(beacon="3 17 22 31 40 48", by=finn, at=cast.AT)

    config = allocation.config_of(open_study)
    expected = commitment.seed_from_shares("REASSURE", config, first, second, b"3 17 22 31 40 48")
    assert cast.secret(open_study) == expected


def test_an_allocation_is_sealed_once(study, finn):
    before = Sealing.objects.get().commitment

    with pytest.raises(AlreadySealed):
        allocation.seal(by=finn, at=cast.AT)

    assert Sealing.objects.get().commitment == before


def test_an_allocation_is_not_sealed_without_both_shares(open_study):
    finn = cast.who(open_study, "finn")
    with pytest.raises(SharesMissing):
        allocation.seal(by=finn, at=cast.AT)
    ceremony.begin(share=cast.SEED, by=finn, at=cast.AT)
    with pytest.raises(SharesMissing):
        allocation.seal(by=finn, at=cast.AT)
    assert not Sealing.objects.exists()


@pytest.mark.parametrize("beacon", ["Zürich", "7" * 201])
def test_a_beacon_is_a_short_plain_line(open_study, beacon):
    cast.give_shares(open_study)
    with pytest.raises(InvalidInput, match="beacon: at most 200 plain letters"):
        allocation.seal(beacon=beacon, by=cast.who(open_study, "finn"), at=cast.AT)


@pytest.mark.parametrize("name", ["ann", "ida", "kim", "cal", "mona", "paul"])
def test_nobody_but_the_custodian_seals(open_study, name):
    cast.give_shares(open_study)
    with pytest.raises(NotPermitted):
        allocation.seal(by=cast.who(open_study, name), at=cast.AT)
    assert not Sealing.objects.exists()


def test_the_commitment_binds_the_design_the_strata_and_the_protocol(study):
    assert allocation.config_of(study) == {
        "study": "REASSURE",
        "alg": "PB-v1",
        "arms": ["factual", "reassuring"],
        "ratio": [1, 1],
        "blocks": [4, 6],
        "factors": {"site": ["01", "02", "03"], "catastrophizing": ["low", "high"]},
        "protocol_sha256": hashlib.sha256(cast.PROTOCOL.read_bytes()).hexdigest(),
    }
