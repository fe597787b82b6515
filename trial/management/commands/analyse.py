"""Run an analysis plan on a dataset from elsewhere, without any database."""

from __future__ import annotations

import hashlib
import platform
from argparse import ArgumentParser
from importlib.metadata import version
from pathlib import Path

from django.core.management.base import BaseCommand

from analysis import dataset
from analysis import plan as plans
from analysis.faults import DataError, PlanError
from analysis.publish import check_folder, publish
from analysis.run import Provenance, primary_line
from trial.management import refuse

PARTS = ("report-wording-trials", "numpy", "scipy", "pandas", "matplotlib", "reportlab")


class Command(BaseCommand):
    help = "Run a plan on a CSV, one row a participant and visit; write results, tables, figures and a PDF"
    requires_system_checks = []  # reads files only, so it works before there is a database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("data", type=Path, metavar="DATA.csv")
        parser.add_argument("plan", type=Path, metavar="PLAN.toml")
        parser.add_argument("--out", type=Path, required=True, help="the folder to write, new or empty")
        parser.add_argument(
            "--registered", metavar="SHA256", help="the plan's hash as registered before the data were seen"
        )

    def handle(self, *, data: Path, plan: Path, out: Path, registered: str | None, **options: object) -> str:
        try:
            check_folder(out)
            chosen = plans.parse_bytes(plan_bytes := _read(plan), plan.name)
            frame = dataset.parse(data_bytes := _read(data), chosen, data.name)
            provenance = Provenance(
                plan=plan.name,
                plan_sha256=hashlib.sha256(plan_bytes).hexdigest(),
                data=data.name,
                data_sha256=hashlib.sha256(data_bytes).hexdigest(),
                label=_label(plan_bytes, registered),
                software={"Python": platform.python_version(), **{part: version(part) for part in PARTS}},
            )
            results = publish(out, plan=chosen, data=frame, provenance=provenance)
        except (PlanError, DataError) as error:
            refuse(str(error))
        except OSError as error:
            refuse(f"{out}: cannot be written: {error.strerror}")
        return f"Wrote {out}/report.pdf, results.json, tables/, figures/\n{primary_line(chosen, results)}"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        refuse(f"{path}: cannot be read: {error.strerror}")


def _label(plan: bytes, registered: str | None) -> str:
    """Only a plan whose hash was registered before is prespecified."""
    sha256 = hashlib.sha256(plan).hexdigest()
    if registered is not None and registered.lower() != sha256:
        refuse(f"--registered: the plan's SHA-256 is {sha256}; it is not the plan that was registered")
    return "post hoc" if registered is None else "prespecified"
