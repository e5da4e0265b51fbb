"""What the exchange need not keep."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.case import Case
from models.case_words import State
from models.hotline import HotlineNonce, HotlineSending, HotlineStatus
from services.hotline.signing import NONCE_LASTS


def forget_exchange(session: Session, now: datetime) -> int:
    """Drop old nonces, and empty what is sealed of archived cases: numbers and hashes stay. How many nonces."""
    archived = select(Case.id).where(Case.state == State.ARCHIVED)
    for table, sealed in ((HotlineSending, "body_sealed"), (HotlineStatus, "text_sealed")):
        column = getattr(table, sealed)
        session.execute(update(table).where(table.case_id.in_(archived), column.is_not(None)).values({sealed: None}))
    result = session.execute(delete(HotlineNonce).where(HotlineNonce.seen_at < now - NONCE_LASTS))
    return int(result.rowcount)  # type: ignore[attr-defined]
