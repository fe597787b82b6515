"""The wall: no way leads from a participant to the arm, in code or in the database"""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, transaction

from tests import cast
from trial import unblinded, vault
from trial.models import AuditEvent, IdempotencyKey, Membership, Participant, ReportVersion, Study
from trial.models.allocation import Allocation, DeliveredVersion, Sealing, StratumPointer
from trial.refusals import NotPermitted, NotRandomized, StillBlind
from trial.services import allocation
from trial.services import study as studies

ROOT = Path(__file__).resolve().parents[2]
ARMS = ("factual", "reassuring")
INSIDE = {Sealing, StratumPointer, Allocation, DeliveredVersion}
OUTSIDE = [model for model in apps.get_app_config("trial").get_models() if model not in INSIDE]


@pytest.mark.parametrize("model", OUTSIDE, ids=lambda model: model.__name__)
def test_no_relation_leads_from_any_model_to_the_arm(model):
    towards = {relation.related_model for relation in model._meta.get_fields() if relation.is_relation}
    assert not towards & INSIDE
    assert not {name for name in dir(model) if "alloc" in name or name in {"arm", "sealed_arm"}}


@pytest.mark.parametrize(
    "lookup",
    ["allocation__sealed_arm", "allocation__slot", "deliveredversion__version", "arm", "allocation_set"],
)
def test_no_filter_or_order_reaches_the_arm(db, lookup):
    """integrity.md 0.7: a blinded user filtered by it in an admin list."""
    for ask in (lambda: Participant.objects.filter(**{lookup: "factual"}), lambda: _order(lookup)):
        with pytest.raises(FieldError):
            ask()


def _order(lookup):
    return list(Participant.objects.order_by(lookup))


LOOKUPS = {"filter", "exclude", "get", "order_by", "annotate", "alias", "values", "values_list", "only"}


def test_no_lookup_is_made_of_what_somebody_sent():
    """Django lets `filter(**{"+__…": …})` pass even a hidden relation: no such dictionary is ever opened."""
    opened = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "trial").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", None) in LOOKUPS
        if any(keyword.arg is None for keyword in node.keywords)
    ]
    assert opened == []


@pytest.fixture
def everything(ann):
    """A study in which much has happened to several people."""
    for high in (False, True):
        for _ in range(6):
            cast.read_report(cast.randomized(ann, high=high))
    return ann.study


def test_no_model_tells_the_arm_when_it_is_printed(everything):
    printed = [
        str(row) for model in apps.get_app_config("trial").get_models() for row in model._base_manager.all()
    ]
    assert len(printed) > 100
    assert [text for text in printed if any(arm in text.lower() for arm in ARMS)] == []


TABLES = {
    model._meta.db_table
    for model in apps.get_app_config("trial").get_models()
    # The protocol names the arms, every participant has a version in each wording, and that both were
    # written and certified stands in the ledger: none of it tells who has which.
    if model not in {Study, ReportVersion, AuditEvent}
}


def test_no_column_holds_an_arm_in_the_clear(everything):
    """integrity.md T60: what a copy of the database tells."""
    for table in sorted(TABLES):
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            content = b"\n".join(_bytes(value) for row in cursor.fetchall() for value in row)
        assert not any(arm.encode() in content for arm in ARMS), table


def _bytes(value):
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def test_equal_arms_are_not_equal_in_the_database(everything):
    sealed = [bytes(row.sealed_arm) for row in Allocation.objects.all()]
    assert len(set(sealed)) == len(sealed) == 12
    assert len({len(each) for each in sealed}) == 1


def test_the_trail_tells_the_leaf_and_never_the_slot_or_the_arm(everything):
    entries = AuditEvent.objects.filter(action="RANDOMIZED")
    assert {tuple(entry.body) for entry in entries} == {("leaf",)}
    assert len({entry.body["leaf"] for entry in entries}) == 12


def test_the_trail_names_a_wording_only_where_both_are_named(everything):
    """Each participant's versions are both written and both certified before anyone is randomized."""
    for participant in Participant.objects.all():
        for action in ("VERSION_WRITTEN", "VERSION_CERTIFIED"):
            entries = AuditEvent.objects.filter(object=participant.code, action=action)
            assert sorted(entry.body["wording"] for entry in entries) == sorted(ARMS)


