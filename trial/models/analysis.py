"""Frozen data and what was computed from them."""

from __future__ import annotations

import uuid

from django.db import models

from trial.models.study import Study


class Snapshot(models.Model):
    """The blinded dataset of a moment, named by the hash of its bytes; never changed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="snapshots")
    name = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    dataset = models.BinaryField()
    flow = models.JSONField()
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(name="snapshot_has_its_own_name", fields=["study", "name"])]

    def __str__(self) -> str:
        return self.name


class AnalysisRun(models.Model):
    """One run of the plan on a snapshot: rehearsed on shuffled arms, or real after the unblinding."""

    class Label(models.TextChoices):
        REHEARSAL = "blind rehearsal", "Blind rehearsal"
        PRESPECIFIED = "prespecified", "Prespecified"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="runs")
    label = models.CharField(max_length=20, choices=Label.choices)
    results = models.JSONField()
    summary = models.TextField()  # the primary result in one line
    at = models.DateTimeField()
    by = models.CharField(max_length=150)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.label} of {self.snapshot_id}"


class AnalysisFile(models.Model):
    """A file of a run: the report, a figure, a table."""

    run = models.ForeignKey(AnalysisRun, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=100)
    content = models.BinaryField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(name="file_has_its_own_name_in_a_run", fields=["run", "name"])]

    def __str__(self) -> str:
        return self.name
