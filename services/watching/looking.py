"""Finds followed firms at which something changed: by history and register at once, all others in turn."""

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from models.archive import ArchiveEvent
from models.enterprise import Enterprise
from models.watching import WatchCursor, WatchedFirm
from services.calendar.working_days import SHANGHAI, day_of, start_of
from services.watching.marks import hash_marks, marks_of

CURSOR_ID = 1
LONG_AGO = datetime(2000, 1, 1, tzinfo=SHANGHAI)
IN_TURN = timedelta(hours=1)  # an unchanged firm is compared again after so long, and at the beginning of a day


def look(session: Session, now: datetime, most: int, settle: timedelta) -> int:
    """Compare at most so many firms with what they were; those that differ are due after `settle`. How many compared.

    Windows that end and begin are no events: that is why all firms are compared in turn. Two processes never hold
    the same firm.
    """
    read_on(session)
    today = day_of(now)
    since = max(now - IN_TURN, start_of(today))
    in_turn = select(WatchedFirm).where(WatchedFirm.looked_at <= since).order_by(WatchedFirm.looked_at).limit(most)
    firms = list(session.scalars(in_turn.with_for_update(skip_locked=True)))
    for firm in firms:
        firm.looked_at = now
        marks = marks_of(session, firm.enterprise_id, today)
        if marks is not None and hash_marks(marks) != firm.marks_hash:
            firm.marks_hash, firm.served_id = hash_marks(marks), 0
            firm.due_at = firm.due_at or now + settle
    session.flush()
    return len(firms)


def read_on(session: Session) -> None:
    """Put the firms that the history and the register name since the last step at the head of the line.

    What another transaction adds under an earlier id is found in turn.
    """
    cursor = session.scalar(select(WatchCursor).where(WatchCursor.id == CURSOR_ID).with_for_update())
    if cursor is None:
        cursor = start_cursor(session)
    last_event = session.scalar(select(func.max(ArchiveEvent.id))) or 0
    last_revision = session.scalar(select(func.max(Enterprise.revision))) or 0
    if last_event > cursor.event_id:
        put_first(session, select(ArchiveEvent.enterprise_id).where(ArchiveEvent.id > cursor.event_id))
    if last_revision > cursor.revision:
        put_first(session, select(Enterprise.id).where(Enterprise.revision > cursor.revision))
    cursor.event_id, cursor.revision = last_event, last_revision


def put_first(session: Session, ids: Select[int]) -> None:
    """These firms are compared next."""
    wanted = update(WatchedFirm).where(WatchedFirm.enterprise_id.in_(ids)).values(looked_at=LONG_AGO)
    session.execute(wanted.execution_options(synchronize_session=False))


def start_cursor(session: Session) -> WatchCursor:
    """From now on."""
    cursor = WatchCursor(
        id=CURSOR_ID,
        event_id=session.scalar(select(func.max(ArchiveEvent.id))) or 0,
        revision=session.scalar(select(func.max(Enterprise.revision))) or 0,
    )
    session.merge(cursor)
    session.flush()
    return session.get_one(WatchCursor, CURSOR_ID)
