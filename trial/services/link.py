"""The participant's link: made when it is sent, told to nobody else, exchanged for a session."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F

from trial.models import AuditEvent, Link, Membership, Participant
from trial.permissions import Permission, require
from trial.refusals import HasWithdrawn, LinkNotValid, MailNotSent, NotConsented
from trial.selectors.participant import has
from trial.services import ledger
from trial.services.act import act

TOKEN_BYTES = 16  # 128 bits
VALID_FOR = timedelta(days=120)
USES = 50  # each device that opens the link takes one


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def make(participant: Participant, at: datetime) -> str:
    """A new link for the participant; the address is returned once and can never be read again."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    Link.objects.create(
        participant=participant,
        token_sha256=token_hash(token),
        sent_at=at,
        expires_at=at + VALID_FOR,
        uses_left=USES,
    )
    return f"{settings.BASE_URL.rstrip('/')}/p/{token}/"


def send(*, participant: Participant, by: Membership, at: datetime) -> None:
    """Mail the participant their link. It is shown to nobody else, so the coordinator stays blind.

    The mail goes out after the commit, so that a slow mail server holds nobody up; `MailNotSent` when it
    fails, and the coordinator asks again: a link that was never mailed harms nobody.
    """
    _mail(participant, _prepare(participant=participant, by=by, at=at))


@act
def _prepare(*, participant: Participant, by: Membership, at: datetime) -> str:
    require(by, Permission.SEND_LINK, site=participant.site)
    if not has(participant, "consent"):
        raise NotConsented
    if has(participant, "withdrawal"):
        raise HasWithdrawn
    address = make(participant, at)
    ledger.record(AuditEvent.Action.LINK_SENT, participant.code, by=by, at=at)
    return address


def _mail(participant: Participant, address: str) -> None:
    """One text for everyone: no arm, no report, no title of a study that tells what is compared."""
    message = EmailMessage(
        subject="Your study page",
        body=(
            f"Dear {participant.identity.name},\n\n"
            "thank you for taking part in our study. Your personal page, with your questions and your "
            f"report, is here:\n\n{address}\n\n"
            "Please keep this link to yourself. You can stop at any time without giving a reason.\n\n"
            f"The study team at {participant.site.name}\n"
        ),
        to=[participant.identity.email],
    )
    try:
        message.send()
    except (OSError, SMTPException) as error:
        raise MailNotSent from error


@transaction.atomic
def exchange(*, token: str, at: datetime) -> Participant:
    """Use a link: the participant it belongs to. The refusal is the same whatever is wrong with it."""
    link = (
        Link.objects.select_for_update(of=("self",))
        .filter(token_sha256=token_hash(token), expires_at__gt=at, uses_left__gt=0)
        .select_related("participant__study")
        .first()
    )
    if link is None:
        raise LinkNotValid
    Link.objects.filter(pk=link.pk).update(uses_left=F("uses_left") - 1)
    return link.participant
