"""Members of staff, and the one role that each has in a study."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from trial.models.study import Site, Study


class Role(models.TextChoices):
    COORDINATOR = "coordinator", "Coordinator"
    AUTHOR = "author", "Report author"
    CERTIFIER = "certifier", "Certifier"
    STATISTICIAN = "statistician", "Statistician"
    CUSTODIAN = "custodian", "Custodian"
    MONITOR = "monitor", "Monitor"
    INVESTIGATOR = "investigator", "Principal investigator"


class Member(AbstractUser):
    """A person who signs in. Rights come from memberships alone."""

    first_name = None  # type: ignore[assignment]  # Django's way to drop an inherited field: a name is one text
    last_name = None  # type: ignore[assignment]  # as above
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name or self.username


class Membership(models.Model):
    """A person's one role in a study; with one role each, nobody recruits and unblinds."""

    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="memberships")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="member_has_one_role_in_a_study", fields=["study", "member"]),
            models.CheckConstraint(
                name="coordinator_has_a_site_and_nobody_else",
                condition=Q(role=Role.COORDINATOR, site__isnull=False)
                | ~Q(role=Role.COORDINATOR) & Q(site=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} ({self.get_role_display()}, {self.study})"

    @property
    def actor_name(self) -> str:
        return self.member.username

    @property
    def actor_role(self) -> str:
        return self.role
