"""Many participants who may truly be randomized, made in seconds: the rows that the services would have left.

Only for campaigns that need hundreds of them. `test_whoever_is_made_ready_may_be_randomized` holds these rows
to `obstacles`, so they can be no shortcut round a rule.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from instruments import catalogue
from trial import identity
from trial.models import (
    Assessment,
    Consent,
    Identity,
    Participant,
    RedFlagCheck,
    Report,
    ReportVersion,
    Response,
    Role,
    Screening,
    Study,
)
from trial.services.report import text_hash

BATCH = 2000


def participants(study: Study, number: int, *, at: datetime) -> list[Participant]:
    """So many participants, spread over the sites and over both levels of catastrophizing."""
    sites = list(study.sites.all())
    made = Participant.objects.bulk_create(
        [
            Participant(
                study=study,
                site=sites[count % len(sites)],
                code=f"{sites[count % len(sites)].code}-{count // len(sites) + 1:04d}",
                person=identity.person(study.code, f"Person {count}", 1960 + count % 40),
                birth_year=1960 + count % 40,
                sex="FMU"[count % 3],
                screened_at=at - timedelta(days=3),
                eligible=True,
            )
            for count in range(number)
        ]
    )
    _let_in(study, made, at - timedelta(days=2))
    _certify(study, made, at - timedelta(days=1))
    _answer(study, made, at - timedelta(days=1))
    return list(study.participants.select_related("study", "site").order_by("pk"))


def _let_in(study: Study, made: list[Participant], at: datetime) -> None:
    """Identity, eligibility, the critical-finding check, consent."""
    radiologist = study.memberships.get(role=Role.CERTIFIER)
    met = {criterion.id: criterion.kind == "inclusion" for criterion in study.protocol.eligibility}
    Identity.objects.bulk_create(
        Identity(participant=person, name=f"Synthetic {person.code}", email=f"{person.code}@example.org")
        for person in made
    )
    Screening.objects.bulk_create(Screening(participant=person, answers=met) for person in made)
    RedFlagCheck.objects.bulk_create(
        RedFlagCheck(participant=person, flags=[], at=at, by=radiologist) for person in made
    )
    version = study.protocol.consent.version
    Consent.objects.bulk_create(Consent(participant=person, version=version, at=at) for person in made)


def _certify(study: Study, made: list[Participant], at: datetime) -> None:
    author = study.memberships.get(role=Role.AUTHOR)
    radiologist = study.memberships.get(role=Role.CERTIFIER)
    Report.objects.bulk_create(Report(participant=person, original="L4/5: bulge.", at=at) for person in made)
    texts = {arm.code: f"Text {number} of this report." for number, arm in enumerate(study.protocol.arms)}
    ReportVersion.objects.bulk_create(
        ReportVersion(
            participant=person,
            wording=wording,
            text=text,
            sha256=text_hash(text),
            written_by=author,
            written_at=at,
            certified_by=radiologist,
            certified_at=at,
        )
        for person in made
        for wording, text in texts.items()
    )


def _answer(study: Study, made: list[Participant], at: datetime) -> None:
    """Every baseline questionnaire, sent in; every second person answers at the upper end."""
    instruments = [catalogue.load(code) for code in study.protocol.baseline.instruments]
    assessments = Assessment.objects.bulk_create(
        Assessment(
            participant=person,
            visit=study.protocol.baseline.code,
            instrument=instrument.code,
            instrument_version=instrument.version,
            opened_at=at,
            submitted_at=at,
        )
        for person in made
        for instrument in instruments
    )
    high = {person.pk for person in made[::2]}
    items = {instrument.code: instrument.items for instrument in instruments}
    Response.objects.bulk_create(
        (
            Response(
                assessment=assessment,
                item=item.code,
                value=item.maximum if assessment.participant_id in high else item.minimum,
                at=at,
            )
            for assessment in assessments
            for item in items[assessment.instrument]
        ),
        batch_size=BATCH,
    )
