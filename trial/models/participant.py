"""A participant from screening to withdrawal. Nothing here leads to the arm."""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from trial.models.study import Site, Study


class Sex(models.TextChoices):
    FEMALE = "F", "Female"
    MALE = "M", "Male"
    UNDIFFERENTIATED = "U", "Other or not stated"


class Participant(models.Model):
    """A person who was assessed for eligibility; the code is the pseudonym in all data."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="participants")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="participants")
    code = models.CharField(max_length=20)
    birth_year = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1900), MaxValueValidator(2100)]
    )
    sex = models.CharField(max_length=1, choices=Sex.choices)
    screened_at = models.DateTimeField()
    eligible = models.BooleanField()
    # A keyed hash of name and year of birth: finds whom we know already without telling who it is.
    person = models.CharField(max_length=64, db_index=True)
    # Randomized: when, never what. The allocation itself stands inside the wall.
    randomized_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(name="participant_code_is_unique_in_its_study", fields=["study", "code"]),
            models.CheckConstraint(
                name="only_the_eligible_are_randomized",
                condition=Q(randomized_at=None) | Q(eligible=True),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def age(self) -> int:
        """Years at screening, from the year of birth."""
        return self.screened_at.year - self.birth_year

    @property
    def actor_name(self) -> str:
        return self.code

    @property
    def actor_role(self) -> str:
        return "participant"


class Identity(models.Model):
    """Who the participant is: kept apart from every answer, and erasable."""

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="identity")
    name = models.CharField(max_length=100)
    email = models.EmailField()

    def __str__(self) -> str:
        return f"Identity of {self.participant_id}"


class Screening(models.Model):
    """How each criterion was answered."""

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="screening")
    answers = models.JSONField()

    def __str__(self) -> str:
        return f"Screening of {self.participant_id}"


class Decline(models.Model):
    """An eligible person who does not take part, and why; counted in the flow diagram."""

    class Reason(models.TextChoices):
        DECLINED = "declined", "Declined to take part"
        OTHER = "other", "Other reason"

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="decline")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.reason}"


class Consent(models.Model):
    """The consent that was given: which version, when."""

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="consent")
    version = models.CharField(max_length=20)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Consent {self.version} of {self.participant_id}"


class Withdrawal(models.Model):
    """A participant stops; what was answered before is kept."""

    class Reason(models.TextChoices):
        CONSENT = "consent", "Withdrew consent"
        LOST = "lost", "Could not be reached any more"
        BURDEN = "burden", "Too much effort"
        HEALTH = "health", "Health reasons"
        OTHER = "other", "Other reason"

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=10, choices=Reason.choices)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.participant_id}: {self.reason}"
