"""Make a share of an allocation's secret: on the statistician's own computer, without any database."""

from __future__ import annotations

import hashlib
import os
import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from trial.management import refuse
from trial.services import ceremony

SHARE_BYTES = 32
FEWEST_THROWS = 100  # of a die: more than 256 bits


class Command(BaseCommand):
    help = "Make the statistician's share of a study's secret, and print the hash that promises it"
    requires_system_checks = []  # it needs nothing that is set up

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study", help="code of the study, as in its protocol")
        parser.add_argument("--out", type=Path, required=True, help="the file that the share is written to")
        parser.add_argument(
            "--dice", help=f"{FEWEST_THROWS} throws or more of a die, instead of a drawn share"
        )

    def handle(self, *, study: str, out: Path, dice: str | None, **options: Any) -> str:
        share = secrets.token_bytes(SHARE_BYTES) if dice is None else _thrown(dice)
        try:
            with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(f"{share.hex()}\n")
        except OSError as error:
            refuse(f"{out}: {error.strerror}")
        return (
            f"Publish this hash now:     {ceremony.promised(study, share)}\nKeep this file to yourself: {out}"
        )


def _thrown(dice: str) -> bytes:
    throws = "".join(dice.split())
    if len(throws) < FEWEST_THROWS or set(throws) - set("123456"):
        refuse(f"--dice: {FEWEST_THROWS} or more digits from 1 to 6 are needed")
    return hashlib.sha256(throws.encode()).digest()
