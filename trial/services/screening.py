"""Screening: is this person eligible, and has a radiologist looked for critical findings?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from trial import identity
from trial.models import (
    AuditEvent,
    CriticalFinding,
    Decline,
    Identity,
    Membership,
    Participant,
    RedFlagCheck,
    Screening,
    Site,
)
from trial.permissions import Permission, require
from trial.refusals import AlreadyDone, AlreadyRandomized, InvalidInput, KnownPerson, StudyLocked
from trial.services import ledger
from trial.services.act import act

YOUNGEST, OLDEST = 18, 110


@act
def screen(
    *,
    site: Site,
    name: str,
    email: str,
    birth_year: int,
    sex: str,
    answers: Mapping[str, bool],
    by: Membership,
    at: datetime,
    other_person: bool = False,
) -> Participant:
    """Enter a person who was assessed for eligibility, with the answer to each criterion.

    `KnownPerson` when somebody of this name and year of birth is randomized already, unless `other_person`
    says that it is somebody else, which is recorded.
    """
    require(by, Permission.SCREEN, site=site)
    if site.study.locked_at is not None:
        raise StudyLocked
    _check_age(birth_year, at)
    code = _next_code(site)
    person = identity.person(site.study.code, f"{name} {code}" if other_person else name, birth_year)
    if known := Participant.objects.filter(
        study=site.study, person=person, randomized_at__isnull=False
    ).first():
        raise KnownPerson(f"Somebody of this name and year of birth is randomized already, as {known.code}.")
    participant = Participant.objects.create(
        study=site.study,
        site=site,
        code=code,
        person=person,
        birth_year=birth_year,
        sex=sex,
        screened_at=at,
        eligible=_is_eligible(site, answers),
    )
    Identity.objects.create(participant=participant, name=name, email=email)
    Screening.objects.create(participant=participant, answers=dict(answers))
    homonym = {"other_person": 1} if other_person else {}
    ledger.record(
        AuditEvent.Action.SCREENED,
        participant.code,
        by=by,
        at=at,
        eligible=int(participant.eligible),
        **homonym,
    )
    return participant


def _check_age(birth_year: int, at: datetime) -> None:
    if not YOUNGEST <= at.year - birth_year <= OLDEST:
        raise InvalidInput("birth_year", f"the age must be between {YOUNGEST} and {OLDEST} years")


def _next_code(site: Site) -> str:
    """The next pseudonym of the site; the ledger's lock keeps two people from getting the same."""
    return f"{site.code}-{site.participants.count() + 1:03d}"


def _is_eligible(site: Site, answers: Mapping[str, bool]) -> bool:
    criteria = site.study.protocol.eligibility
    if unknown := set(answers) - {criterion.id for criterion in criteria}:
        raise InvalidInput(min(unknown)[:20], "this protocol has no such criterion")
    if unanswered := [criterion.id for criterion in criteria if criterion.id not in answers]:
        raise InvalidInput(unanswered[0], "please answer every criterion")
    return all(answers[criterion.id] == (criterion.kind == "inclusion") for criterion in criteria)


@act
def decline(*, participant: Participant, reason: str, by: Membership, at: datetime) -> None:
    """An eligible person does not take part after all; they stay in the flow diagram."""
    require(by, Permission.SCREEN, site=participant.site)
    if participant.randomized_at is not None:
        raise AlreadyRandomized("This participant is randomized; record a withdrawal instead.")
    if Decline.objects.filter(participant=participant).exists():
        raise AlreadyDone
    if reason not in Decline.Reason.values:
        raise InvalidInput("reason", "please choose one of the reasons")
    Decline.objects.create(participant=participant, reason=reason, at=at)
    ledger.record(AuditEvent.Action.DECLINED, participant.code, by=by, at=at, reason=reason)


@act
def check_red_flags(
    *, participant: Participant, flags: Collection[str], finding: str = "", by: Membership, at: datetime
) -> None:
    """A radiologist says which red flags the MRI shows; any of them opens a critical finding."""
    require(by, Permission.CERTIFY_REPORT, study=participant.study)
    known = {flag.id for flag in participant.study.protocol.red_flags}
    if unknown := sorted(set(flags) - known):
        raise InvalidInput("flags", f"{unknown[0]!r} is not a red flag of this protocol")
    if RedFlagCheck.objects.filter(participant=participant).exists():
        raise AlreadyDone("The critical-finding check of this participant was recorded before.")
    if flags and not finding.strip():
        raise InvalidInput("finding", "please describe the critical finding")
    RedFlagCheck.objects.create(participant=participant, flags=sorted(flags), at=at, by=by)
    if flags:
        CriticalFinding.objects.create(
            participant=participant, finding=finding, identified_at=at, radiologist=by.member.name
        )
    ledger.record(AuditEvent.Action.RED_FLAGS_CHECKED, participant.code, by=by, at=at, flags=len(set(flags)))


@act
def close_critical_finding(
    *,
    participant: Participant,
    receiver: str,
    received_at: datetime,
    method: str,
    read_back: bool,
    may_continue: bool,
    by: Membership,
    at: datetime,
) -> None:
    """The treating clinician got the finding and read it back (ACR 2020); may the person take part?"""
    require(by, Permission.CERTIFY_REPORT, study=participant.study)
    finding = CriticalFinding.objects.select_for_update().filter(participant=participant).first()
    if finding is None or not finding.is_open:
        raise AlreadyDone("There is no open critical finding for this participant.")
    _check_loop(finding, receiver, received_at, method, read_back, at)
    finding.receiver, finding.received_at, finding.method = receiver, received_at, method
    finding.read_back, finding.may_continue = True, may_continue
    finding.save()
    ledger.record(
        AuditEvent.Action.CRITICAL_FINDING_CLOSED,
        participant.code,
        by=by,
        at=at,
        may_continue=int(may_continue),
    )


def _check_loop(
    finding: CriticalFinding, receiver: str, received_at: datetime, method: str, read_back: bool, at: datetime
) -> None:
    for field, value in (("receiver", receiver), ("method", method)):
        if not value.strip():
            raise InvalidInput(field, "please fill this in")
    if not finding.identified_at <= received_at <= at:
        raise InvalidInput("received_at", "must be after the finding was identified, and not in the future")
    if not read_back:
        raise InvalidInput("read_back", "the loop is closed only when the receiver has read the finding back")
