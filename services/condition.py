"""How the service does at a moment, read from the database: what waits, what failed, what is late."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.case_clock import CaseDeadline
from models.notice import Notice, NoticeStatus
from services.timetable_lease import NOBODY, Seen, look


@dataclass(frozen=True)
class Condition:
    """Counts; an age in seconds."""

    notices: dict[NoticeStatus, int]
    oldest_due_seconds: float  # of the notice that should have gone out first; 0 where none is late
    late_deadlines: int  # legal deadlines that ran out and still run
    timetable: Seen = NOBODY  # its lease, where several machines could hold it


def read_condition(session: Session, now: datetime) -> Condition:
    """Counts over indexed columns; cheap enough for every few seconds."""
    counted = {row[0]: row[1] for row in session.execute(select(Notice.status, func.count()).group_by(Notice.status))}
    oldest = session.scalar(select(func.min(Notice.not_before)).where(Notice.status == NoticeStatus.NEW))
    late = session.scalar(select(func.count()).where(CaseDeadline.ended_at.is_(None), CaseDeadline.due_at <= now))
    age = max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
    return Condition({status: counted.get(status, 0) for status in NoticeStatus}, age, late or 0, look(session))
