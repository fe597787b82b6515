"""Give a program a token for one member's role in a study."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from trial.management import refuse
from trial.models import Membership
from trial.refusals import Refusal
from trial.services import token
from trial.services.act import Operator


class Command(BaseCommand):
    help = "Print a new API token for a member of a study; it is shown this once"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("study")
        parser.add_argument("--days", type=int, default=30, help="how long it is valid")

    def handle(self, *, username: str, study: str, days: int, **options: object) -> str:
        membership = (
            Membership.objects.filter(member__username=username, study__code=study)
            .select_related("member", "study")
            .first()
        )
        if membership is None:
            refuse(f"{username}: {study} has no member of this name")
        try:
            return token.issue(
                membership=membership, days=days, by=Operator(membership.study), at=timezone.now()
            )
        except Refusal as refusal:
            refuse(f"--{refusal}")
