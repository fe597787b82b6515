"""The arm a participant got. Inside the wall: no relation leads here from any other model.

The database holds no arm in the clear and no future slot at all: the secret and each arm are encrypted,
and what comes next is derived from the secret when it is due.
"""

from __future__ import annotations

from django.db import models

from trial.models.participant import Participant
from trial.models.report import ReportVersion
from trial.models.study import Study


class SeedShare(models.Model):
    """One party's share of the secret: promised by its hash first, handed in later.

    The server's share (party 1) is drawn and kept encrypted; the statistician's (party 2) comes from outside.
    An aborted attempt stays on record.
    """

    class Party(models.IntegerChoices):
        SERVER = 1
        STATISTICIAN = 2

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    party = models.PositiveSmallIntegerField(choices=Party.choices)
    commitment = models.CharField(max_length=64)
    sealed_share = models.BinaryField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    aborted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="each_party_has_one_share_at_a_time",
                fields=["study", "party"],
                condition=models.Q(aborted_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"Share {self.party} of {self.study_id}"


class Sealing(models.Model):
    """The sealed secret of a study's allocation, and what was published of it beforehand."""

    study = models.OneToOneField(Study, on_delete=models.PROTECT, related_name="+")
    sealed_config = models.BinaryField()  # encrypted: block sizes are an aid to prediction
    sealed_seed = models.BinaryField()
    beacon = models.CharField(max_length=200, blank=True)
    commitment = models.CharField(max_length=64)
    root = models.CharField(max_length=64, blank=True)  # empty where there is no list of slots
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Sealing of {self.study_id}"


class StratumPointer(models.Model):
    """How many slots of a stratum are used."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    stratum = models.CharField(max_length=200)  # canonical JSON
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="stratum_has_one_pointer", fields=["study", "stratum"])]

    def __str__(self) -> str:
        return f"{self.stratum}: {self.used}"


class Allocation(models.Model):
    """One participant, one slot, for ever."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="+")
    stratum = models.CharField(max_length=200)
    slot = models.PositiveIntegerField()
    sealed_arm = models.BinaryField()
    leaf = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="slot_is_given_once", fields=["study", "stratum", "slot"]),
            models.CheckConstraint(name="slots_count_from_one", condition=models.Q(slot__gte=1)),
        ]

    def __str__(self) -> str:
        return f"Allocation of {self.participant_id}"


class DeliveredVersion(models.Model):
    """Which text a participant was shown, with the hash of the bytes, at the first view."""

    participant = models.OneToOneField(Participant, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Delivery to {self.participant_id}"
