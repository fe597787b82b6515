"""Snapshots: the blinded data of a moment, whole, named by their hash, without an arm"""

import hashlib
import io
from datetime import timedelta

import pandas as pd
import pytest

from tests import cast
from trial.models import AuditEvent, Snapshot
from trial.refusals import InvalidInput, NotPermitted
from trial.selectors import dataset, flow
from trial.services import consent, screening, snapshot

DAY = timedelta(days=1)


def taken(cal, name="First"):
    return snapshot.take(name=name, by=cal, at=cast.AT)


def test_a_snapshot_is_named_by_the_hash_of_its_bytes(study, ann, cal):
    cast.randomized(ann)
    found = taken(cal)
    assert found.sha256 == hashlib.sha256(bytes(found.dataset)).hexdigest()
    assert AuditEvent.objects.get(study=study, action="SNAPSHOT_TAKEN").body == {"sha256": found.sha256}


def test_the_same_data_have_the_same_hash_and_other_data_another(ann, cal):
    participant = cast.randomized(ann)
    first, again = taken(cal), taken(cal, "Again")
    cast.answer(participant, "W1", at=cast.AT + 7 * DAY)
    assert first.sha256 == again.sha256 != taken(cal, "Later").sha256


def test_the_dataset_has_the_columns_of_the_codebook_and_none_that_tells_an_arm(study, ann, cal):
    cast.randomized(ann)
    data = pd.read_csv(io.BytesIO(bytes(taken(cal).dataset)))
    assert list(data.columns) == [column.name for column in dataset.columns(study)]
    assert not {"ARM", "ARMCD", "TRT01P", "TRT01A", "ACTARM"} & set(data.columns)
    content = bytes(Snapshot.objects.get().dataset).decode() + str(Snapshot.objects.get().flow)
    assert "factual" not in content
    assert "reassuring" not in content


def test_the_dataset_has_no_name_and_no_address(ann, cal):
    cast.randomized(ann, name="Canary Person")
    content = bytes(taken(cal).dataset)
    assert b"Canary" not in content
    assert b"example.org" not in content


def test_every_randomized_participant_has_a_row_a_visit_answered_or_not(study, ann):
    cast.randomized(ann, high=True)
    cast.screened(ann)
    data = dataset.frame(study)
    assert list(data["AVISIT"]) == ["BL", "W1", "W6", "W12"]
    assert list(data["USUBJID"].unique()) == ["REASSURE-01-001"]
    assert data.loc[0, ["PCSTOT", "NRS24H", "RMDQTOT", "PSEQ2TOT"]].tolist() == [52, 10, 24, 12]
    assert data["PCSTOT_BL"].tolist() == [52] * 4
    assert data.loc[1:, "PCSTOT"].isna().all()


def test_a_late_visit_and_a_withdrawal_are_marked(study, ann):
    participant = cast.randomized(ann)
    cast.answer(participant, "W1", at=cast.AT + 20 * DAY)
    consent.withdraw(participant=participant, reason="lost", by=ann, at=cast.AT + 21 * DAY)
    data = dataset.frame(study).set_index("AVISIT")
    assert (data.loc["W1", "LATE"], data.loc["W1", "ADT"]) == ("Y", "2031-03-23")
    assert (data["WITHDRAWN"] == "Y").all()


def test_a_name_is_used_once_and_is_short(cal):
    taken(cal)
    for name in ("First", " ", "x" * 61):
        with pytest.raises(InvalidInput, match="name"):
            taken(cal, name)


def test_only_the_statistician_takes_snapshots(ann, paul):
    for by in (ann, paul):
        with pytest.raises(NotPermitted):
            taken(by)


def test_everyone_who_was_assessed_is_counted_once(study, ann, kim):
    cast.screened(ann, failing="adult")
    screening.decline(participant=cast.screened(ann), reason="other", by=ann, at=cast.AT)
    routed = cast.checked(ann, flags=("tumour",))
    screening.close_critical_finding(
        participant=routed,
        receiver="Dr Green",
        received_at=cast.AT,
        method="telephone",
        read_back=True,
        may_continue=False,
        by=kim,
        at=cast.AT,
    )
    cast.consented(ann)
    reader, stopped = cast.randomized(ann), cast.randomized(ann)
    cast.read_report(reader)
    consent.withdraw(participant=stopped, reason="burden", by=ann, at=cast.AT)
    facts = flow.facts(study)
    assert facts["assessed"] == 6
    assert facts["excluded"] == {
        "Not meeting the eligibility criteria": 1,
        "Other reason": 1,
        "Other: not randomized before the snapshot": 1,
    }
    assert facts["critical"] == 1
    assert facts["randomized"] == [
        {"participant": "REASSURE-01-005", "received": True, "withdrawn": "", "left": ""},
        {"participant": "REASSURE-01-006", "received": False, "withdrawn": "Too much effort", "left": "W1"},
    ]
