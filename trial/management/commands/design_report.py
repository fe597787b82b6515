"""Simulate a protocol's design before anyone is enrolled: how balanced it is, and what could be guessed."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from django.core.management.base import BaseCommand
from tqdm import tqdm

from trial.design_report import summary
from trial.management import refuse
from trial.protocol import Fault, ProtocolError
from trial.services import design_report as reports
from trial.services import protocol as protocols
from trial.services.design_report import Question

STAGES = 3  # simulating, measuring, drawing
OPTIONS = {"out", "trials", "seed", "look", "share"}  # a fault of anything else is the protocol's


class Command(BaseCommand):
    help = "Simulate a protocol's design; write balance and predictability as design.json and design.pdf"
    requires_system_checks = []  # a design is judged before anything is set up

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("protocol", type=Path, metavar="PROTOCOL")
        parser.add_argument("--out", type=Path, default=Path("design"), help="the folder, new or empty")
        parser.add_argument("--trials", type=int, default=reports.TRIALS)
        parser.add_argument("--seed", type=int, default=reports.SEED)
        parser.add_argument(
            "--look", type=int, action="append", metavar="N", help="an interim look after N participants"
        )
        parser.add_argument(
            "--share",
            action="append",
            nargs="+",
            metavar=("FACTOR", "N"),
            help="how many come from each level of a factor, in the protocol's order: --share site 5 3 2",
        )
        parser.add_argument(
            "--recruiters-see-arms",
            action="store_true",
            help="judge the design as that of an open trial: what can be foreseen is refused",
        )

    def handle(
        self,
        *,
        protocol: Path,
        out: Path,
        trials: int,
        seed: int,
        look: Sequence[int] | None,
        share: Sequence[Sequence[str]] | None,
        recruiters_see_arms: bool,
        **options: object,
    ) -> str:
        try:
            question = Question(
                trials, seed, tuple(sorted(set(look or ()))), _shares(share or ()), recruiters_see_arms
            )
            reports.check_folder(out)
            chosen = protocols.check_file(protocol)
            reports.check(chosen, question)
            with tqdm(total=STAGES, unit=" steps", ncols=80, leave=False, file=sys.stderr) as bar:
                report = reports.foresee(chosen, question, lambda name: _step(bar, name))
                _step(bar, "drawing")
                reports.write(out, report)
        except ProtocolError as error:
            refuse(str(error))
        except Fault as fault:
            refuse(
                f"--{fault}"
                if fault.key in OPTIONS
                else str(ProtocolError(str(protocol), fault.key, fault.reason))
            )
        except OSError as error:
            refuse(f"{out}: cannot be written: {error.strerror}")
        for warning in report.advice.warnings:
            self.stderr.write(f"warning: {warning}")
        return f"{summary(report)}; wrote {out}/design.pdf, design.json"


def _step(bar: tqdm[None], name: str) -> None:
    bar.set_description(name)
    bar.update()


def _shares(given: Sequence[Sequence[str]]) -> dict[str, list[int]]:
    """`FACTOR N N …`, a list each time it was given."""
    try:
        return {factor: [int(part) for part in parts] for factor, *parts in given}
    except ValueError:
        raise Fault("share", "give a factor and whole numbers, one for each of its levels") from None
