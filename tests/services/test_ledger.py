"""The ledger: one entry for each act, in one order, and whoever changes one is found"""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import IntegrityError, transaction

from randomization import ledger as chain
from tests import cast
from trial.models import AuditEvent, LedgerHead, Study
from trial.services import ledger
from trial.services.act import Operator


@pytest.fixture
def written(ann):
    """A study's ledger after somebody was randomized."""
    cast.randomized(ann)
    return ann.study


def test_a_new_ledger_is_empty_and_whole(db):
    study = Study.objects.create(code="NEW", protocol_file=b"", protocol_sha256="", created_at=cast.AT)
    ledger.begin(study)

    assert ledger.first_fault(study) is None
    assert (ledger.length(study), LedgerHead.objects.get(study=study).h) == (0, chain.GENESIS)


def test_the_entries_are_numbered_and_chained(written):
    entries = list(AuditEvent.objects.filter(study=written))

    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert [entry.prev for entry in entries] == [chain.GENESIS, *(entry.h for entry in entries[:-1])]
    assert ledger.first_fault(written) is None
    assert ledger.length(written) == len(entries)


def test_the_story_of_a_participant_can_be_read(written):
    told = AuditEvent.objects.filter(object="01-001").values_list("action", "actor", "role")

    assert list(told) == [
        ("SCREENED", "ann", "coordinator"),
        ("RED_FLAGS_CHECKED", "kim", "certifier"),
        ("CONSENTED", "ann", "coordinator"),
        *[("ASSESSMENT_SUBMITTED", "01-001", "participant")] * 4,
        ("REPORT_ENTERED", "ida", "author"),
        ("VERSION_WRITTEN", "ida", "author"),
        ("VERSION_CERTIFIED", "kim", "certifier"),
        ("VERSION_WRITTEN", "ida", "author"),
        ("VERSION_CERTIFIED", "kim", "certifier"),
        ("RANDOMIZED", "ann", "coordinator"),
    ]


CHANGES = {
    "at": cast.AT + timedelta(seconds=1),
    "actor": "bob",
    "role": "monitor",
    "action": "CONSENTED",
    "object": "01-999",
    "body": {"eligible": 0},
    "h": "0" * 64,
}


@pytest.mark.parametrize("field", CHANGES)
def test_a_changed_entry_is_named(owner, written, field):
    AuditEvent.objects.filter(study=written, seq=12).update(**{field: CHANGES[field]})

    assert ledger.first_fault(written) == "entry 12: its content is not what was written"


def test_a_changed_entry_whose_hash_was_made_anew_is_found_at_the_next(owner, written):
    entry = AuditEvent.objects.get(study=written, seq=12)
    entry.actor = "bob"
    entry.h = chain.entry_hash(ledger.entry(entry))
    AuditEvent.objects.filter(pk=entry.pk).update(actor=entry.actor, h=entry.h)

    assert ledger.first_fault(written) == "entry 13: it does not follow the entry before it"


def test_a_missing_entry_is_named(owner, written):
    AuditEvent.objects.filter(study=written, seq=12)._raw_delete("default")

    assert ledger.first_fault(written) == "entry 12: the number here is 13"


def test_entries_in_another_order_are_found(owner, written):
    first, second = AuditEvent.objects.filter(study=written, seq__in=(12, 13))
    AuditEvent.objects.filter(pk=first.pk).update(seq=1000)
    AuditEvent.objects.filter(pk=second.pk).update(seq=12)
    AuditEvent.objects.filter(pk=first.pk).update(seq=13)

    assert ledger.first_fault(written) == "entry 12: it does not follow the entry before it"


def test_an_end_that_was_cut_off_does_not_fit_the_head(owner, written):
    length = ledger.length(written)
    AuditEvent.objects.filter(study=written, seq=length)._raw_delete("default")

    assert ledger.first_fault(written) == (
        f"entry {length - 1}: the ledger ends here, its head is at {length}"
    )


def test_a_ledger_that_was_emptied_does_not_fit_its_head(owner, written):
    length = ledger.length(written)
    AuditEvent.objects.filter(study=written)._raw_delete("default")

    assert ledger.first_fault(written) == f"entry 0: the ledger ends here, its head is at {length}"


def test_ledger_has_one_entry_a_number(written):
    entry = AuditEvent.objects.filter(study=written).first()
    entry.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save(force_insert=True)
    entry.seq = 1000
    entry.save(force_insert=True)


def test_each_study_has_a_ledger_of_its_own(written):
    other = cast.sealed_study(replace={'code = "REASSURE"': 'code = "OTHER"'})[0]

    assert AuditEvent.objects.get(study=other, seq=1).prev == chain.GENESIS
    assert ledger.first_fault(other) is ledger.first_fault(written) is None


def test_times_are_kept_in_utc_whatever_the_clock_of_the_place(study):
    east = timezone(timedelta(hours=5, minutes=30))
    at = datetime(2031, 3, 3, 15, 30, tzinfo=east)

    entry = ledger.record(AuditEvent.Action.LOADED, "X", by=Operator(study), at=at)

    assert entry.at.tzinfo is UTC
    assert ledger.entry(entry)["ts"] == "2031-03-03T10:00:00.000000+00:00"
    assert ledger.first_fault(study) is None


def test_no_two_acts_write_at_the_same_time_without_being_in_order(study):
    """Times may stand still or run backwards; the number is the order."""
    for seconds in (0, 0, -3600):
        ledger.record(
            AuditEvent.Action.LOADED, "X", by=Operator(study), at=cast.AT + timedelta(seconds=seconds)
        )

    assert ledger.first_fault(study) is None


def test_an_entry_that_is_older_than_the_one_before_is_flagged(study):
    """The clock went back, or two servers differ (integrity.md T64, F9)."""
    bodies = [
        ledger.record(
            AuditEvent.Action.LOADED, "X", by=Operator(study), at=cast.AT + timedelta(seconds=seconds)
        ).body
        for seconds in (10, 5, 5, 20)
    ]

    assert bodies == [{}, {"clock_back": 1}, {}, {}]


@pytest.mark.parametrize(
    ("text", "kept"),
    [("  plain ", "plain"), ("Müller", "M\\xfcller"), ("😀", "\\U0001f600"), ("a\nb", "a\nb")],
)
def test_free_text_is_kept_in_ascii(text, kept):
    assert ledger.words(text) == kept
