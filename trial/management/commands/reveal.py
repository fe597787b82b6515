"""Write the public bundle of a study's allocation, with which anyone can check it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from trial.management import refuse
from trial.models import Study
from trial.refusals import Refusal
from trial.services import reveal
from trial.services.act import Operator


class Command(BaseCommand):
    help = "After the unblinding: write all that anyone needs to check the allocation again"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study")
        parser.add_argument("--out", type=Path, required=True, help="the file of the bundle, JSON")

    def handle(self, *, study: str, out: Path, **options: Any) -> str:
        found = Study.objects.filter(code=study).first()
        if found is None:
            refuse(f"{study}: there is no study of this code")
        if not out.parent.is_dir():
            refuse(f"{out.parent}: there is no such folder")
        try:
            content = reveal.publish(by=Operator(found), at=timezone.now())
        except Refusal as refusal:
            refuse(str(refusal))
        draft = out.with_name(f"{out.name}.part")
        draft.write_bytes(content)
        draft.replace(out)
        return f"Wrote {out}; anyone can check it with: node randomization/verify.js {out}"
