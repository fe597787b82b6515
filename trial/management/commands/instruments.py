"""Which questionnaires can be asked, and what the use of each takes."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from instruments import catalogue
from instruments.model import Instrument

HEADING = ("CODE", "VERSION", "SCORING", "ITEMS", "MINUTES", "AGE", "LICENCE", "WORDING", "TITLE")


class Command(BaseCommand):
    help = "Print the catalogue of questionnaires with their licence states"
    requires_system_checks = []  # reads files only, so it works before there is a database

    def handle(self, **options: object) -> str:
        rows = [HEADING, *(_row(instrument) for instrument in catalogue.all())]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        return "\n".join(_line(row, widths) for row in rows)


def _row(instrument: Instrument) -> tuple[str, ...]:
    return (
        instrument.code,
        instrument.version,
        instrument.scoring_version,
        str(len(instrument.items)),
        str(instrument.minutes),
        f"{instrument.minimum_age}+",
        instrument.licence.state.value,
        instrument.wording.value,
        instrument.title,
    )


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
