"""That a report was read, and when; never which version."""

from __future__ import annotations

from django.db import models

from trial.models.participant import Participant


class Delivery(models.Model):
    """How often a participant opened their report."""

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="delivery")
    first_opened_at = models.DateTimeField()
    last_opened_at = models.DateTimeField()
    times_opened = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"Delivery to {self.participant_id}"
