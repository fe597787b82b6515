"""Who calls: a program with a member's token, or a participant with the value that their link gave them."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from trial.models import Member, Membership, Participant
from trial.refusals import LinkNotValid
from trial.services import session, token


def _credentials(request: Request, scheme: str) -> str | None:
    """What follows the scheme in the Authorization header; None when it is another scheme or none."""
    parts = get_authorization_header(request).split()
    if not parts or parts[0].lower() != scheme.lower().encode():
        return None
    if len(parts) != 2 or not parts[1].isascii():
        raise AuthenticationFailed(f"The header must read: Authorization: {scheme} <value>")
    return parts[1].decode()


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token <value>`: acts in the one membership for which the token was issued."""

    def authenticate(self, request: Request) -> tuple[Member, Membership] | None:
        value = _credentials(request, "Token")
        if value is None:
            return None
        membership = token.membership_of(value, at=timezone.now())
        if membership is None:
            raise AuthenticationFailed("This token does not work.")
        return membership.member, membership

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class ParticipantAuthentication(BaseAuthentication):
    """`Authorization: Participant <value>`: acts as the participant whose link was exchanged for it."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Participant] | None:
        value = _credentials(request, "Participant")
        if value is None:
            return None
        try:
            return AnonymousUser(), session.participant_of(value)
        except LinkNotValid:
            raise AuthenticationFailed("This session has ended.") from None
