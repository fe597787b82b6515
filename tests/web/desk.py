"""A member of staff at their desk: the pages are asked for by name, and read as words."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client
from django.urls import reverse

from tests import cast
from trial.models import AuditEvent, Membership, Participant, Study
from trial.services import study as studies

TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]+>", re.DOTALL)


class Desk:
    """The browser of one member, in one study."""

    def __init__(self, by: Membership) -> None:
        self.by = by
        self.client = Client()
        self.client.force_login(by.member)

    def address(self, page: str, *of: object) -> str:
        """A page's address; a participant, a snapshot or a run is named by its public identifier."""
        return reverse(page, args=[self.by.study.code, *(getattr(one, "public_id", one) for one in of)])

    def get(self, page: str, /, *of: object, **query: str):
        return self.client.get(self.address(page, *of), query)

    def post(self, page: str, /, *of: object, **values: object):
        return self.client.post(self.address(page, *of), values)


def given_a_password(by: Membership) -> Membership:
    """The member, who can now sign certificates and locks."""
    studies.set_password(member=by.member, password=cast.PASSWORD)
    return by


def words(response) -> str:
    """What a person reads on a page."""
    return " ".join(unescape(TAGS.sub(" ", response.content.decode())).split())


def criteria(study: Study, failing: str = "") -> dict[str, str]:
    """The answers of the screening form of an eligible person, or of one who fails a criterion."""
    answers = {one.id: one.kind == "inclusion" for one in study.protocol.eligibility}
    if failing:
        answers[failing] = not answers[failing]
    return {f"criterion-{code}": "yes" if answer else "no" for code, answer in answers.items()}


def recorded(study: Study) -> list[tuple[str, str, str]]:
    """The newest entries of the ledger, newest first: who, what, about whom."""
    return list(
        AuditEvent.objects.filter(study=study).order_by("-seq").values_list("actor", "action", "object")[:5]
    )


def refusals(study: Study) -> list[tuple[str, str, str]]:
    """What was refused, newest first: who tried, which act, why."""
    events = AuditEvent.objects.filter(study=study, action="REFUSED").order_by("-seq")
    return [(event.actor, event.body["act"], event.body["refusal"]) for event in events]


def now(participant: Participant) -> Participant:
    return cast.fresh(participant)
