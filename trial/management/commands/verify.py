"""Check a study's records: against each other, against what was sealed, and against its witnesses."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from trial.management import refuse
from trial.models import Study
from trial.services import ledger, verification


class Command(BaseCommand):
    help = "Check a study's ledger, allocations, texts and answers; names the first that does not fit"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study")
        parser.add_argument(
            "--checkpoint",
            type=Path,
            action="append",
            default=[],
            help="a checkpoint that was kept elsewhere",
        )

    def handle(self, *, study: str, checkpoint: list[Path], **options: Any) -> str:
        found = Study.objects.filter(code=study).first()
        if found is None:
            refuse(f"{study}: there is no study of this code")
        try:
            notes = [path.read_text() for path in checkpoint]
        except (OSError, UnicodeDecodeError) as error:
            refuse(str(error))
        if fault := verification.first_fault(found, notes):
            raise CommandError(f"{study}: {fault}", returncode=1)
        return f"{study}: everything fits, {ledger.length(found)} entries"
