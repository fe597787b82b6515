"""A study and its sites. The protocol's bytes are kept as they were read: their hash is the study's."""

from __future__ import annotations

from functools import cached_property, lru_cache

from django.db import models
from django.db.models import F, Q

from trial import protocol


class Study(models.Model):
    """One trial: its protocol file, and how far it has come."""

    code = models.CharField(max_length=32, unique=True)
    protocol_file = models.BinaryField()
    protocol_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    unblinded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="study_is_unblinded_only_after_the_lock",
                condition=Q(unblinded_at=None) | Q(locked_at__isnull=False, unblinded_at__gte=F("locked_at")),
            )
        ]

    def __str__(self) -> str:
        return self.code

    @cached_property
    def protocol(self) -> protocol.Protocol:
        """The protocol as checked data."""
        return _parsed(bytes(self.protocol_file), f"{self.code}.toml")


@lru_cache(maxsize=16)
def _parsed(data: bytes, source: str) -> protocol.Protocol:
    """Each protocol is parsed once a process: its bytes never change, and what comes of them is frozen."""
    return protocol.parse(data, source)


class Site(models.Model):
    """A place that recruits."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="sites")
    code = models.CharField(max_length=8)
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(name="site_code_is_unique_in_its_study", fields=["study", "code"])
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
