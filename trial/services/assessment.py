"""Answering: each answer is kept as it is given; sending a questionnaire in makes it final."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from instruments import catalogue
from instruments.answers import AnswerError, Missing, check_answer
from instruments.model import Instrument, Item
from trial.models import Assessment, AuditEvent, Participant, Response
from trial.refusals import AlreadySubmitted, InvalidInput, NotFound, NotOpen
from trial.selectors import answers as answered
from trial.selectors import visits
from trial.services import ledger
from trial.services.act import act

Given = str | int | Missing
REASONS = {reason.value: reason for reason in (Missing.SKIPPED, Missing.DECLINED)}  # what a person may say


@transaction.atomic
def answer(
    *, visit: str, instrument: str, given: Mapping[str, Given], by: Participant, at: datetime
) -> Assessment:
    """Keep answers to some items of a questionnaire, with the earlier ones as history.

    An answer equal to the current one adds nothing, so a page that is sent twice counts once.
    `InvalidInput` names the first item whose answer cannot be accepted; then none is kept.
    """
    assessment = _open(by, visit, instrument, at)
    known = {item.code: item for item in _instrument(assessment).items}
    before = answered.current(assessment)
    rows = []
    for code, raw in given.items():
        if code not in known:
            raise InvalidInput(code[:20], "this questionnaire has no such question")
        value = _checked(known[code], raw)
        if before.get(code) != value:
            rows.append(_response(assessment, code, value, at))
    Response.objects.bulk_create(rows)
    return assessment


def _instrument(assessment: Assessment) -> Instrument:
    return catalogue.load(assessment.instrument, assessment.instrument_version)


def _checked(item: Item, raw: Given) -> int | Missing:
    if isinstance(raw, Missing):
        return raw
    if isinstance(raw, str) and raw in REASONS:
        return REASONS[raw]
    try:
        return check_answer(item, raw)
    except AnswerError as error:
        raise InvalidInput(item.code, error.reason) from None


def _response(assessment: Assessment, code: str, value: int | Missing, at: datetime) -> Response:
    if isinstance(value, Missing):
        return Response(assessment=assessment, item=code, missing=value.value, at=at)
    return Response(assessment=assessment, item=code, value=value, at=at)


def _open(by: Participant, visit: str, instrument: str, at: datetime) -> Assessment:
    """The questionnaire, locked for this transaction, if it may be answered now."""
    _check_due(by, visit, instrument, at)
    assessment, _ = Assessment.objects.get_or_create(
        participant=by,
        visit=visit,
        instrument=instrument,
        defaults={"instrument_version": catalogue.load(instrument).version, "opened_at": at},
    )
    assessment = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if assessment.submitted_at is not None:
        raise AlreadySubmitted
    return assessment


def _check_due(by: Participant, visit: str, instrument: str, at: datetime) -> None:
    try:
        status = visits.status(by, visit, at)
    except KeyError:
        raise NotFound from None
    if instrument not in status.visit.instruments:
        raise NotFound
    if not status.can_answer:
        done = status.state in {visits.State.DONE, visits.State.DONE_LATE}
        raise AlreadySubmitted if done else NotOpen


@act
def submit(*, visit: str, instrument: str, by: Participant, at: datetime) -> Assessment:
    """Send a questionnaire in. Items without an answer are kept as skipped, never as zero."""
    assessment = _open(by, visit, instrument, at)
    before = answered.current(assessment)
    skipped = [item.code for item in _instrument(assessment).items if item.code not in before]
    Response.objects.bulk_create(_response(assessment, code, Missing.SKIPPED, at) for code in skipped)
    assessment.submitted_at = at
    assessment.late = visits.status(by, visit, at).state is visits.State.LATE
    assessment.save(update_fields=["submitted_at", "late"])
    ledger.record(
        AuditEvent.Action.ASSESSMENT_SUBMITTED,
        by.code,
        by=by,
        at=at,
        visit=visit,
        instrument=instrument,
        late=int(assessment.late),
        answers_sha256=answers_hash(assessment),
    )
    return assessment


@act
def submit_visit(*, visit: str, by: Participant, at: datetime) -> None:
    """Send in every questionnaire of a visit that was not sent before: all of them, or none."""
    try:
        wanted = by.study.protocol.instruments_at(visit)
    except KeyError:
        raise NotFound from None
    sent = by.assessments.filter(visit=visit, submitted_at__isnull=False).values_list("instrument", flat=True)
    waiting = [instrument for instrument in wanted if instrument not in set(sent)]
    if not waiting:
        raise AlreadySubmitted
    for instrument in waiting:
        submit(visit=visit, instrument=instrument, by=by, at=at)


def answers_hash(assessment: Assessment) -> str:
    """The hash of the final answers: the ledger vouches for them without holding them."""
    final = {code: str(value) for code, value in answered.current(assessment).items()}
    return hashlib.sha256(json.dumps(final, sort_keys=True).encode()).hexdigest()
