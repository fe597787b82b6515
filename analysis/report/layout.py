"""The page: margins, running lines, watermark, headings that make the outline, tables with rules, figures."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from svglib.svglib import svg2rlg

from analysis.figures import Drawing
from analysis.report.fonts import SANS, SANS_BOLD, SERIF, marked

Part = Any  # reportlab has no types: what it lays out, and the canvas it draws on
Story = Callable[[], list[Part]]

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 20 * mm
WIDTH = PAGE_WIDTH - 2 * MARGIN
INK, GREY, RULE = HexColor("#1a1a1a"), HexColor("#5a5a5a"), HexColor("#8a8a8a")

TITLE = ParagraphStyle("Title", fontName=SANS_BOLD, fontSize=17, leading=22, textColor=INK, spaceAfter=4)
HEADING = ParagraphStyle(
    "Heading", fontName=SANS_BOLD, fontSize=11, leading=14, textColor=INK, spaceBefore=16, spaceAfter=5
)
BODY = ParagraphStyle(
    "Body", fontName=SERIF, fontSize=10.5, leading=14.5, textColor=INK, spaceAfter=5, alignment=TA_LEFT
)
LEAD = ParagraphStyle("Lead", parent=BODY, fontSize=12, leading=17, spaceAfter=6)
NOTE = ParagraphStyle("Note", parent=BODY, fontSize=8.8, leading=11.5, textColor=GREY, spaceBefore=3)
CELL = ParagraphStyle("Cell", fontName=SANS, fontSize=7.6, leading=10, textColor=INK)
INDENTED = ParagraphStyle("Indented", parent=CELL, leftIndent=9)
STRONG = ParagraphStyle("Strong", parent=CELL, fontName=SANS_BOLD)
CODE = ParagraphStyle("Code", parent=CELL, wordWrap="CJK")  # breaks a hash anywhere


def heading(text: str) -> Part:
    return Paragraph(marked(text), HEADING)


def body(text: str, style: Part = BODY) -> Part:
    return Paragraph(marked(text), style)


def cell(text: str, style: Part = CELL) -> Part:
    """A cell whose text may wrap; the sans font has every sign that the figures have."""
    return Paragraph(escape(text), style)


def space(points: float) -> Part:
    return Spacer(0, points)


def together(*parts: Part) -> Part:
    """Parts that stay on one page, so that no heading stands alone."""
    return KeepTogether(list(parts))


def table(head: Sequence[str], rows: Sequence[Sequence[Part]], widths: Sequence[float], *extra: Part) -> Part:
    """A table with three rules and no boxes. `widths` are shares; the heading repeats on each page."""
    style = TableStyle(
        [
            ("FONT", (0, 0), (-1, 0), SANS_BOLD, 7.6, 10),
            ("FONT", (0, 1), (-1, -1), SANS, 7.6, 10),
            ("TEXTCOLOR", (0, 0), (-1, -1), INK),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("VALIGN", (0, 1), (-1, -1), "TOP"),
            ("LINEABOVE", (0, 0), (-1, 0), 0.9, INK),
            ("LINEBELOW", (0, 0), (-1, 0), 0.5, RULE),
            ("LINEBELOW", (0, -1), (-1, -1), 0.9, INK),
            ("TOPPADDING", (0, 0), (-1, -1), 1.8),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.8),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("LEFTPADDING", (1, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            *extra,
        ]
    )
    share = WIDTH / sum(widths)
    return Table(
        [list(head), *map(list, rows)], [width * share for width in widths], style=style, repeatRows=1
    )


def figure(drawing: Drawing, caption: str) -> list[Part]:
    """A figure across the text, as vectors, and its caption."""
    return [Spacer(0, 4), _vectors(drawing.svg), body(caption, NOTE)]


@lru_cache(maxsize=8)  # a report is laid out twice, and reading the SVG takes longest
def _vectors(svg: str) -> Part:
    made: Part = svg2rlg(io.BytesIO(svg.encode()))
    scale = WIDTH / made.width
    made.scale(scale, scale)
    made.width, made.height = WIDTH, made.height * scale
    return made


def build(story: Story, *, title: str, running: str, watermark: str | None, notice: str | None) -> bytes:
    """The PDF of a story, the same bytes each time; laid out twice, first to count the pages."""
    pages = _lay_out(story(), _running(running, watermark, notice, 0), title)[1]
    return _lay_out(story(), _running(running, watermark, notice, pages), title)[0]


def _lay_out(parts: list[Part], on_page: Callable[[Part, Part], None], title: str) -> tuple[bytes, int]:
    out = io.BytesIO()
    document = BaseDocTemplate(
        out, pagesize=A4, title=title, author="", subject="Statistical report", lang="en-GB", invariant=1
    )
    frame = Frame(MARGIN, 22 * mm, WIDTH, PAGE_HEIGHT - 44 * mm, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame], onPageEnd=on_page))
    document.afterFlowable = lambda part: _outline(document.canv, part)
    document.build(parts)
    return out.getvalue(), document.page


def _outline(canvas: Part, part: Flowable) -> None:
    """A heading becomes an entry of the PDF's outline."""
    if isinstance(part, Paragraph) and part.style.name in ("Title", "Heading"):
        key = f"section-{canvas.getPageNumber()}-{part.getPlainText()}"
        canvas.bookmarkPage(key)
        canvas.addOutlineEntry(part.getPlainText(), key, 0 if part.style.name == "Title" else 1)


def _running(
    text: str, watermark: str | None, notice: str | None, pages: int
) -> Callable[[Part, Part], None]:
    """What stands on every page: running line, notice, page of all, watermark."""

    def draw(canvas: Part, document: Part) -> None:
        canvas.saveState()
        if watermark:
            _watermark(canvas, watermark)
        canvas.setFont(SANS, 7)
        canvas.setFillColor(GREY)
        canvas.drawString(MARGIN, 12 * mm, text[:90])
        canvas.drawRightString(PAGE_WIDTH - MARGIN, 12 * mm, f"Page {canvas.getPageNumber()} of {pages}")
        if notice:
            canvas.setFillColor(INK)
            canvas.setFont(SANS_BOLD, 7.5)
            canvas.drawCentredString(PAGE_WIDTH / 2, PAGE_HEIGHT - 13 * mm, notice)
        canvas.restoreState()

    return draw


def _watermark(canvas: Part, text: str) -> None:
    canvas.saveState()
    canvas.translate(PAGE_WIDTH / 2, PAGE_HEIGHT / 2)
    canvas.rotate(55)
    size = min(54, 1.25 * PAGE_HEIGHT / max(1, len(text)))
    canvas.setFont(SANS_BOLD, size)
    canvas.setFillColor(HexColor("#7a6a50"), alpha=0.16)  # above the page's content, so nothing hides it
    canvas.drawCentredString(0, 0, text)
    canvas.restoreState()
