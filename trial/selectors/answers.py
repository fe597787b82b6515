"""What was answered, and what it adds up to. Scores are derived from the answers, never stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from instruments import catalogue
from instruments.answers import Missing
from instruments.scoring import Score, score
from trial.models import Assessment, Participant, Response

Answer = int | Missing


def current(assessment: Assessment) -> dict[str, Answer]:
    """The newest answer to each item."""
    return newest(assessment.responses.all())


def newest(responses: Iterable[Response]) -> dict[str, Answer]:
    """The last answer to each item, from responses in the order in which they were given."""
    return {
        response.item: Missing(response.missing) if response.value is None else response.value
        for response in responses
    }


def scores(participant: Participant, visit: str) -> dict[str, Score]:
    """Every score of what was submitted at a visit."""
    found: dict[str, Score] = {}
    submitted = participant.assessments.filter(visit=visit, submitted_at__isnull=False)
    for assessment in submitted.prefetch_related("responses"):
        found.update(scores_of(assessment))
    return found


def scores_of(assessment: Assessment) -> Mapping[str, Score]:
    """The scores of one questionnaire, by the instrument version that was answered."""
    instrument = catalogue.load(assessment.instrument, assessment.instrument_version)
    return score(instrument, newest(assessment.responses.all()))


def complete(participant: Participant, visit: str) -> bool:
    """Whether every questionnaire of the visit was submitted."""
    wanted = set(participant.study.protocol.visit(visit).instruments)
    submitted = participant.assessments.filter(visit=visit, submitted_at__isnull=False)
    return wanted <= set(submitted.values_list("instrument", flat=True))
