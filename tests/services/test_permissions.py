"""Who may do what: one question, asked in every service"""

import pytest
from django.db import IntegrityError, transaction

from tests import cast
from trial.models import Member, Membership, Role
from trial.permissions import ROLES, Permission, allows, require
from trial.refusals import NotPermitted

P = Permission
TABLE = {
    "ann": {
        P.SEE_PARTICIPANTS,
        P.SCREEN,
        P.CONSENT,
        P.RANDOMIZE,
        P.SEND_LINK,
        P.SEE_PROGRESS,
        P.RECORD_DEVIATION,
    },
    "ida": {P.WRITE_REPORT},
    "kim": {P.CERTIFY_REPORT},
    "cal": {P.GIVE_SHARE, P.SNAPSHOT, P.ANALYSE, P.SEE_RESULTS, P.SEE_PROGRESS},
    "finn": {P.SEAL, P.UNBLIND, P.UNBLIND_ONE, P.CLOSE_GAP},
    "mona": {P.SEE_PARTICIPANTS, P.READ_TRAIL, P.SEE_PROGRESS},
    "paul": {P.SEE_PARTICIPANTS, P.READ_TRAIL, P.SEE_PROGRESS, P.LOCK, P.SEE_RESULTS, P.CLOSE_GAP},
}


@pytest.mark.parametrize("name", TABLE)
def test_each_role_may_do_this_and_nothing_else(study, name):
    by = cast.who(study, name)
    assert {permission for permission in Permission if allows(by, permission)} == TABLE[name]


def test_every_role_is_in_the_table_and_has_its_sentence():
    assert set(ROLES) == set(Role)
    assert all(sentence.endswith(".") for sentence, _ in ROLES.values())


def test_every_permission_is_held_by_somebody():
    assert set().union(*(held for _, held in ROLES.values())) == set(Permission)


RECRUITING = {P.SCREEN, P.CONSENT, P.RANDOMIZE, P.SEND_LINK}
OPENING = {P.SEAL, P.UNBLIND, P.UNBLIND_ONE, P.ANALYSE, P.SEE_RESULTS}


@pytest.mark.parametrize("role", Role)
def test_no_role_both_recruits_and_unblinds(role):
    """ICH E6(R3) 4.3.8: duties are kept apart."""
    held = ROLES[role][1]
    assert not (held & RECRUITING and held & OPENING)


@pytest.mark.parametrize("role", Role)
def test_nobody_both_writes_and_certifies(role):
    assert not {P.WRITE_REPORT, P.CERTIFY_REPORT} <= ROLES[role][1]


def refusal(by, *question, **where):
    with pytest.raises(NotPermitted) as raised:
        require(by, *question, **where)
    return str(raised.value)


def test_a_permission_that_the_role_has_is_granted(ann, finn):
    require(ann, P.RANDOMIZE, site=ann.site)
    require(ann, P.RANDOMIZE, study=ann.study)
    require(finn, P.SEAL)


def test_a_permission_that_the_role_lacks_is_refused_in_a_sentence(ann):
    assert refusal(ann, P.UNBLIND) == "The role coordinator may not unblind a locked study."


def test_a_coordinator_works_at_one_site(ann, bob):
    assert refusal(ann, P.SCREEN, site=bob.site) == "This participant belongs to another site."


def test_those_without_a_site_work_at_all_of_them(mona, ann, bob):
    for by in (ann, bob):
        require(mona, P.SEE_PARTICIPANTS, site=by.site)


def test_a_role_is_good_in_its_own_study_alone(ann, mona):
    other = cast.sealed_study(replace={'code = "REASSURE"': 'code = "OTHER"'})[0]
    elsewhere = "You do not take part in this study."

    assert refusal(mona, P.READ_TRAIL, study=other) == elsewhere
    assert refusal(ann, P.SCREEN, site=other.sites.get(code="01")) == elsewhere


def test_whoever_was_shut_out_may_do_nothing(ann):
    Member.objects.filter(pk=ann.member_id).update(is_active=False)
    ann = Membership.objects.select_related("member").get(pk=ann.pk)

    assert not any(allows(ann, permission) for permission in Permission)


def test_member_has_one_role_in_a_study(study, ann):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(study=study, member=ann.member, role=Role.CUSTODIAN)


@pytest.mark.parametrize("role", Role)
def test_coordinator_has_a_site_and_nobody_else(study, role):
    site = study.sites.first()
    for number, where in enumerate((None, site)):
        member = Member.objects.create(username=f"{role}{number}", name="New")
        fits = (role == Role.COORDINATOR) == (where is not None)
        try:
            with transaction.atomic():
                Membership.objects.create(study=study, member=member, role=role, site=where)
        except IntegrityError:
            assert not fits
        else:
            assert fits
