"""Writes one notice for each follower who has something to hear; the words come when it is sent."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.notice import Channel, Notice, NoticeStatus
from models.watching import Watch, WatchedFirm, Watcher
from services.calendar.working_days import day_of
from services.notices import add_notice
from services.watching.marks import find_news, marks_of
from services.watching.members import serve_members

COMPOSE, WATCHING = "compose", "watching"  # a payload that only says who will write it
NOT_OUT = frozenset({NoticeStatus.NEW, NoticeStatus.WAITING})


def serve(session: Session, now: datetime, batch: int) -> bool:
    """The next `batch` followers of a firm that is due; False when no firm is.

    The notices and how far we came are one transaction: killed anywhere, nobody is left out or served twice.
    """
    due = select(WatchedFirm).where(WatchedFirm.due_at <= now).order_by(WatchedFirm.due_at).limit(1)
    firm = session.scalar(due.with_for_update(skip_locked=True))
    if firm is None:
        return False
    marks = marks_of(session, firm.enterprise_id, day_of(now))
    of_it = select(Watch).where(Watch.enterprise_id == firm.enterprise_id, Watch.id > firm.served_id)
    watches = list(session.scalars(of_it.order_by(Watch.id).limit(batch)))
    if marks is not None:
        offer(session, find_differing(session, watches, marks), now)
    if len(watches) == batch:
        firm.served_id = watches[-1].id
    else:
        if marks is not None:
            serve_members(session, firm.enterprise_id, marks, now)
        firm.due_at, firm.served_id = None, 0
    session.flush()
    return True


def find_differing(session: Session, watches: Sequence[Watch], marks: list[str]) -> list[int]:
    """The followers who have something to hear; what is no news to anybody is noted without a word."""
    is_news: dict[tuple[str, ...], bool] = {}
    differing = []
    for watch in watches:
        told = tuple(watch.told)
        if told not in is_news:
            is_news[told] = bool(find_news(session, watch.enterprise_id, told, marks))
        if is_news[told] or watch.telling_key:
            differing.append(watch.follower_id)
        else:
            watch.told = marks
    return differing


def offer(session: Session, follower_ids: Sequence[int], now: datetime) -> None:
    """A notice for each, unless one is there that has not begun its way: it will say everything."""
    wanted = select(Watcher).where(Watcher.follower_id.in_(follower_ids), Watcher.muted_at.is_(None))
    watchers = list(session.scalars(wanted.order_by(Watcher.follower_id).with_for_update()))
    keys = [key_of(watcher) for watcher in watchers]
    status = select(Notice.idempotency_key, Notice.status).where(Notice.idempotency_key.in_(keys))
    waiting = {key for key, found in session.execute(status).all() if found in NOT_OUT}
    for watcher in watchers:
        if key_of(watcher) not in waiting:
            watcher.notice_count += 1
            payload = {COMPOSE: WATCHING}
            add_notice(session, watcher.follower_id, Channel.CUSTOMER_SERVICE, payload, key=key_of(watcher), now=now)


def key_of(watcher: Watcher) -> str:
    """Of the last notice."""
    return f"watch:{watcher.follower_id}:{watcher.notice_count}"
