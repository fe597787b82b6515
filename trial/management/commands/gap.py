"""Go on after an old backup had to be restored: one person declares it, another confirms it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from trial.management import member, refuse
from trial.refusals import Refusal
from trial.services import gap


class Command(BaseCommand):
    help = "After records were lost: declare it, or confirm what somebody else has declared"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study")
        parser.add_argument(
            "--as", dest="username", required=True, help="who acts: custodian or investigator"
        )
        steps = parser.add_subparsers(dest="step", required=True)
        steps.add_parser("declare", help="say what happened").add_argument("reason")
        steps.add_parser("confirm", help="confirm it; lost slots are burned")

    def handle(self, *, study: str, username: str, step: str, **options: Any) -> str:
        by = member(study, username)
        try:
            if step == "declare":
                gap.declare(reason=options["reason"], by=by, at=timezone.now())
                return "It is on record. A second person now confirms it."
            burned = gap.confirm(by=by, at=timezone.now())
        except Refusal as refusal:
            refuse(str(refusal))
        return f"The study goes on. {burned} slots of each stratum are burned; nobody gets them."
