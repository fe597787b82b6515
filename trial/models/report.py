"""The MRI's findings, the critical-finding gate, and the versions of the report that were written of them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from trial.models.member import Membership
from trial.models.participant import Participant


class RedFlagCheck(models.Model):
    """A radiologist looked for critical findings: which of the protocol's red flags there are."""

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="red_flag_check")
    flags = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Red flags of {self.participant_id}"


class CriticalFinding(models.Model):
    """A critical finding and its closed loop: told to whom, when, how, and read back (ACR 2020)."""

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="critical_finding")
    finding = models.CharField(max_length=500)
    identified_at = models.DateTimeField()
    radiologist = models.CharField(max_length=100)
    receiver = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    method = models.CharField(max_length=100, blank=True)
    read_back = models.BooleanField(default=False)
    may_continue = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="critical_finding_is_closed_with_all_its_fields_or_open",
                condition=Q(received_at=None, receiver="", method="", read_back=False, may_continue=None)
                | Q(received_at__isnull=False, read_back=True, may_continue__isnull=False)
                & ~Q(receiver="")
                & ~Q(method=""),
            ),
            models.CheckConstraint(
                name="critical_finding_is_received_after_it_was_identified",
                condition=Q(received_at=None) | Q(received_at__gte=F("identified_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"Critical finding of {self.participant_id}"

    @property
    def is_open(self) -> bool:
        return self.received_at is None


class Report(models.Model):
    """The radiologist's report as it stands in the record; the trial never alters it."""

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="report")
    original = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Report of {self.participant_id}"


class Finding(models.Model):
    """One finding of the MRI, in the order of the report."""

    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="findings")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    level = models.CharField(max_length=20)
    side = models.CharField(max_length=10, blank=True)
    grade = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                name="finding_has_its_own_place_in_the_report", fields=["participant", "position"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.level}"


class ReportVersion(models.Model):
    """What a participant may be given to read, one text an arm, certified before the allocation.

    Both texts exist for every participant, so a version's existence tells nothing; which one was
    delivered stands inside the wall.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="versions")
    wording = models.CharField(max_length=32)  # an arm of the protocol
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    certified_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    certified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["wording"]
        constraints = [
            models.UniqueConstraint(
                name="participant_has_one_version_of_each_wording", fields=["participant", "wording"]
            ),
            models.CheckConstraint(
                name="certificate_has_a_name_and_a_time",
                condition=Q(certified_by=None, certified_at=None)
                | Q(certified_by__isnull=False, certified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="nobody_certifies_what_they_wrote",
                condition=Q(certified_by=None) | ~Q(certified_by=F("written_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"Version of {self.participant_id}"  # never which wording
