"""Invented evidence: a drawn receipt for some of the demonstration's cases."""

import io
from datetime import datetime

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.cases import CaseRules
from models.case import Case
from models.case_file import CaseEvidence
from services.evidence.examining import Examined
from services.evidence.keeping import Arrived, add_evidence, digest, limits_of
from services.evidence.kinds import recognise
from services.evidence.looking import SEEN_MIME, draw_view
from services.evidence.store import EvidenceStore

CASES_COUNT = 8


def add_demo_evidence(session: Session, store: EvidenceStore, rules: CaseRules, now: datetime) -> int:
    """A receipt for each of the first cases; how many. Where there is evidence, nothing is added."""
    if session.scalar(select(CaseEvidence.id).limit(1)) is not None:
        return 0
    cases = list(session.scalars(select(Case).order_by(Case.id).limit(CASES_COUNT)))
    for case in cases:
        photo = draw_receipt(case.number, case.amount_fen or 0)
        found = recognise(photo)
        view = draw_view(photo, found)
        examined = Examined(found.kind, found.mime, found.extension, SEEN_MIME, view)
        arrived = Arrived(examined, store.keep(photo, view), digest(photo), len(photo), "收据.jpg", "citizen")
        add_evidence(session, case, arrived, limits_of(rules), now)
    return len(cases)


def draw_receipt(number: str, amount_fen: int) -> bytes:
    """A strip of paper with figures; letters only, so that no font is needed."""
    image = Image.new("RGB", (480, 640), (214, 208, 196))
    pen = ImageDraw.Draw(image)
    pen.rectangle((60, 40, 420, 600), fill=(252, 251, 247), outline=(190, 186, 178))
    lines = [
        "RECEIPT (DEMO)",
        "",
        f"NO. {number[2:10]}-{number[-5:]}",
        "",
        "CARD DEPOSIT",
        f"CNY {amount_fen / 100:,.2f}",
    ]
    for row, words in enumerate([*lines, "", "PAID", "", "THANK YOU"]):
        pen.text((100, 80 + row * 44), words, fill=(40, 40, 40), font_size=26)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()
