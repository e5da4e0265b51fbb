"""Followers: met at a contact, their windows opened, erased when they leave."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.base import UtcDateTime
from models.database import vault_of
from models.follower import ContactWindow, ConversationState, Follower, Trigger
from models.prepared import Prepared
from models.received import Received

OPENID = "followers.openid"
SEEN_TO_THE = timedelta(hours=1)  # seen_at need not be more exact
TABLE = Follower.metadata.tables[Follower.__tablename__]
STATES = ConversationState.metadata.tables[ConversationState.__tablename__]
WANTED = Prepared(
    select(TABLE.c.id, TABLE.c.openid_sealed, TABLE.c.subscribed, TABLE.c.seen_at)
    .where(TABLE.c.openid_index == bindparam("index"))
    .with_for_update()
)
SEEN = Prepared(
    update(TABLE)
    .where(TABLE.c.id == bindparam("wanted_id"))
    .values(subscribed=bindparam("follows"), seen_at=bindparam("at"))
)
# The same words in SQLite and PostgreSQL; SQLAlchemy has a construct of its own for each.
OPENED = Prepared(
    text(
        "INSERT INTO contact_windows (follower_id, trigger, opened_at, used_count)"
        " VALUES (:follower_id, :trigger, :at, 0)"
        " ON CONFLICT (follower_id, trigger) DO UPDATE SET opened_at = excluded.opened_at, used_count = 0"
        " WHERE contact_windows.opened_at <= excluded.opened_at"
    ).bindparams(bindparam("at", type_=UtcDateTime))
)
STATE = Prepared(select(STATES.c.state).where(STATES.c.follower_id == bindparam("wanted_id")))
NEW_STATE = Prepared(insert(STATES), "follower_id", "state", "updated_at")
OTHER_STATE = Prepared(
    update(STATES)
    .where(STATES.c.follower_id == bindparam("wanted_id"))
    .values(state=bindparam("now_state"), updated_at=bindparam("at"))
)


class Met(NamedTuple):
    """A follower as a door needs one."""

    id: int
    openid_sealed: bytes
    subscribed: bool
    seen_at: datetime


def meet(session: Session, openid: str, now: datetime) -> Met:
    """Who wrote to the account: made if new, a follower from now on, locked until the transaction ends."""
    met = find_or_make(session, openid, now)
    return note_seen(session, met, now, follows=True)


def recognise(session: Session, openid: str, now: datetime) -> Met:
    """Who opened a page in WeChat; if new, made as one who does not follow, locked until the transaction ends."""
    met = find_or_make(session, openid, now)
    return note_seen(session, met, now, follows=met.subscribed)


def find_or_make(session: Session, openid: str, now: datetime) -> Met:
    """The row, locked; a new one does not follow yet."""
    index = vault_of(session).index(openid, OPENID)
    found = WANTED.run(session, index=index)
    if not found:
        sealed = vault_of(session).seal(openid, OPENID)
        try:
            with session.begin_nested():
                session.add(Follower(openid_index=index, openid_sealed=sealed, subscribed=False, seen_at=now))
        except IntegrityError:  # another process met the same follower first
            pass
        found = WANTED.run(session, index=index)
    return Met._make(found[0])


def note_seen(session: Session, met: Met, now: datetime, *, follows: bool) -> Met:
    """Write down what changed, if anything."""
    seen_at = now if now - met.seen_at >= SEEN_TO_THE else met.seen_at
    if (follows, seen_at) == (met.subscribed, met.seen_at):
        return met
    SEEN.run(session, wanted_id=met.id, follows=follows, at=seen_at)
    return met._replace(subscribed=follows, seen_at=seen_at)


def is_follower(session: Session, openid: str) -> bool:
    """Known, and has not left."""
    index = vault_of(session).index(openid, OPENID)
    return bool(session.scalar(select(Follower.subscribed).where(Follower.openid_index == index)))


def openid_of(session: Session, follower: Follower | Met) -> str:
    """The openid, for the call to WeChat that needs it."""
    return vault_of(session).open(follower.openid_sealed, OPENID)


def open_window(session: Session, follower_id: int, trigger: Trigger, at: datetime) -> None:
    """A contact at `at` gives a fresh quota; an older contact that comes late changes nothing."""
    OPENED.run(session, follower_id=follower_id, trigger=trigger.value, at=at)


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


def load_state(session: Session, follower_id: int) -> dict[str, Any] | None:
    """The stored conversation; the follower is locked, so nobody else changes it."""
    found = STATE.run(session, wanted_id=follower_id)
    return found[0][0] if found else None


def save_state(
    session: Session, follower_id: int, before: dict[str, Any] | None, state: dict[str, Any], now: datetime
) -> None:
    """Store the conversation in place of the one `before`, if it differs."""
    if before is None and state:
        NEW_STATE.run(session, follower_id=follower_id, state=state, updated_at=now)
    elif before is not None and before != state:
        OTHER_STATE.run(session, wanted_id=follower_id, now_state=state, at=now)


def erase(session: Session, openid: str) -> None:
    """Delete all about a follower who left: profile, conversation, windows, notices, stored replies."""
    index = vault_of(session).index(openid, OPENID)
    follower_id = session.scalar(select(Follower.id).where(Follower.openid_index == index).with_for_update())
    if follower_id is None:
        return
    session.execute(update(Received).where(Received.follower_id == follower_id).values(reply_sealed=None))
    session.execute(delete(Follower).where(Follower.id == follower_id))
