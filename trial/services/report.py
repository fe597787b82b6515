"""The report's versions: entered, written, certified by somebody else, and from then on unchangeable."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from trial.models import AuditEvent, Finding, Membership, Participant, Report, ReportVersion
from trial.permissions import Permission, require
from trial.refusals import AlreadyDone, InvalidInput, NotPermitted, VersionLocked
from trial.services import ledger
from trial.services.act import act
from trial.wording import draft

LONGEST = 20_000  # characters


def text_hash(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode()).hexdigest()


@act
def enter(
    *,
    participant: Participant,
    original: str,
    findings: Sequence[draft.Finding],
    by: Membership,
    at: datetime,
) -> Report:
    """Enter the radiologist's report as it is, and its findings one by one."""
    require(by, Permission.WRITE_REPORT, study=participant.study)
    if Report.objects.filter(participant=participant).exists():
        raise AlreadyDone("The report of this participant was entered before.")
    _check_text("original", original)
    report = Report.objects.create(participant=participant, original=original, at=at)
    Finding.objects.bulk_create(
        Finding(
            participant=participant,
            position=position,
            kind=finding.kind,
            level=finding.level,
            side=finding.side,
            grade=finding.grade,
        )
        for position, finding in enumerate(findings, start=1)
    )
    ledger.record(
        AuditEvent.Action.REPORT_ENTERED, participant.code, by=by, at=at, sha256=text_hash(original)
    )
    return report


@act
def write(
    *, participant: Participant, wording: str, text: str, by: Membership, at: datetime
) -> ReportVersion:
    """Write or rewrite one version; once it is certified its text no longer changes."""
    require(by, Permission.WRITE_REPORT, study=participant.study)
    if wording not in {arm.code for arm in participant.study.protocol.arms}:
        raise InvalidInput("wording", "this protocol has no such wording")
    _check_text("text", text)
    version = (
        ReportVersion.objects.select_for_update().filter(participant=participant, wording=wording).first()
    )
    if version is not None and version.certified_at is not None:
        raise VersionLocked
    version = version or ReportVersion(participant=participant, wording=wording)
    version.text, version.sha256 = text, text_hash(text)
    version.written_by, version.written_at = by, at
    version.save()
    ledger.record(
        AuditEvent.Action.VERSION_WRITTEN,
        participant.code,
        by=by,
        at=at,
        wording=wording,
        sha256=version.sha256,
    )
    return version


def _check_text(field: str, text: str) -> None:
    if not text.strip():
        raise InvalidInput(field, "please write a text")
    if len(text) > LONGEST:
        raise InvalidInput(field, f"the text is longer than {LONGEST} characters")
    if "\0" in text:
        raise InvalidInput(field, "the text holds a character that cannot be shown")


@act
def certify(*, version: ReportVersion, sha256: str, by: Membership, at: datetime) -> ReportVersion:
    """Certify that this very text is accurate and complete; `sha256` names the text that was read."""
    participant = version.participant
    require(by, Permission.CERTIFY_REPORT, study=participant.study)
    version = ReportVersion.objects.select_for_update().get(pk=version.pk)
    if version.certified_at is not None:
        raise AlreadyDone("This version was certified before.")
    if version.written_by_id == by.pk:
        raise NotPermitted("Nobody certifies a text that they wrote.")
    if sha256 != version.sha256 or text_hash(version.text) != sha256:
        raise InvalidInput("sha256", "the text was changed while you read it; please read it again")
    version.certified_by, version.certified_at = by, at
    version.save(update_fields=["certified_by", "certified_at"])
    ledger.record(
        AuditEvent.Action.VERSION_CERTIFIED,
        participant.code,
        by=by,
        at=at,
        wording=version.wording,
        sha256=version.sha256,
    )
    return version
