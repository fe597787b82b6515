"""What went otherwise than the protocol says, and who was unblinded early. Nothing here tells an arm."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from trial.models.participant import Participant


class Deviation(models.Model):
    """An error after the randomization: recorded beside it, never undone. The slot and the arm stay."""

    class Kind(models.TextChoices):
        ERROR = "error", "Randomized in error"
        FACTOR = "factor", "A stratification factor was wrong"
        SUSPECTED = "told", "Possible unblinding"

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="deviations")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    factor = models.CharField(max_length=40, blank=True)
    was = models.CharField(max_length=40, blank=True)
    correct = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_corrected_factor_is_named_with_both_levels",
                condition=Q(kind__in=["error", "told"], factor="", was="", correct="")
                | (Q(kind="factor") & ~Q(factor="") & ~Q(was="") & ~Q(correct="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.participant_id}"


class Unblinding(models.Model):
    """One participant's arm was told to a clinician in an emergency: to whom, why and when, never what."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="unblindings")
    clinician = models.CharField(max_length=100)
    email = models.EmailField()
    reason = models.CharField(max_length=500)
    alarm = models.BooleanField()  # another one at this site within a week
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"Unblinding of {self.participant_id}"
