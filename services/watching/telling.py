"""What a follower hears in a notice: composed in the moment of sending, from what is public in that moment."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.notice import Notice, NoticeStatus
from models.watching import Watch
from services.calendar.working_days import day_of
from services.watching.following import find_watcher
from services.watching.marks import News, find_news, marks_of
from services.watching.serving import NOT_OUT


class BusyError(Exception):
    """Another notice to this follower is on its way, and its outcome is not known yet."""


def compose_news(session: Session, notice: Notice, now: datetime) -> list[News]:
    """What to tell, firm by firm; empty: nothing is left to tell. In the transaction that leases the notice.

    BusyError while an earlier notice is being sent. What is told is kept beside what was told before until the
    outcome is known: a notice that certainly did not go out is composed anew from what the follower knows.
    """
    if notice.follower_id is None:
        return []
    watcher = find_watcher(session, notice.follower_id)
    watches = list(session.scalars(select(Watch).where(Watch.follower_id == notice.follower_id).order_by(Watch.id)))
    for watch in watches:
        settle(session, watch, notice.idempotency_key)
    news = []
    for watch in watches:
        marks = marks_of(session, watch.enterprise_id, day_of(now))
        if marks is None or marks == watch.told:
            continue
        found = None if watcher.muted_at else find_news(session, watch.enterprise_id, watch.told, marks)
        if found:
            news.append(found)
            watch.telling, watch.telling_key = marks, notice.idempotency_key
        else:
            watch.told = marks
    session.flush()
    return news


def settle(session: Session, watch: Watch, key: str) -> None:
    """Decide what became of the last telling."""
    if watch.telling_key is None:
        return
    status = None
    if watch.telling_key != key:
        status = session.scalar(select(Notice.status).where(Notice.idempotency_key == watch.telling_key))
        if status is NoticeStatus.LEASED:
            raise BusyError
        if status not in NOT_OUT and watch.telling is not None:
            watch.told = watch.telling
    watch.telling = watch.telling_key = None
