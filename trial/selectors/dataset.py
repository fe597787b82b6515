"""The blinded dataset: one row a randomized participant and visit, in CDISC names, without the arm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from instruments import catalogue
from trial.models import Assessment, Participant, Study
from trial.selectors import answers
from trial.selectors.visits import today

Scores = Mapping[tuple[int, str], Mapping[str, float | None]]


@dataclass(frozen=True, slots=True)
class Column:
    """A line of the codebook."""

    name: str
    label: str
    kind: str
    meaning: str


def columns(study: Study) -> list[Column]:
    """The codebook: every column of the dataset, in order. This list is also what may be exported."""
    scores = score_labels(study)
    baseline = study.protocol.baseline
    return [
        Column("STUDYID", "Study identifier", "text", "Code of the study"),
        Column("USUBJID", "Unique subject identifier", "text", "Pseudonym of the participant"),
        Column("SITEID", "Study site identifier", "text", "Code of the site"),
        Column("AGE", "Age", "integer", "Years, at screening, from the year of birth"),
        Column("SEX", "Sex", "text", "F female, M male, U other or not stated"),
        Column("AVISIT", "Analysis visit", "text", "Code of the visit in the protocol"),
        Column("AVISITN", "Analysis visit (N)", "integer", "Order of the visit, the baseline is 0"),
        Column("ADT", "Analysis date", "date", "Day of the last answer sent in, ISO 8601; empty: none"),
        Column("LATE", "Late", "text", "Y: sent in after the visit's window"),
        Column("WITHDRAWN", "Withdrawn", "text", "Y: the participant stopped before or after this visit"),
        *(Column(code, label, "number", "Score; empty: not available") for code, label in scores.items()),
        *(
            Column(f"{code}_BL", f"{label}, baseline", "number", f"The score at {baseline.label.lower()}")
            for code, label in scores.items()
        ),
    ]


def score_labels(study: Study) -> dict[str, str]:
    """Every score of the protocol's instruments, by its code."""
    codes = dict.fromkeys(code for visit in study.protocol.visits for code in visit.instruments)
    return {score.code: score.label for code in codes for score in catalogue.load(code).scores}


def frame(study: Study) -> pd.DataFrame:
    """The dataset: every randomized participant at every visit, whether or not it was answered."""
    participants = (
        study.participants.filter(randomized_at__isnull=False)
        .select_related("site", "withdrawal")
        .order_by("code")
    )
    assessments = _assessments(study)
    rows = [
        _row(study, participant, number, assessments)
        for participant in participants
        for number in range(len(study.protocol.visits))
    ]
    return pd.DataFrame(rows, columns=[column.name for column in columns(study)])


def csv(data: pd.DataFrame) -> bytes:
    """The dataset as UTF-8 bytes, the same for the same data."""
    return data.to_csv(index=False, lineterminator="\n").encode()


def codebook(study: Study, extra: Iterable[Column] = ()) -> bytes:
    """The codebook of the blinded dataset, and of columns that were added to it, as CSV."""
    lines = [(c.name, c.label, c.kind, c.meaning) for c in [*columns(study), *extra]]
    return csv(pd.DataFrame(lines, columns=["column", "label", "type", "meaning"]))


def usubjid(study: Study, code: str) -> str:
    """The participant's identifier in data sets, unique across studies."""
    return f"{study.code}-{code}"


def _assessments(study: Study) -> Mapping[tuple[int, str], list[Assessment]]:
    found: dict[tuple[int, str], list[Assessment]] = defaultdict(list)
    submitted = Assessment.objects.filter(participant__study=study, submitted_at__isnull=False)
    for assessment in submitted.prefetch_related("responses"):
        found[assessment.participant_id, assessment.visit].append(assessment)
    return found


def _scores(assessments: list[Assessment]) -> dict[str, float | None]:
    return {
        code: score.value
        for assessment in assessments
        for code, score in answers.scores_of(assessment).items()
    }


def _row(
    study: Study,
    participant: Participant,
    number: int,
    assessments: Mapping[tuple[int, str], list[Assessment]],
) -> dict[str, object]:
    visit = study.protocol.visits[number]
    here = assessments.get((participant.pk, visit.code), [])
    baseline = assessments.get((participant.pk, study.protocol.baseline.code), [])
    sent = [assessment.submitted_at for assessment in here if assessment.submitted_at is not None]
    return {
        "STUDYID": study.code,
        "USUBJID": usubjid(study, participant.code),
        "SITEID": participant.site.code,
        "AGE": participant.screened_at.year - participant.birth_year,
        "SEX": participant.sex,
        "AVISIT": visit.code,
        "AVISITN": number,
        "ADT": today(study, max(sent)).isoformat() if sent else None,
        "LATE": "Y" if any(assessment.late for assessment in here) else None,
        "WITHDRAWN": "Y" if hasattr(participant, "withdrawal") else None,
        **_scores(here),
        **{f"{code}_BL": value for code, value in _scores(baseline).items()},
    }
