"""Records that were changed by whoever owns the database are named (integrity.md 5.6, T61, F15, F23)"""

import json
from pathlib import Path

import pytest
from django.db import connection, transaction

from randomization import ledger as chain
from randomization.verify import verify
from tests import cast
from trial import append_only, vault
from trial.models import AuditEvent, LedgerHead, Participant, ReportVersion, Response
from trial.models.allocation import Allocation, Sealing, SeedShare, StratumPointer
from trial.refusals import NotPermitted, NotVerifiable, StillBlind
from trial.services import allocation, checkpoint, ledger, reveal, verification
from trial.services import study as studies
from trial.services.act import Operator

MINIMIZED = Path(__file__).resolve().parents[2] / "examples" / "minimized.toml"


@pytest.fixture
def told(owner, study, ann, bob):
    """A study with six randomized people, a witnessed head and an entry after it; its tables lie open."""
    for by in (ann, ann, bob, ann, bob, ann):
        cast.randomized(by)
    cast.screened(ann)
    with transaction.atomic():
        checkpoint.leave(ledger.lock(study), cast.AT)
    cast.screened(ann)
    return study


def rehash(study, start=1):
    """Make every hash anew from an entry on: what somebody with the whole database can do."""
    prev = chain.GENESIS if start == 1 else AuditEvent.objects.get(study=study, seq=start - 1).h
    seq = start - 1
    for seq, event in enumerate(AuditEvent.objects.filter(study=study, seq__gte=start), start=start):
        event.seq, event.prev = seq, prev
        event.h = prev = chain.entry_hash(ledger.entry(event))
        event.save()
    LedgerHead.objects.filter(study=study).update(seq=seq, h=prev)


def edit_a_field(study):
    AuditEvent.objects.filter(study=study, seq=9).update(actor="eve")


def edit_and_renew_the_chain(study):
    edit_a_field(study)
    rehash(study)


def delete_an_entry(study):
    AuditEvent.objects.filter(study=study, seq=9)._raw_delete("default")


def delete_and_renew_the_chain(study):
    delete_an_entry(study)
    rehash(study)


def swap_two_entries(study):
    one, two = AuditEvent.objects.filter(study=study, seq__in=(9, 10))
    for event, seq in ((one, 1000), (two, 9), (one, 10)):
        AuditEvent.objects.filter(pk=event.pk).update(seq=seq)


def cut_the_end_off(study):
    last = AuditEvent.objects.filter(study=study).order_by("-seq")[:2]
    AuditEvent.objects.filter(pk__in=[event.pk for event in last])._raw_delete("default")
    end = AuditEvent.objects.filter(study=study).last()
    LedgerHead.objects.filter(study=study).update(seq=end.seq, h=end.h)


def swap_two_arms(study):
    """Two people of one stratum exchange arms and leaves; the leaves in the ledger and all hashes follow."""
    rows = list(Allocation.objects.filter(study=study, participant__site__code="01").order_by("slot"))
    one = rows[0]
    two = next(row for row in rows if vault.unseal_arm(row.sealed_arm) != vault.unseal_arm(one.sealed_arm))
    arms = vault.unseal_arm(one.sealed_arm), vault.unseal_arm(two.sealed_arm)
    for row, arm in ((one, arms[1]), (two, arms[0])):
        row.sealed_arm = vault.seal_arm(arm)
        row.save()


def delete_an_allocation(study):
    Allocation.objects.filter(study=study).order_by("-pk")[:1].get().delete()


def add_an_allocation(study):
    row = Allocation.objects.filter(study=study).last()
    row.pk, row.slot, row.participant = (
        None,
        row.slot + 1,
        Participant.objects.filter(randomized_at=None).first(),
    )
    row.save()


def point_to_a_later_slot(study):
    StratumPointer.objects.filter(study=study, used=4).update(used=5)


def seal_another_secret(study):
    Sealing.objects.filter(study=study).update(sealed_seed=vault.seal(bytes(32)))


def change_a_share(study):
    SeedShare.objects.filter(study=study, party=2).update(sealed_share=vault.seal(bytes(32)))


def change_the_protocol(study):
    study.protocol_file = bytes(study.protocol_file).replace(b"[4, 6]", b"[2, 4]")
    study.save()


def unseal_the_study(study):
    Sealing.objects.filter(study=study).delete()


def unmark_somebody(study):
    Participant.objects.filter(code="01-001").update(randomized_at=None)


def change_a_certified_text(study):
    version = ReportVersion.objects.filter(participant__code="01-001").first()
    ReportVersion.objects.filter(pk=version.pk).update(text="Your back is in ruins.")


def change_an_answer(study):
    response = Response.objects.filter(assessment__participant__code="01-001").first()
    Response.objects.filter(pk=response.pk).update(value=response.value + 1)


def draw_somebody_else_into_the_entry(study):
    event = AuditEvent.objects.filter(study=study, action="RANDOMIZED").first()
    AuditEvent.objects.filter(pk=event.pk).update(object="01-999")
    rehash(study)


