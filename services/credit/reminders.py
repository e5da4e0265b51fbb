"""提醒我: on the first day on which repair may be applied for, unless the record is gone before."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models.archive_words import Subject
from models.notice import Channel, Notice, NoticeStatus
from services.calendar.working_days import SHANGHAI
from services.notices import add_notice

MORNING = time(9)
LASTS = timedelta(days=90)  # so long it waits for a contact


def remind(
    session: Session, subject: Subject, subject_id: int, follower_id: int, *, on: date, text: str, now: datetime
) -> bool:
    """Say `text` on the morning of `on`; False when that was asked before. The text must not repeat the record."""
    morning = datetime.combine(on, MORNING, SHANGHAI)
    return add_notice(
        session,
        follower_id,
        Channel.CUSTOMER_SERVICE,
        {"msgtype": "text", "text": {"content": text}},
        key=f"{key_of(subject, subject_id)}{follower_id}",
        now=now,
        not_before=morning,
        expires_at=morning + LASTS,
    )


def drop_reminders(session: Session, subject: Subject, subject_id: int) -> None:
    """Nobody is reminded of what is gone."""
    session.flush()
    waiting = Notice.status.in_([NoticeStatus.NEW, NoticeStatus.WAITING])
    session.execute(
        delete(Notice).where(Notice.idempotency_key.startswith(key_of(subject, subject_id), autoescape=True), waiting)
    )


def key_of(subject: Subject, subject_id: int) -> str:
    """The beginning of the keys of a row's reminders."""
    return f"repair:{subject}:{subject_id}:"
