"""Followers: met at a contact, their windows opened, erased when they leave."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, exists, insert, literal, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.base import UtcDateTime
from models.database import vault_of
from models.follower import ContactWindow, ConversationState, Follower, Trigger
from models.notice import Notice, NoticeStatus
from models.prepared import Prepared, table_of
from models.received import Received

OPENID = "followers.openid"
SEEN_TO_THE = timedelta(hours=1)  # seen_at need not be more exact
WINDOW_TO_THE = timedelta(minutes=1)  # nor the opening of a window of which nothing is used; it closes so much earlier
TABLE, STATES, WINDOWS = table_of(Follower), table_of(ConversationState), table_of(ContactWindow)
RECEIVED, NOTICES = table_of(Received), table_of(Notice)
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
NEW_STATE = Prepared(insert(STATES), "follower_id", "state", "updated_at")
OTHER_STATE = Prepared(
    update(STATES)
    .where(STATES.c.follower_id == bindparam("wanted_id"))
    .values(state=bindparam("now_state"), updated_at=bindparam("at"))
)
NOTHING = select(literal(1).label("one")).subquery()  # the row that is there when nothing is known
KNOWN = Prepared(
    select(
        *(TABLE.c.id, TABLE.c.openid_sealed, TABLE.c.subscribed, TABLE.c.seen_at),
        *(RECEIVED.c.key, RECEIVED.c.reply_sealed, STATES.c.state, WINDOWS.c.opened_at, WINDOWS.c.used_count),
        exists()
        .where(NOTICES.c.follower_id == TABLE.c.id, NOTICES.c.status == NoticeStatus.WAITING)
        .correlate(TABLE)
        .label("is_awaited"),
    ).select_from(
        NOTHING.outerjoin(RECEIVED, RECEIVED.c.key == bindparam("wanted_key"))
        .outerjoin(TABLE, TABLE.c.openid_index == bindparam("index"))
        .outerjoin(STATES, STATES.c.follower_id == TABLE.c.id)
        .outerjoin(WINDOWS, (WINDOWS.c.follower_id == TABLE.c.id) & (WINDOWS.c.trigger == bindparam("wanted_trigger")))
    )
)


class Met(NamedTuple):
    """A follower as a door needs one."""

    id: int
    openid_sealed: bytes
    subscribed: bool
    seen_at: datetime


class Known(NamedTuple):
    """What is known when a message arrives."""

    follower: Met | None
    is_handled: bool  # the message, before
    reply_sealed: bytes | None  # what was said to it then
    state: dict[str, Any] | None  # of the conversation
    window: tuple[datetime, int] | None  # of the message's trigger: opened at, used count
    is_awaited: bool  # notices wait for a contact


def index_of(session: Session, openid: str) -> bytes:
    """By which the row is found: nobody can tell the openid from it."""
    return vault_of(session).index(openid, OPENID)


def look_up(session: Session, key: bytes, index: bytes, trigger: Trigger | None) -> Known:
    """All in one statement, since every message asks for it; who else would change it is locked out before.

    `key` is the message's, `index` of who wrote it (index_of).
    """
    (row,) = KNOWN.run(session, wanted_key=key, index=index, wanted_trigger=trigger)
    follower_id, openid_sealed, subscribed, seen_at, handled, reply_sealed, state, opened_at, used_count, awaited = row
    follower = None if follower_id is None else Met(follower_id, openid_sealed, subscribed, seen_at)
    window = None if opened_at is None else (opened_at, used_count)
    return Known(follower, handled is not None, reply_sealed, state, window, bool(awaited))


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
    index = index_of(session, openid)
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
    wanted = Follower.openid_index == index_of(session, openid)
    return bool(session.scalar(select(Follower.subscribed).where(wanted)))


def openid_of(session: Session, follower: Follower | Met) -> str:
    """The openid, for the call to WeChat that needs it."""
    return vault_of(session).open(follower.openid_sealed, OPENID)


def open_window(session: Session, follower_id: int, trigger: Trigger, at: datetime) -> None:
    """A contact at `at` gives a fresh quota; an older contact that comes late changes nothing."""
    OPENED.run(session, follower_id=follower_id, trigger=trigger.value, at=at)


def is_fresh(window: tuple[datetime, int] | None, at: datetime) -> bool:
    """Nothing of it is used, and it was opened hardly before `at`: there is nothing to write."""
    return window is not None and window[1] == 0 and timedelta(0) <= at - window[0] < WINDOW_TO_THE


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
    wanted = Follower.openid_index == index_of(session, openid)
    follower_id = session.scalar(select(Follower.id).where(wanted).with_for_update())
    if follower_id is None:
        return
    session.execute(update(Received).where(Received.follower_id == follower_id).values(reply_sealed=None))
    session.execute(delete(Follower).where(Follower.id == follower_id))