def test_a_kept_reply_holds_no_arm(ann):
    allocation.randomize(participant=cast.certified(ann), by=ann, at=cast.AT, key="k")

    reply = IdempotencyKey.objects.get().reply
    told = {"entry", "entry_number", "leaf", "participant", "randomized_at", "replayed", "signature"}
    assert reply.keys() == told


# The gate ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["cal", "paul"])
def test_nobody_sees_arms_before_the_unblinding(everything, paul, name):
    by = cast.who(everything, name)
    with pytest.raises(StillBlind):
        unblinded.arms(by=by)

    studies.lock(by=paul, at=cast.AT)
    with pytest.raises(StillBlind):
        unblinded.arms(by=Membership.objects.get(pk=by.pk))


def test_after_the_unblinding_those_who_may_see_results_see_arms(everything, paul, finn, cal):
    studies.lock(by=paul, at=cast.AT)
    studies.unblind(reason="The analysis is due.", by=finn, at=cast.AT)

    arms = unblinded.arms(by=Membership.objects.get(pk=cal.pk))

    rows = Allocation.objects.select_related("participant")
    assert arms == {row.participant.code: vault.unseal_arm(row.sealed_arm) for row in rows}
    assert sorted(set(arms.values())) == sorted(ARMS)


@pytest.mark.parametrize("name", ["ann", "ida", "kim", "finn", "mona"])
def test_even_after_the_unblinding_others_see_none(everything, paul, finn, name):
    studies.lock(by=paul, at=cast.AT)
    studies.unblind(reason="The analysis is due.", by=finn, at=cast.AT)

    with pytest.raises(NotPermitted):
        unblinded.arms(by=Membership.objects.get(pk=cast.who(everything, name).pk))


def test_the_participant_gets_the_version_of_their_arm(ann):
    participant = cast.randomized(ann)

    version = unblinded.version_for(participant)

    assert version.wording == vault.unseal_arm(Allocation.objects.get().sealed_arm)
    assert version.participant == participant


def test_whoever_is_not_randomized_has_no_version(ann):
    with pytest.raises(NotRandomized):
        unblinded.version_for(cast.certified(ann))


# What the database itself refuses ------------------------------------------------------------------


def row(participant, **changed):
    values = {"stratum": "{}", "slot": 1, "sealed_arm": b"x", "leaf": "y", "at": cast.AT, **changed}
    return Allocation(study=participant.study, participant=participant, **values)


def accepted(*rows):
    try:
        with transaction.atomic():
            Allocation.objects.bulk_create(rows)
    except IntegrityError:
        return False
    return True


def test_slot_is_given_once(ann):
    one, two = cast.screened(ann), cast.screened(ann)
    assert not accepted(row(one), row(two))
    assert accepted(row(one), row(two, slot=2))


def test_the_same_slot_of_another_stratum_is_another_slot(ann):
    one, two = cast.screened(ann), cast.screened(ann)
    assert accepted(row(one), row(two, stratum='{"site":"02"}'))


def test_a_participant_has_one_allocation(ann):
    one = cast.screened(ann)
    assert not accepted(row(one), row(one, slot=2))


def test_slots_count_from_one(ann):
    one = cast.screened(ann)
    assert not accepted(row(one, slot=0))
    assert accepted(row(one, slot=1))


def test_stratum_has_one_pointer(ann):
    StratumPointer.objects.create(study=ann.study, stratum="{}")
    StratumPointer.objects.create(study=ann.study, stratum="{1}")
    with pytest.raises(IntegrityError), transaction.atomic():
        StratumPointer.objects.create(study=ann.study, stratum="{}")


def test_a_study_is_sealed_once(study):
    with pytest.raises(IntegrityError), transaction.atomic():
        Sealing.objects.create(study=study, sealed_config=b"", sealed_seed=b"", commitment="", at=cast.AT)


def test_idempotency_key_is_used_once(study):
    values = {"fingerprint": "", "reply": {}, "at": cast.AT}
    IdempotencyKey.objects.create(study=study, key="k", **values)
    IdempotencyKey.objects.create(study=study, key="K", **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        IdempotencyKey.objects.create(study=study, key="k", **values)


def test_what_is_randomized_is_not_deleted(ann):
    participant = cast.randomized(ann)
    with pytest.raises(IntegrityError):
        participant.delete()
