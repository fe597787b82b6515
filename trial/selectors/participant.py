"""Where a participant stands: the gate, what stands in the way of randomization, the stratum."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet

from trial.models import CriticalFinding, Membership, Participant
from trial.refusals import (
    BaselineIncomplete,
    CriticalFindingOpen,
    HasWithdrawn,
    NotCertified,
    NotChecked,
    NotConsented,
    NotEligible,
    NotSealed,
    Refusal,
    RoutedToCare,
    StudyLocked,
)
from trial.selectors import answers


def has(participant: Participant, relation: str) -> bool:
    """Whether the participant has this one-to-one record (a consent, a withdrawal …)."""
    try:
        getattr(participant, relation)
    except ObjectDoesNotExist:
        return False
    return True


def seen_by(by: Membership, *, after: str = "") -> QuerySet[Participant]:
    """The participants whom this member may see, in the order of their codes, those after a code."""
    seen = by.study.participants.filter(code__gt=after).order_by("code")
    if by.site_id is not None:
        seen = seen.filter(site=by.site_id)
    return seen.select_related("study", "site", "decline", "consent", "withdrawal")


def gate(participant: Participant) -> Refusal | None:
    """The critical-finding gate: None when it is open for this participant."""
    if has(participant, "decline"):
        return NotEligible("This person does not take part.")
    if not has(participant, "red_flag_check"):
        return NotChecked()
    finding = CriticalFinding.objects.filter(participant=participant).first()
    if finding is None or finding.may_continue:
        return None
    return CriticalFindingOpen() if finding.is_open else RoutedToCare()


def obstacles(participant: Participant) -> list[Refusal]:
    """All that stands in the way of randomization, in the order in which it is to be done."""
    study = participant.study
    found = [
        StudyLocked() if study.locked_at is not None else None,
        NotSealed() if study.sealed_at is None else None,
        None if participant.eligible else NotEligible(),
        gate(participant),
        None if has(participant, "consent") else NotConsented(),
        HasWithdrawn() if has(participant, "withdrawal") else None,
        _baseline(participant),
        None if is_certified(participant) else NotCertified(),
    ]
    return [refusal for refusal in found if refusal is not None]


def _baseline(participant: Participant) -> Refusal | None:
    if not answers.complete(participant, participant.study.protocol.baseline.code):
        return BaselineIncomplete()
    if stratum(participant) is None:
        return BaselineIncomplete("A baseline score that the stratification needs cannot be computed.")
    return None


def is_certified(participant: Participant) -> bool:
    """Whether there is a certified version of the report for every arm."""
    certified = participant.versions.filter(certified_at__isnull=False).values_list("wording", flat=True)
    return {arm.code for arm in participant.study.protocol.arms} <= set(certified)


def stratum(participant: Participant) -> Mapping[str, str] | None:
    """The participant's level of each stratification factor; None when a score is missing."""
    protocol = participant.study.protocol
    levels: dict[str, str] = {}
    for code in protocol.randomization.stratify_by:
        if code == "site":
            levels[code] = participant.site.code
            continue
        factor = protocol.factor(code)
        score = answers.scores(participant, factor.visit).get(factor.score)
        if score is None or score.value is None:
            return None
        levels[code] = protocol.level_of(code, score.value)
    return levels
