"""The certificate of the sealing: one page of paper that later proves what was fixed, and when."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from html import escape

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

from trial import signing
from trial.models import Role, Study
from trial.refusals import NotSealed
from trial.selectors import trail

QR = 42 * mm


def of(study: Study, *, at: datetime) -> bytes:
    """The certificate as a PDF of one page; `NotSealed` before the sealing."""
    published = trail.published(study)
    if published is None:
        raise NotSealed
    ceremony, head = trail.ceremony(study), trail.head(study)
    facts = {
        "Study": f"{study.code}: {study.protocol.study.title}",
        "Protocol, SHA-256": study.protocol_sha256,
        "Sealed": _time(published.at),
        "Commitment C": published.commitment,
        "Root R of the slots": published.root or "none: this design has no list of slots",
        "Hash of the server's share": ceremony.server,
        "Hash of the statistician's share": ceremony.statistician,
        "Ceremonies before this one": str(ceremony.aborted),
        "Ledger": f"{head.seq} entries, the last {head.h}",
        "Key of receipts and checkpoints": f"Ed25519 {signing.public_key()}",
        "Printed": _time(at),
    }
    code = f"{study.code} C={published.commitment} R={published.root} L={head.seq}:{head.h}"
    return _pdf(f"Certificate of a sealed allocation: {study.code}", facts, code, _signatories(study))


def _signatories(study: Study) -> list[str]:
    members = study.memberships.filter(role__in=[Role.CUSTODIAN, Role.STATISTICIAN]).select_related("member")
    return [f"{membership.member.name}, {membership.get_role_display().lower()}" for membership in members]


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%d %B %Y, %H:%M} UTC"


def _pdf(title: str, facts: dict[str, str], code: str, signatories: list[str]) -> bytes:
    styles = getSampleStyleSheet()
    small = ParagraphStyle("small", parent=styles["BodyText"], fontSize=9, leading=12, wordWrap="CJK")
    rows = [
        [Paragraph(escape(name), small), Paragraph(escape(value), small)] for name, value in facts.items()
    ]
    signatures = [[f"{name}:", "_" * 40] for name in signatories]
    file = io.BytesIO()
    document = SimpleDocTemplate(file, pagesize=A4, title=title, author="", invariant=True, topMargin=20 * mm)
    document.build(
        [
            Paragraph("Certificate of a sealed allocation", styles["Title"]),
            Paragraph(
                "Every allocation of this study follows from a secret that was fixed before anybody was "
                "randomized. The numbers below bind it and tell nothing of it. When the study is unblinded, "
                "the secret is published, and anyone can check that everybody got what was sealed.",
                styles["BodyText"],
            ),
            Spacer(0, 6 * mm),
            Table(rows, colWidths=[50 * mm, 110 * mm]),
            Spacer(0, 6 * mm),
            _qr(code),
            Spacer(0, 8 * mm),
            Table(signatures, colWidths=[70 * mm, 90 * mm], rowHeights=12 * mm),
        ]
    )
    return file.getvalue()


def _qr(text: str) -> Drawing:
    widget = QrCodeWidget(text, barLevel="M", barWidth=QR, barHeight=QR)
    drawing = Drawing(QR, QR)
    drawing.add(widget)
    return drawing
