"""Counts what one asker does within a window: failed checks, papers made."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models.answer import CheckAttempt
from services.tallying import TallyBook

BOOK = TallyBook(CheckAttempt, "check_attempts.key")


def count_of(session: Session, asker: str, now: datetime, window: timedelta) -> int:
    """How often within the present window."""
    found = BOOK.read(session, asker, now, window)
    return found.count if found else 0


def count_one(session: Session, asker: str, now: datetime, window: timedelta) -> None:
    """One more."""
    BOOK.add(session, asker, now, window)


def forget_counts(session: Session, before: datetime) -> int:
    """Delete counters whose window began before; how many."""
    return BOOK.forget(session, before)
