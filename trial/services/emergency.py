"""Unblinding one participant in an emergency: the arm goes to the clinician, and to nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPException

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email

from trial import unblinded
from trial.models import AuditEvent, Member, Membership, Participant, Role, Unblinding
from trial.permissions import Permission, require
from trial.refusals import InvalidInput, MailNotSent, NotRandomized
from trial.services import ledger
from trial.services.act import act

ALARM_WITHIN = timedelta(days=7)  # a second one at a site within this time is looked at


def unblind_one(
    *, participant: Participant, clinician: str, email: str, reason: str, by: Membership, at: datetime
) -> Unblinding:
    """Mail the participant's wording to the named clinician; custodian and lead are told that it happened.

    It is recorded first, so that no arm is ever told without a trace. `MailNotSent` when the mail fails: ask
    again. Nobody else's slot is opened, and no page shows the arm.
    """
    record = _unblind_one(
        participant=participant, clinician=clinician, email=email, reason=reason, by=by, at=at
    )
    _send(_to_clinician(record, unblinded.arm_in_emergency(participant, by=by)))
    if notice := _notice(record):
        _send(notice)
    return record


@act
def _unblind_one(
    *, participant: Participant, clinician: str, email: str, reason: str, by: Membership, at: datetime
) -> Unblinding:
    require(by, Permission.UNBLIND_ONE, study=participant.study)
    if participant.randomized_at is None:
        raise NotRandomized
    for field, value in (("clinician", clinician), ("reason", reason)):
        if not value.strip():
            raise InvalidInput(field, "please fill this in")
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidInput("email", "please give the clinician's e-mail address") from None
    alarm = Unblinding.objects.filter(participant__site=participant.site, at__gt=at - ALARM_WITHIN).exists()
    record = Unblinding.objects.create(
        participant=participant,
        clinician=clinician.strip(),
        email=email,
        reason=reason.strip(),
        alarm=alarm,
        by=by.actor_name,
        at=at,
    )
    ledger.record(
        AuditEvent.Action.UNBLINDED_IN_EMERGENCY,
        participant.code,
        by=by,
        at=at,
        reason=ledger.words(reason),
        clinician=ledger.words(clinician),
        alarm=int(alarm),
    )
    return record


def _to_clinician(record: Unblinding, wording: str) -> EmailMessage:
    participant = record.participant
    label = next(arm.label for arm in participant.study.protocol.arms if arm.code == wording)
    return EmailMessage(
        subject=f"Emergency unblinding of {participant.code}",
        body=(
            f"Dear {record.clinician},\n\n"
            f"participant {participant.code} of the study {participant.study.code} read their MRI report in "
            f"this version: {label}.\n\n"
            "You asked to know this for the participant's care. Please tell nobody of the study team.\n"
        ),
        to=[record.email],
    )


def _notice(record: Unblinding) -> EmailMessage | None:
    """To custodian and lead, without the arm; None when none of them has an address."""
    study = record.participant.study
    told = Member.objects.filter(
        memberships__study=study, memberships__role__in=[Role.CUSTODIAN, Role.INVESTIGATOR]
    ).exclude(email="")
    alarm = "\nThere was another one at this site within a week.\n" if record.alarm else ""
    notice = EmailMessage(
        subject=f"A participant of {study.code} was unblinded",
        body=(
            f"{record.participant.code} was unblinded on {record.at:%d %B %Y at %H:%M} (UTC) by {record.by}; "
            f"{record.clinician} was told.\nReason: {record.reason}\n{alarm}"
        ),
        to=list(told.values_list("email", flat=True)),
    )
    return notice if notice.to else None


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except (OSError, SMTPException) as error:
        raise MailNotSent("It is recorded, but the mail could not be sent. Please try again.") from error
