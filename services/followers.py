"""Followers: met at a contact, their windows opened, erased when they leave."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.database import vault_of
from models.follower import ContactWindow, ConversationState, Follower, Trigger
from models.received import Received

OPENID = "followers.openid"
SEEN_TO_THE = timedelta(hours=1)  # seen_at need not be more exact
# Statements of every message are built once.
WANTED = select(Follower).where(Follower.openid_index == bindparam("index")).with_for_update()
WINDOWS = ContactWindow.metadata.tables[ContactWindow.__tablename__]
OPENED = (
    update(WINDOWS)
    .where(
        WINDOWS.c.follower_id == bindparam("wanted_id"),
        WINDOWS.c.trigger == bindparam("wanted_trigger"),
        WINDOWS.c.opened_at <= bindparam("at"),
    )
    .values(opened_at=bindparam("at"), used_count=0)
)


def meet(session: Session, openid: str, now: datetime) -> Follower:
    """Who wrote to the account: made if new, a follower from now on, locked until the transaction ends."""
    follower = recognise(session, openid, now)
    follower.subscribed = True
    return follower


def recognise(session: Session, openid: str, now: datetime) -> Follower:
    """Who opened a page in WeChat; if new, made as one who does not follow, locked until the transaction ends."""
    index = vault_of(session).index(openid, OPENID)
    follower = session.scalar(WANTED, {"index": index})
    if follower is None:
        sealed = vault_of(session).seal(openid, OPENID)
        try:
            with session.begin_nested():
                session.add(Follower(openid_index=index, openid_sealed=sealed, subscribed=False, seen_at=now))
        except IntegrityError:  # another process met the same follower first
            pass
        follower = session.scalars(WANTED, {"index": index}).one()
    if now - follower.seen_at >= SEEN_TO_THE:
        follower.seen_at = now
    return follower


def is_follower(session: Session, openid: str) -> bool:
    """Known, and has not left."""
    index = vault_of(session).index(openid, OPENID)
    return bool(session.scalar(select(Follower.subscribed).where(Follower.openid_index == index)))


def openid_of(session: Session, follower: Follower) -> str:
    """The openid, for the call to WeChat that needs it."""
    return vault_of(session).open(follower.openid_sealed, OPENID)


def open_window(session: Session, follower_id: int, trigger: Trigger, at: datetime) -> None:
    """A contact at `at` gives a fresh quota; an older contact that comes late changes nothing."""
    of_one = {"wanted_id": follower_id, "wanted_trigger": trigger, "at": at}
    if session.execute(OPENED, of_one).rowcount:  # type: ignore[attr-defined]
        return
    if session.get(ContactWindow, (follower_id, trigger)) is None:
        session.add(ContactWindow(follower_id=follower_id, trigger=trigger, opened_at=at, used_count=0))


def use_window(session: Session, window: ContactWindow) -> bool:
    """Count one message against the window; False when another process counted at the same time."""
    same = (
        ContactWindow.follower_id == window.follower_id,
        ContactWindow.trigger == window.trigger,
        ContactWindow.opened_at == window.opened_at,
        ContactWindow.used_count == window.used_count,
    )
    counted = update(ContactWindow).where(*same).values(used_count=window.used_count + 1)
    result = session.execute(counted.execution_options(synchronize_session=False))
    session.expire(window)
    return bool(result.rowcount)  # type: ignore[attr-defined]


def give_back(session: Session, follower_id: int, trigger: Trigger, opened_at: datetime) -> None:
    """Undo `use_window`: WeChat did not take the message."""
    same = (
        ContactWindow.follower_id == follower_id,
        ContactWindow.trigger == trigger,
        ContactWindow.opened_at == opened_at,
        ContactWindow.used_count > 0,
    )
    counted = update(ContactWindow).where(*same).values(used_count=ContactWindow.used_count - 1)
    session.execute(counted.execution_options(synchronize_session=False))


def windows_of(session: Session, follower_id: int) -> list[ContactWindow]:
    """All windows of a follower, open or not."""
    return list(session.scalars(select(ContactWindow).where(ContactWindow.follower_id == follower_id)))


def load_state(session: Session, follower_id: int) -> ConversationState | None:
    """The stored conversation; the follower is locked, so nobody else changes it."""
    return session.get(ConversationState, follower_id)


def save_state(
    session: Session, follower_id: int, row: ConversationState | None, state: dict[str, Any], now: datetime
) -> None:
    """Store the conversation in `row`, or in a new one."""
    if row is None and state:
        session.add(ConversationState(follower_id=follower_id, state=state, updated_at=now))
    elif row is not None and row.state != state:
        row.state, row.updated_at = state, now


def erase(session: Session, openid: str) -> None:
    """Delete all about a follower who left: profile, conversation, windows, notices, stored replies."""
    index = vault_of(session).index(openid, OPENID)
    follower_id = session.scalar(select(Follower.id).where(Follower.openid_index == index).with_for_update())
    if follower_id is None:
        return
    session.execute(update(Received).where(Received.follower_id == follower_id).values(reply_sealed=None))
    session.execute(delete(Follower).where(Follower.id == follower_id))
