"""The seed ceremony at the command line: the steps of the pages, each by the member whose step it is."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from trial.management import member, refuse
from trial.models import Membership
from trial.refusals import Refusal
from trial.services import allocation, ceremony, certificate

SHARE_BYTES = 32


class Command(BaseCommand):
    help = "Seal a study's allocation with two shares of its secret, step by step"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("study")
        parser.add_argument(
            "--as", dest="username", required=True, help="who acts: custodian or statistician"
        )
        steps = parser.add_subparsers(dest="step", required=True)
        steps.add_parser("begin", help="custodian: draw the server's share")
        steps.add_parser("promise", help="statistician: publish the hash of a share").add_argument("hash")
        steps.add_parser("give", help="statistician: hand the share in").add_argument("file", type=Path)
        steps.add_parser("abort", help="custodian: start again").add_argument("reason")
        steps.add_parser("seal", help="custodian: seal").add_argument("--beacon", default="")
        steps.add_parser("certificate", help="write the certificate").add_argument("out", type=Path)

    def handle(self, *, study: str, username: str, step: str, **options: Any) -> str:
        by = member(study, username)
        try:
            said: str = getattr(self, f"_{step}")(by, options)
        except Refusal as refusal:
            refuse(str(refusal))
        return said

    def _begin(self, by: Membership, options: dict[str, Any]) -> str:
        share = secrets.token_bytes(SHARE_BYTES)
        return f"Publish this hash now: {ceremony.begin(share=share, by=by, at=timezone.now())}"

    def _promise(self, by: Membership, options: dict[str, Any]) -> str:
        ceremony.promise(commitment=options["hash"], by=by, at=timezone.now())
        return "The hash is on record."

    def _give(self, by: Membership, options: dict[str, Any]) -> str:
        file: Path = options["file"]
        try:
            share = bytes.fromhex(file.read_text().strip())
        except (OSError, ValueError):
            refuse(f"{file}: no share can be read from it")
        ceremony.give(share=share, by=by, at=timezone.now())
        return "The share is kept, encrypted."

    def _abort(self, by: Membership, options: dict[str, Any]) -> str:
        ceremony.abort(reason=options["reason"], by=by, at=timezone.now())
        return "The ceremony starts again, with new shares."

    def _seal(self, by: Membership, options: dict[str, Any]) -> str:
        commitment = allocation.seal(beacon=options["beacon"], by=by, at=timezone.now())
        return f"Sealed. Publish the commitment: {commitment}"

    def _certificate(self, by: Membership, options: dict[str, Any]) -> str:
        out: Path = options["out"]
        content = certificate.of(by.study, at=timezone.now())
        try:
            out.write_bytes(content)
        except OSError as error:
            refuse(f"{out}: {error.strerror}")
        return f"Wrote {out}"
