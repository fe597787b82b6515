"""The participant's way in. Only a token's hash is stored, so no one can read a link from the database."""

from __future__ import annotations

from django.db import models

from trial.models.member import Membership
from trial.models.participant import Participant


class Link(models.Model):
    """A link that was sent; good for a while and for a number of exchanges."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="links")
    token_sha256 = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    uses_left = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"Link of {self.participant_id}"


class ApiToken(models.Model):
    """A program's way in, for one membership; stored hashed, with an end."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="tokens")
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Token of {self.membership_id}"
