"""A study begins with its protocol, is locked when the data are complete, and is unblinded after that."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from trial.models import AuditEvent, Member, Membership, Role, Site, Study
from trial.permissions import Permission, require
from trial.refusals import AlreadyDone, AlreadyUnblinded, InvalidInput, NotLocked
from trial.services import ledger
from trial.services import protocol as protocols
from trial.services.act import Operator, act


@transaction.atomic
def load(*, data: bytes, source: str, at: datetime) -> Study:
    """Begin a study from its protocol's bytes; `ProtocolError` names what is wrong with them."""
    protocol = protocols.check(data, source)
    if Study.objects.filter(code=protocol.study.code).exists():
        raise AlreadyDone(f"There is a study {protocol.study.code} already.")
    study = Study.objects.create(
        code=protocol.study.code, protocol_file=data, protocol_sha256=protocol.sha256, created_at=at
    )
    Site.objects.bulk_create(Site(study=study, code=site.code, name=site.name) for site in protocol.sites)
    ledger.begin(study)
    ledger.record(
        AuditEvent.Action.LOADED, study.code, by=Operator(study), at=at, protocol_sha256=protocol.sha256
    )
    return study


@transaction.atomic
def create_sign_in(*, username: str, name: str, password: str | None) -> Member:
    """A person's sign-in; without a password nobody can use it until one is set."""
    if Member.objects.filter(username=username).exists():
        raise InvalidInput("username", f"{username} is taken; a sign-in is never given to a second person")
    return Member.objects.create_user(username=username, password=password, name=name)


@transaction.atomic
def set_password(*, member: Member, password: str) -> None:
    """Set a password; it ends the sessions that were open."""
    member.set_password(password)
    member.save(update_fields=["password"])


@act
def add_member(*, member: Member, role: Role, site: Site | None, by: Operator, at: datetime) -> Membership:
    """Give a person their one role in the study."""
    if Membership.objects.filter(study=by.study, member=member).exists():
        raise AlreadyDone("This person has a role in the study already; nobody has two.")
    membership = Membership.objects.create(study=by.study, member=member, role=role, site=site)
    ledger.record(
        AuditEvent.Action.MEMBER_ADDED, by.study.code, by=by, at=at, member=member.username, as_role=str(role)
    )
    return membership


@act
def lock(*, by: Membership, at: datetime) -> Study:
    """End the collection of data: from here on nothing that is analysed changes."""
    require(by, Permission.LOCK)
    study = Study.objects.select_for_update().get(pk=by.study_id)
    if study.locked_at is not None:
        raise AlreadyDone("The study is locked already.")
    study.locked_at = at
    study.save(update_fields=["locked_at"])
    ledger.record(AuditEvent.Action.LOCKED, study.code, by=by, at=at)
    return study


@act
def unblind(*, reason: str, by: Membership, at: datetime) -> Study:
    """Open the allocation to those who analyse. Only after the lock, and only by the custodian."""
    require(by, Permission.UNBLIND)
    study = Study.objects.select_for_update().get(pk=by.study_id)
    if study.locked_at is None:
        raise NotLocked("The study must be locked before it is unblinded.")
    if study.unblinded_at is not None:
        raise AlreadyUnblinded("The study is unblinded already.")
    if not reason.strip():
        raise InvalidInput("reason", "please say why the study is unblinded now")
    study.unblinded_at = at
    study.save(update_fields=["unblinded_at"])
    ledger.record(AuditEvent.Action.UNBLINDED, study.code, by=by, at=at, reason=ledger.words(reason))
    return study
