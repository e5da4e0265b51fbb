"""Certificates of the quiz: numbered, printed as a picture, checked by number and code."""

import hmac
import io
import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import segno
import typst
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.taking_part import QuizRules
from models.database import vault_of
from models.quiz import QuizCertificate, QuizTry
from services.calendar.telling import date_words
from services.calendar.working_days import day_of
from services.cases.personal import mask_name
from services.papers.pdf import load_fonts
from services.quiz.tries import QuizError, has_passed

TEMPLATE = Path(__file__).with_name("certificate.typ")
NAME_FIELD = "quiz_certificates.name"
ALPHABET = "23456789ABCDEFGHJKLMNPQRTUWXY"  # nothing that is taken for something else
CODE_LENGTH, LONGEST_NAME = 8, 20
PIXELS_PER_INCH = 144


@dataclass(frozen=True)
class Shown:
    """What anybody may see who has number and code."""

    number: str
    name: str  # masked
    right_count: int
    question_count: int
    issued_on: str
    is_revoked: bool


def issue(session: Session, attempt: QuizTry, rules: QuizRules, now: datetime, name: str = "") -> QuizCertificate:
    """The certificate of a try that has passed; a second time the same, with the name if it had none.

    QuizError where it has not passed.
    """
    if not has_passed(attempt, rules):
        raise QuizError("每天第一次答题、答对题数达到要求的，才有证书")
    found = session.scalar(select(QuizCertificate).where(QuizCertificate.try_id == attempt.id))
    today = day_of(now)
    if found is None:
        serial = (session.scalar(select(func.count()).select_from(QuizCertificate)) or 0) + 1
        number = f"ZS{today:%Y%m%d}{serial:05}{secrets.choice(ALPHABET)}{secrets.choice(ALPHABET)}"
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        found = QuizCertificate(number=number, check_code=code, try_id=attempt.id, issued_on=today)
        session.add(found)
    kept = " ".join(name.split())[:LONGEST_NAME]
    if kept and found.name_sealed is None:
        found.name_sealed = vault_of(session).seal(kept, NAME_FIELD)
    session.flush()
    return found


def check(session: Session, number: str, code: str) -> Shown | None:
    """The certificate with this number and check code; None for anything else."""
    found = find(session, number, code)
    if found is None:
        return None
    attempt = session.get_one(QuizTry, found.try_id)
    name = name_on(session, found)
    return Shown(
        number=found.number,
        name=mask_name(name) if name else "",
        right_count=attempt.right_count,
        question_count=len(attempt.question_ids),
        issued_on=date_words(found.issued_on),
        is_revoked=found.revoked_at is not None,
    )


def find(session: Session, number: str, code: str) -> QuizCertificate | None:
    """By both."""
    found = session.scalar(select(QuizCertificate).where(QuizCertificate.number == number.strip().upper()[:24]))
    if found is None or not hmac.compare_digest(found.check_code.encode(), code.strip().upper().encode()):
        return None
    return found


def name_on(session: Session, found: QuizCertificate) -> str:
    """As its holder wanted it printed; "" for none."""
    return vault_of(session).open(found.name_sealed, NAME_FIELD) if found.name_sealed else ""


def draw_picture(session: Session, found: QuizCertificate, bureau: str, address: str) -> bytes:
    """The certificate as PNG, with a QR code of the page that proves it."""
    attempt = session.get_one(QuizTry, found.try_id)
    stream = io.BytesIO()
    segno.make(address, error="m").save(stream, kind="svg", border=0, svgns=True, xmldecl=False)
    said = {
        "bureau": bureau,
        "name": name_on(session, found),
        "right": str(attempt.right_count),
        "count": str(len(attempt.question_ids)),
        "number": found.number,
        "code": found.check_code,
        "day": date_words(found.issued_on),
        "qr": stream.getvalue().decode(),
    }
    return typst.compile(
        str(TEMPLATE),
        format="png",
        ppi=PIXELS_PER_INCH,
        font_paths=load_fonts(),
        sys_inputs={"said": json.dumps(said, ensure_ascii=False)},
    )
