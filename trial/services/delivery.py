"""Giving the participant their report to read: the certified bytes, or nothing."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.db.models import F

from trial import unblinded
from trial.models import AuditEvent, Delivery, Member, Membership, Participant, ReportVersion
from trial.models.allocation import DeliveredVersion
from trial.refusals import HasWithdrawn, NotOpen, NotPermitted, TextAltered
from trial.selectors.participant import has
from trial.services import ledger
from trial.services.act import act
from trial.services.report import text_hash


@act
def read(*, by: Participant, at: datetime) -> str:
    """The text of the participant's own version; that it was opened is recorded, not which it was."""
    version = _version(by)
    delivery, first = Delivery.objects.get_or_create(
        participant=by, defaults={"first_opened_at": at, "last_opened_at": at}
    )
    if first:
        DeliveredVersion.objects.create(participant=by, version=version, sha256=version.sha256, at=at)
        ledger.record(AuditEvent.Action.REPORT_OPENED, by.code, by=by, at=at)
    else:
        Delivery.objects.filter(pk=delivery.pk).update(last_opened_at=at, times_opened=F("times_opened") + 1)
    return version.text


@act
def reread(*, by: Participant, at: datetime) -> str:
    """The text again, for a page that is loaded after `read` has recorded the opening."""
    if not has(by, "delivery"):
        raise NotOpen("Your report was not opened yet.")
    return _version(by).text


def _version(by: Participant) -> ReportVersion:
    if has(by, "withdrawal"):
        raise HasWithdrawn
    version = unblinded.version_for(by)
    if version.certified_at is None or text_hash(version.text) != version.sha256:
        raise TextAltered
    return version


def deny(*, member: Member, at: datetime) -> None:
    """A member of staff asked for a participant's report: recorded in each study that they work in."""
    for by in member.memberships.select_related("study", "member"):
        with suppress(NotPermitted):
            read_as_staff(by=by, at=at)


@act
def read_as_staff(*, by: Membership, at: datetime) -> None:
    raise NotPermitted("The study team may not see a participant's report.")
