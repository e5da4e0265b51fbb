"""Counts what one asker does within a window: failed checks, papers made; only a blind index is kept."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.answer import CheckAttempt
from models.database import vault_of

FIELD = "check_attempts.key"


def count_of(session: Session, asker: str, now: datetime, window: timedelta) -> int:
    """How often within the present window."""
    row = find_row(session, asker)
    return row.failed_count if row and now - row.began_at < window else 0


def count_one(session: Session, asker: str, now: datetime, window: timedelta) -> None:
    """One more; an old window is begun anew."""
    row = find_row(session, asker, locks=True)
    if row is None:
        index = vault_of(session).index(asker, FIELD)
        try:
            with session.begin_nested():
                session.add(CheckAttempt(key=index, began_at=now, failed_count=0))
        except IntegrityError:  # counted by another process at the same moment
            pass
        row = find_row(session, asker, locks=True)
    if row is not None:
        if now - row.began_at >= window:
            row.began_at, row.failed_count = now, 0
        row.failed_count += 1


def find_row(session: Session, asker: str, *, locks: bool = False) -> CheckAttempt | None:
    """The counter of an asker."""
    wanted = select(CheckAttempt).where(CheckAttempt.key == vault_of(session).index(asker, FIELD))
    return session.scalar(wanted.with_for_update() if locks else wanted)


def forget_counts(session: Session, before: datetime) -> int:
    """Delete counters whose window began before; how many."""
    result = session.execute(delete(CheckAttempt).where(CheckAttempt.began_at < before))
    return int(result.rowcount)  # type: ignore[attr-defined]
