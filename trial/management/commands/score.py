"""Score a file of answers, without any database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from instruments import catalogue
from instruments.answer_table import AnswerTableError, read_answers, write_scores
from trial.management import refuse


class Command(BaseCommand):
    help = "Print the scores of a CSV of answers, or why there is none, as CSV"
    requires_system_checks = []  # reads files only, so it works before there is a database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("instrument", help="a code of the catalogue, such as PCS")
        parser.add_argument("answers", type=Path, help="CSV: a column for each item, others are passed on")
        parser.add_argument("--edition", help="the questionnaire's version; default: newest")
        parser.add_argument("--prorate-up-to", type=float, help="share of items that may be missing, below 1")

    def handle(
        self,
        *,
        instrument: str,
        answers: Path,
        edition: str | None,
        prorate_up_to: float | None,
        **options: object,
    ) -> str:
        if prorate_up_to is not None and not 0 <= prorate_up_to < 1:
            refuse("--prorate-up-to: must be at least 0 and below 1")
        try:
            asked = catalogue.load(instrument, edition)
            table = read_answers(asked, answers.read_bytes().decode("utf-8-sig"))
        except (catalogue.UnknownInstrument, AnswerTableError) as error:
            refuse(_named(error, answers))
        except UnicodeDecodeError:
            refuse(f"{answers}:1: encoding: the file is not UTF-8")
        except OSError as error:
            refuse(f"{answers}: {error.strerror}")
        return write_scores(asked, table, prorate_up_to=prorate_up_to).rstrip("\n")


def _named(error: LookupError | ValueError, answers: Path) -> str:
    """The fault, with the file's name before it if it lies in the file."""
    return f"{answers}:{error}" if isinstance(error, AnswerTableError) else f"instrument: {error}"
