"""Leave a signed checkpoint of every ledger outside the database, and mail it to the witnesses."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from trial.management import refuse
from trial.models import Study
from trial.refusals import MailNotSent
from trial.services import checkpoint, ledger


class Command(BaseCommand):
    help = "Leave a signed checkpoint of each study's ledger; run it every hour"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("studies", metavar="STUDY", nargs="*", help="all, unless some are named")

    def handle(self, *, studies: list[str], **options: Any) -> str:
        found = Study.objects.order_by("code")
        if unknown := set(studies) - set(found.values_list("code", flat=True)):
            refuse(f"{min(unknown)}: there is no study of this code")
        chosen = found.filter(code__in=studies) if studies else found
        return "\n".join(self._leave(study) for study in chosen) or "There is no study yet."

    def _leave(self, study: Study) -> str:
        try:
            with transaction.atomic():
                head = ledger.lock(study)
                note = checkpoint.leave(head, timezone.now())
            if settings.CHECKPOINT_MAILS:
                checkpoint.mail(study, note)
        except OSError as error:
            refuse(f"{error.filename}: {error.strerror}")
        except MailNotSent as refusal:
            refuse(f"{study.code}: {refusal}")
        witnesses = ", ".join(settings.CHECKPOINT_MAILS) or "nobody; set CHECKPOINT_MAILS"
        return f"{study.code}: checkpoint of entry {head.seq}, mailed to {witnesses}"
