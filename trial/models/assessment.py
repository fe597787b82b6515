"""One instrument, one participant, one visit; and every answer that was ever given to its items."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from trial.models.participant import Participant


class Assessment(models.Model):
    """A questionnaire of a visit, opened at the first answer."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="assessments")
    visit = models.CharField(max_length=8)
    instrument = models.CharField(max_length=8)
    instrument_version = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    late = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="instrument_is_asked_once_a_visit", fields=["participant", "visit", "instrument"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.participant_id} {self.visit} {self.instrument}"


class Response(models.Model):
    """One answer as it was given. Rows are added, never changed: the newest one counts."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="responses")
    item = models.CharField(max_length=8)
    value = models.SmallIntegerField(null=True, blank=True)
    missing = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="response_has_a_value_or_a_reason",
                condition=Q(value__isnull=False, missing="") | Q(value=None) & ~Q(missing=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.item}"
