"""A program's way in: a token that stands for one membership, stored hashed, with an end."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from trial.models import ApiToken, AuditEvent, Membership
from trial.permissions import Actor
from trial.refusals import InvalidInput, NotPermitted
from trial.services import ledger
from trial.services.act import act

TOKEN_BYTES = 32
LONGEST = 366  # days


@act
def issue(*, membership: Membership, days: int, by: Actor, at: datetime) -> str:
    """A new token for the membership; returned once, and never to be read again."""
    if membership.study_id != by.study.pk:
        raise NotPermitted("This person does not take part in this study.")
    if not 1 <= days <= LONGEST:
        raise InvalidInput("days", f"a token is valid for 1 to {LONGEST} days")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    ApiToken.objects.create(
        membership=membership,
        token_sha256=_hash(token),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    ledger.record(
        AuditEvent.Action.TOKEN_ISSUED,
        by.study.code,
        by=by,
        at=at,
        member=ledger.words(membership.member.username),
        days=days,
    )
    return token


def membership_of(token: str, *, at: datetime) -> Membership | None:
    """Whose token it is; None, always the same, when it is unknown, over, or the person may not sign in."""
    found = ApiToken.objects.filter(
        token_sha256=_hash(token), expires_at__gt=at, membership__member__is_active=True
    )
    row = found.select_related("membership__member", "membership__study", "membership__site").first()
    return row.membership if row is not None else None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
