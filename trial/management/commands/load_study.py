"""Begin a study from its protocol file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from trial.management import refuse
from trial.protocol import ProtocolError
from trial.refusals import Refusal
from trial.services import study


class Command(BaseCommand):
    help = "Check a protocol file and begin its study"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options: Any) -> str:
        try:
            loaded = study.load(data=file.read_bytes(), source=file.name, at=timezone.now())
        except (ProtocolError, Refusal) as error:
            refuse(str(error))
        except OSError as error:
            refuse(f"{file}: {error.strerror}")
        return f"Loaded {loaded.code}, protocol SHA-256 {loaded.protocol_sha256}"