TAMPERED = {
    edit_a_field: "entry 9: its content is not what was written",
    edit_and_renew_the_chain: "entry {witnessed} is not the one that a checkpoint of",
    delete_an_entry: "entry 9: the number here is 10",
    delete_and_renew_the_chain: "entry {witnessed} is not the one that a checkpoint of",
    swap_two_entries: "entry 9: it does not follow the entry before it",
    cut_the_end_off: "the ledger ends before entry {witnessed}, which a checkpoint of",
    swap_two_arms: "the allocation of 01-001 is not the one that the sealed secret gives",
    delete_an_allocation: "entry {last}: 01-004 has no allocation",
    add_an_allocation: "the allocation of 01-005 is not in the ledger",
    point_to_a_later_slot: "the count of used slots is not that of the allocations",
    seal_another_secret: "entry {sealed}: what is sealed is not what was published",
    change_a_share: "entry {sealed}: what is sealed is not what was published",
    change_the_protocol: "entry 1: the protocol is not the one that the study began with",
    unseal_the_study: "the allocation is sealed in one of the ledger and the database, not in both",
    unmark_somebody: "5 participants are marked as randomized, the ledger has 6",
    change_a_certified_text: "a version of the report of 01-001 is not the text that was certified",
    change_an_answer: "the answers of 01-001 are not those that were sent in",
    draw_somebody_else_into_the_entry: "the allocation beside it is another",
}


def test_what_nobody_changed_fits(told):
    assert verification.first_fault(told) is None


def test_a_study_that_has_not_begun_fits(db):
    assert verification.first_fault(cast.loaded_study()) is None


@pytest.mark.parametrize("tamper", TAMPERED, ids=lambda tamper: tamper.__name__.replace("_", " "))
def test_what_somebody_changed_is_named(told, tamper):
    seqs = {
        "witnessed": LedgerHead.objects.get().witnessed,
        "sealed": AuditEvent.objects.get(action="SEALED").seq,
        "last": AuditEvent.objects.filter(action="RANDOMIZED").last().seq,
    }

    with transaction.atomic():
        tamper(told)
    told.refresh_from_db()

    assert TAMPERED[tamper].format(**seqs) in verification.first_fault(told)


def test_the_chain_alone_misses_a_ledger_that_was_rewritten(told):
    """Why there are witnesses: integrity.md 5.6, second row."""
    edit_and_renew_the_chain(told)
    assert ledger.first_fault(told) is None


def test_a_checkpoint_that_was_kept_elsewhere_counts_too(told, witness):
    *others, newest = sorted((witness / "REASSURE").iterdir())
    note = newest.read_text()
    for path in (*others, newest):
        path.unlink()
    edit_and_renew_the_chain(told)

    assert verification.first_fault(told) is None
    assert "is not the one that a checkpoint of" in verification.first_fault(told, [note])
    assert verification.first_fault(told, ["rubbish"]).startswith("checkpoint: it is not a checkpoint")


def test_no_line_tells_an_arm(told):
    for tamper in TAMPERED:
        with transaction.atomic():
            savepoint = transaction.savepoint()
            tamper(told)
            line = verification.first_fault(told) or ""
            transaction.savepoint_rollback(savepoint)
        assert "factual" not in line
        assert "reassuring" not in line


# The public bundle ---------------------------------------------------------------------------------


@pytest.fixture
def opened(told, paul, finn):
    """The study after the lock and the unblinding."""
    studies.lock(by=paul, at=cast.AT)
    studies.unblind(reason="The analysis is due.", by=finn, at=cast.AT)
    return told


def test_the_bundle_verifies_and_its_hash_is_recorded(opened, finn):
    content = json.loads(reveal.publish(by=finn, at=cast.AT))

    assert verify(content) is None
    assert len(content["draws"]) == 6
    assert [kept["seq"] for kept in content["checkpoints"]] == [LedgerHead.objects.get().witnessed, 50]
    assert AuditEvent.objects.last().action == "REVEALED"


def test_an_operator_may_publish_it_too(opened):
    assert verify(json.loads(reveal.publish(by=Operator(opened), at=cast.AT))) is None


def test_before_the_unblinding_nothing_is_published(told, finn):
    with pytest.raises(StillBlind):
        reveal.publish(by=finn, at=cast.AT)


@pytest.mark.parametrize("name", ["ann", "ida", "kim", "cal", "mona", "paul"])
def test_nobody_but_the_custodian_publishes(opened, name):
    with pytest.raises(NotPermitted):
        reveal.publish(by=cast.who(opened, name), at=cast.AT)


def test_what_does_not_verify_is_not_published(opened, finn):
    swap_two_arms(opened)
    with pytest.raises(NotVerifiable, match="not the arm that the secret gives"):
        reveal.publish(by=finn, at=cast.AT)


@pytest.fixture
def minimized(db):
    """The same for a study that minimizes: there is no list, and each arm follows from those before."""
    study = cast.sealed_study(MINIMIZED)[0]
    by = cast.who(study, "ann")
    for high in (False, True, False, True, False, False, True, False):
        cast.randomized(by, high=high)
    return study


def test_minimization_is_replayed(minimized):
    assert {row.slot for row in Allocation.objects.all()} == set(range(1, 9))
    assert AuditEvent.objects.get(action="SEALED").body.keys() == {"commitment"}
    assert verification.first_fault(minimized) is None


def test_an_exchange_in_minimization_is_seen(minimized):
    append_only.lift(connection)
    row = Allocation.objects.order_by("pk")[2]
    arms = {arm.code for arm in minimized.protocol.arms}
    other = min(arms - {vault.unseal_arm(row.sealed_arm)})
    Allocation.objects.filter(pk=row.pk).update(sealed_arm=vault.seal_arm(other))
    assert "01-003 is not the one that the sealed secret gives" in verification.first_fault(minimized)


def test_the_bundle_of_minimization_verifies(minimized):
    studies.lock(by=cast.who(minimized, "paul"), at=cast.AT)
    finn = cast.who(minimized, "finn")
    studies.unblind(reason="The analysis is due.", by=finn, at=cast.AT)
    content = json.loads(reveal.publish(by=finn, at=cast.AT))
    assert verify(content) is None
    assert content["tree"] == {}


def test_the_tree_has_the_slots_of_every_stratum(study):
    cells, length = allocation.tree(study)
    assert (len(cells), length) == (6, 200)
