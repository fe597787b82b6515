"""Name what is wrong with a protocol file, or say in a sentence that nothing is."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from django.core.management.base import BaseCommand

from trial.management import refuse
from trial.protocol import Protocol, ProtocolError
from trial.services import protocol as protocols


class Command(BaseCommand):
    help = "Check protocol files; each fault is one line, file:key: reason, and the exit status is 2"
    requires_system_checks = []  # a protocol can be checked before anything is set up

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", metavar="FILE", type=Path, nargs="+")

    def handle(self, *, files: Sequence[Path], **options: object) -> None:
        faults = []
        for file in files:
            try:
                self.stdout.write(_sentence(file, protocols.check_file(file)))
            except ProtocolError as fault:
                faults.append(str(fault))
        if faults:
            refuse(*faults)


def _sentence(file: Path, protocol: Protocol) -> str:
    return (
        f"{file}: {protocol.study.title}: {len(protocol.sites)} sites, {len(protocol.arms)} arms, "
        f"{len(protocol.visits)} visits, {len(protocol.strata())} strata; SHA-256 {protocol.sha256}"
    )
