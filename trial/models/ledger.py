"""The study's one append-only ledger: audit trail and allocation record, chained by hashes."""

from __future__ import annotations

from django.db import models

from trial.models.study import Study


class LedgerHead(models.Model):
    """The newest entry of a study's ledger; locking this row puts the study's acts in one order."""

    study = models.OneToOneField(Study, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveBigIntegerField(default=0)
    h = models.CharField(max_length=64)
    at = models.DateTimeField(null=True)  # of the newest entry
    witnessed = models.PositiveBigIntegerField(default=0)  # the newest entry that a checkpoint outside has

    def __str__(self) -> str:
        return f"{self.study_id}: {self.seq}"


class AuditEvent(models.Model):
    """One entry: who did what to which object, when. Names, not keys: the trail outlives its objects."""

    class Action(models.TextChoices):
        LOADED = "LOADED"
        MEMBER_ADDED = "MEMBER_ADDED"
        SHARE_PROMISED = "SHARE_PROMISED"
        SHARE_GIVEN = "SHARE_GIVEN"
        CEREMONY_ABORTED = "CEREMONY_ABORTED"
        SEALED = "SEALED"
        SCREENED = "SCREENED"
        DECLINED = "DECLINED"
        RED_FLAGS_CHECKED = "RED_FLAGS_CHECKED"
        CRITICAL_FINDING_CLOSED = "CRITICAL_FINDING_CLOSED"
        CONSENTED = "CONSENTED"
        REPORT_ENTERED = "REPORT_ENTERED"
        VERSION_WRITTEN = "VERSION_WRITTEN"
        VERSION_CERTIFIED = "VERSION_CERTIFIED"
        RANDOMIZED = "RANDOMIZED"
        LINK_SENT = "LINK_SENT"
        LINK_EXCHANGED = "LINK_EXCHANGED"
        REPORT_OPENED = "REPORT_OPENED"
        ASSESSMENT_SUBMITTED = "ASSESSMENT_SUBMITTED"
        WITHDRAWN = "WITHDRAWN"
        SNAPSHOT_TAKEN = "SNAPSHOT_TAKEN"
        REHEARSED = "REHEARSED"
        LOCKED = "LOCKED"
        UNBLINDED = "UNBLINDED"
        UNBLINDED_IN_EMERGENCY = "UNBLINDED_IN_EMERGENCY"
        ERROR_FLAGGED = "ERROR_FLAGGED"
        UNBLINDING_SUSPECTED = "UNBLINDING_SUSPECTED"
        FACTOR_CORRECTED = "FACTOR_CORRECTED"
        REVEALED = "REVEALED"
        GAP_DECLARED = "GAP_DECLARED"
        GAP_CLOSED = "GAP_CLOSED"
        ANALYSED = "ANALYSED"
        TOKEN_ISSUED = "TOKEN_ISSUED"
        REFUSED = "REFUSED"

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveBigIntegerField()
    prev = models.CharField(max_length=64)
    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    role = models.CharField(max_length=16)
    action = models.CharField(max_length=30, choices=Action.choices)
    object = models.CharField(max_length=100)
    body = models.JSONField(default=dict)
    h = models.CharField(max_length=64)

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(name="ledger_has_one_entry_a_number", fields=["study", "seq"])]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.object}"


class IdempotencyKey(models.Model):
    """The reply that a request got, so that the same request again gets the same reply."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    reply = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="idempotency_key_is_used_once", fields=["study", "key"])]

    def __str__(self) -> str:
        return self.key
