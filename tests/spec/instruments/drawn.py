"""Data drawn as tables, and one small invented instrument to try the rules on."""

from instruments.answers import Missing
from instruments.model import (
    Choice,
    Instrument,
    Item,
    Licence,
    LicenceState,
    Method,
    Mic,
    MissingRule,
    Recall,
    Scale,
    ScaleKind,
    ScoreRule,
    Wording,
)

WORDS = {"": None, **{missing.value: missing for missing in Missing}}


def rows(table):
    """The rows of a drawn table as dictionaries; the second line, the rule, is left out."""
    heading, _, *lines = [line.split("|") for line in table.strip().splitlines()]
    names = [name.strip() for name in heading]
    return [dict(zip(names, (cell.strip() for cell in line), strict=True)) for line in lines]


def cases(table):
    """The rows for `pytest.mark.parametrize`, each told by its "why"."""
    found = rows(table)
    return {"argvalues": found, "ids": [row["why"] for row in found]}


def answer(cell):
    return WORDS[cell] if cell in WORDS else int(cell)


def told(score):
    """A score as it is drawn: its value, or the reason in words."""
    return score.reason.value if score.value is None else score.value


def expected(cell):
    return float(cell) if cell[0] in "-0123456789" else cell


NUMBERS = Scale(ScaleKind.NUMBERS, (Choice(1, "least"), Choice(2, ""), Choice(3, ""), Choice(4, "most")))
ITEMS = tuple(Item(f"CLAR0{number}", "How clear was the text?", NUMBERS) for number in range(1, 6))
CODES = tuple(item.code for item in ITEMS)


def rule(code="CLARTOT", *, items=CODES, method=Method.SUM, most=0, prorate=True, worse=False, mics=()):
    size = len(items) if method is Method.SUM else 1
    return ScoreRule(
        code=code,
        label="Clarity",
        items=items,
        method=method,
        minimum=1 * size,
        maximum=4 * size,
        higher_is_worse=worse,
        missing=MissingRule(most, prorate, "Invented."),
        mics=mics,
    )


def clarity(*rules):
    """Five items from 1 to 4 about how clear a text was: invented, so that no key is taken for granted."""
    return Instrument(
        code="CLAR",
        version="1",
        scoring_version="1",
        title="Clarity, invented",
        wording=Wording.DEMONSTRATION,
        instructions="Choose a number.",
        recall=Recall("now", 0),
        licence=Licence(LicenceState.OPEN, "none", "Invented."),
        minimum_age=18,
        minutes=1,
        languages=("en",),
        items=ITEMS,
        scores=rules or (rule(),),
        sha256="0" * 64,
    )


def points(size):
    return Mic(size, None, "Invented.")


def percent(size):
    return Mic(None, size, "Invented.")
