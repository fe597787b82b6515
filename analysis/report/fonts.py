"""The fonts of the report. They come with matplotlib, are free, and are embedded."""

from __future__ import annotations

from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path

import matplotlib as mpl
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from svglib.fonts import register_font

SERIF, SERIF_BOLD, SANS, SANS_BOLD = "Serif", "Serif-Bold", "Sans", "Sans-Bold"
FILES = {
    SERIF: "STIXGeneral.ttf",
    SERIF_BOLD: "STIXGeneralBol.ttf",
    "Serif-Italic": "STIXGeneralItalic.ttf",
    SANS: "DejaVuSans.ttf",
    SANS_BOLD: "DejaVuSans-Bold.ttf",
}


@cache
def register() -> None:
    """Make the fonts known to reportlab, once."""
    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    for name, file in FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    for weight, name in (("normal", SANS), ("bold", SANS_BOLD), ("700", SANS_BOLD)):
        register_font("DejaVu Sans", str(folder / FILES[name]), weight=weight)  # what the figures ask for
    pdfmetrics.registerFontFamily(SERIF, SERIF, SERIF_BOLD, "Serif-Italic", SERIF_BOLD)
    pdfmetrics.registerFontFamily(SANS, SANS, SANS_BOLD, SANS, SANS_BOLD)


def marked(text: str) -> str:
    """The text safe for a paragraph; signs that the serif font lacks are set in the sans."""
    register()
    known = pdfmetrics.getFont(SERIF).face.charToGlyph
    runs = groupby(text, lambda sign: ord(sign) in known)
    return "".join(
        escape("".join(run)) if has else f'<font name="{SANS}">{escape("".join(run))}</font>'
        for has, run in runs
    )
