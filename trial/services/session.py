"""A participant's session: a signed value, the same for pages and API, that ends with a withdrawal."""

from __future__ import annotations

from datetime import timedelta

from django.core import signing

from trial.models import Participant
from trial.refusals import LinkNotValid
from trial.selectors.participant import has

VALID_FOR = timedelta(days=30)
SALT = "trial.participant"


def issue(participant: Participant) -> str:
    """A value that names the participant and cannot be forged; for a cookie or a bearer header."""
    return signing.dumps(str(participant.public_id), salt=SALT)


def participant_of(value: str) -> Participant:
    """Whose session it is; `LinkNotValid`, always the same, when there is none any more."""
    try:
        public_id = signing.loads(value, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature:
        raise LinkNotValid from None
    participant = Participant.objects.select_related("study", "site").filter(public_id=public_id).first()
    if participant is None or has(participant, "withdrawal"):
        raise LinkNotValid
    return participant
