"""Check that nobody changed a study's ledger."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from trial.management import refuse
from trial.models import Study
from trial.services import ledger


class Command(BaseCommand):
    help = "Check a study's ledger from the first entry to its head"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study")

    def handle(self, *, study: str, **options: Any) -> str:
        found = Study.objects.filter(code=study).first()
        if found is None:
            refuse(f"{study}: there is no study of this code")
        if fault := ledger.first_fault(found):
            raise CommandError(f"{study}: {fault}", returncode=1)
        return f"{study}: the ledger is whole, {ledger.length(found)} entries"
