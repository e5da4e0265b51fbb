"""The outbox: written with its reason, claimed by one sender at a time, marked with what became of it."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, delete, select, update
from sqlalchemy.orm import Session

from config.tracing import current_request_id
from models.database import vault_of
from models.notice import Channel, Notice, NoticeStatus
from models.prepared import Prepared, table_of

PAYLOAD = "notices.payload"
LEASE = timedelta(seconds=60)
KEY_LASTS = timedelta(minutes=9)  # WeChat remembers client_msg_id for ten minutes
MAX_WAIT = timedelta(minutes=5)
TABLE = table_of(Notice)
WOKEN = Prepared(
    update(TABLE)
    .where(TABLE.c.follower_id == bindparam("wanted_id"), TABLE.c.status == NoticeStatus.WAITING)
    .values(status=NoticeStatus.NEW, not_before=bindparam("now"), tried_at=None)
)


def add_notice(
    session: Session,
    follower_id: int,
    channel: Channel,
    payload: dict[str, Any],
    *,
    key: str,
    now: datetime,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Say `payload` (WeChat's message without receiver) once; False when this key was added before.

    Call it in the transaction of its reason; `key` is at most 64 characters.
    """
    if has_notice(session, key):
        return False
    session.add(
        Notice(
            idempotency_key=key,
            channel=channel,
            follower_id=follower_id,
            payload_sealed=vault_of(session).seal(json.dumps(payload), PAYLOAD),
            created_at=now,
            request_id=current_request_id(),
            not_before=not_before or now,
            expires_at=expires_at,
        )
    )
    return True


def drop_notice(session: Session, key: str) -> None:
    """Take back what nobody has begun to send; in the transaction that added it, or soon after."""
    session.flush()
    session.execute(delete(Notice).where(Notice.idempotency_key == key, Notice.status == NoticeStatus.NEW))


def has_notice(session: Session, key: str) -> bool:
    """A notice with this idempotency key exists, whatever became of it."""
    return session.scalar(select(Notice.id).where(Notice.idempotency_key == key)) is not None


def payload_of(session: Session, notice: Notice) -> dict[str, Any]:
    """What to say."""
    payload: dict[str, Any] = json.loads(vault_of(session).open(notice.payload_sealed, PAYLOAD))
    return payload


def claim(session: Session, owner: str, now: datetime) -> Notice | None:
    """Lease the notice that is due longest; two senders never get the same one. Expired ones fail here.

    One at a time: a sender that dies leaves no notice in doubt that it never tried.
    """
    too_old = and_(Notice.status == NoticeStatus.NEW, Notice.expires_at <= now)
    session.execute(
        update(Notice).where(too_old).values(status=NoticeStatus.FAILED, last_error="expired before sending")
    )
    due = (
        select(Notice)
        .where(Notice.status == NoticeStatus.NEW, Notice.not_before <= now)
        .order_by(Notice.not_before, Notice.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    notice = session.scalar(due)
    if notice is not None:
        notice.status = NoticeStatus.LEASED
        notice.lease_owner, notice.lease_until = owner, now + LEASE
        notice.tries += 1
        notice.tried_at = notice.tried_at or now
    return notice


def is_stale(notice: Notice, now: datetime) -> bool:
    """Tried before with unknown outcome, and WeChat has forgotten the key since."""
    return notice.tried_at is not None and now - notice.tried_at >= KEY_LASTS


def held(session: Session, notice_id: int, owner: str) -> Notice | None:
    """The notice, if `owner` still holds its lease."""
    return session.scalar(
        select(Notice)
        .where(Notice.id == notice_id, Notice.status == NoticeStatus.LEASED, Notice.lease_owner == owner)
        .with_for_update()
    )


def settle(notice: Notice, status: NoticeStatus, error: str = "") -> None:
    """End the lease with an outcome."""
    notice.status = status
    notice.lease_owner = notice.lease_until = None
    notice.last_error = error[:200] or None


def mark_sent(notice: Notice, now: datetime, remote_id: str = "") -> None:
    """WeChat took it."""
    settle(notice, NoticeStatus.SENT)
    notice.sent_at, notice.remote_id = now, remote_id or None


def put_back(notice: Notice, not_before: datetime, error: str) -> None:
    """This try certainly did not go out: again later."""
    is_first = bool(notice.lease_until and notice.tried_at == notice.lease_until - LEASE)
    settle(notice, NoticeStatus.NEW, error)
    notice.not_before = not_before
    if is_first:
        notice.tried_at = None


def doubt(notice: Notice, now: datetime, error: str) -> None:
    """It may have gone out: again with the same key while WeChat remembers it, else left to a person."""
    if notice.channel is Channel.TEMPLATE and not is_stale(notice, now):
        settle(notice, NoticeStatus.NEW, error)
        notice.not_before = now + back_off(notice.tries)
    else:
        settle(notice, NoticeStatus.UNKNOWN, error)


def back_off(tries: int) -> timedelta:
    """1, 2, 4 … seconds, at most five minutes."""
    return min(timedelta(seconds=2 ** min(max(tries - 1, 0), 9)), MAX_WAIT)


def expire_leases(session: Session, now: datetime) -> int:
    """Deal with notices whose sender died between sending and marking; returns how many."""
    lost = (
        select(Notice)
        .where(Notice.status == NoticeStatus.LEASED, Notice.lease_until <= now)
        .with_for_update(skip_locked=True)
    )
    notices = list(session.scalars(lost))
    for notice in notices:
        doubt(notice, now, "the sender stopped before it could say what became of it")
    return len(notices)


def wake(session: Session, follower_id: int, now: datetime) -> None:
    """The follower is in contact again: what waited for that may go out."""
    WOKEN.run(session, wanted_id=follower_id, now=now)


def note_delivery(session: Session, remote_id: str, is_delivered: bool, said: str) -> None:
    """WeChat tells what became of a template message that it took before."""
    notice = session.scalar(select(Notice).where(Notice.remote_id == remote_id))
    if notice is not None and not is_delivered:
        settle(notice, NoticeStatus.FAILED, said)


def forget_sent(session: Session, before: datetime) -> int:
    """Delete notices that were sent or failed for good before a moment; returns how many."""
    done = Notice.status.in_([NoticeStatus.SENT, NoticeStatus.FAILED])
    result = session.execute(delete(Notice).where(done, Notice.created_at < before))
    return int(result.rowcount)  # type: ignore[attr-defined]
