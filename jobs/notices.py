"""Sends the outbox: claim, send, mark; what may have arrived is never blindly sent again."""

import logging
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.api_errors import Action, ApiPausedError, GatewayError, NotSentError, WechatError
from bot.gateway import Gateway
from bot.quotas import next_day, next_minute, pick_window
from models.database import Database
from models.follower import Follower, Trigger
from models.notice import Channel, Notice, NoticeStatus
from services import followers, notices

MOST_PER_STEP = 500  # then the clock may end the process
UNTIL_A_PERSON_ACTS = timedelta(minutes=5)
KEY_PAUSE = timedelta(minutes=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parcel:
    """A claimed notice, opened, ready to go out."""

    notice_id: int
    follower_id: int
    key: str
    channel: Channel
    openid: str
    payload: dict[str, Any]
    window: tuple[Trigger, datetime] | None = None  # the window it was counted against


class Sender:
    """One of any number of senders, in one or many processes."""

    def __init__(self, database: Database, gateway: Gateway, clock: Callable[[], datetime]) -> None:
        self.database, self.gateway, self.clock = database, gateway, clock
        self.owner = f"{socket.gethostname()[:20]}:{os.getpid()}:{secrets.token_hex(4)}"

    def deliver(self) -> int:
        """Send what is due; returns how many were looked at."""
        for count in range(MOST_PER_STEP):
            if not self.deliver_one():
                return count
        return MOST_PER_STEP

    def deliver_one(self) -> bool:
        """Claim a notice and count it against its window in one transaction, then send it."""
        now = self.clock()
        with self.database.write() as session:
            notice = notices.claim(session, self.owner, now)
            if notice is None:
                return False
            parcel = open_parcel(session, notice, now)
        if parcel is not None:
            self.send(parcel)
        return True

    def send(self, parcel: Parcel) -> None:
        """One call to WeChat outside of any transaction, then its outcome in one."""
        try:
            remote_id, error = self.call(parcel), None
        except GatewayError as failure:
            remote_id, error = "", failure
        with self.database.write() as session:
            notice = notices.held(session, parcel.notice_id, self.owner)
            if notice is None:
                log.error("notice %s: the lease ended while it was sent", parcel.notice_id)
            elif error is None:
                notices.mark_sent(notice, self.clock(), remote_id)
            else:
                note_failure(session, notice, error, self.clock())
                if notice.status is NoticeStatus.NEW and parcel.window:
                    followers.give_back(session, parcel.follower_id, *parcel.window)

    def call(self, parcel: Parcel) -> str:
        """Send by the notice's channel; WeChat's id of the message, where it gives one."""
        if parcel.channel is Channel.TEMPLATE:
            return self.gateway.send_template(parcel.openid, parcel.payload, parcel.key)
        self.gateway.send_customer_service(parcel.openid, parcel.payload)
        return ""

    def sweep(self) -> int:
        """Deal with what dead senders left behind; returns how many."""
        with self.database.write() as session:
            return notices.expire_leases(session, self.clock())


def open_parcel(session: Session, notice: Notice, now: datetime) -> Parcel | None:
    """Ready to send; None when there is no way now: the notice then waits for the next contact."""
    follower = session.get(Follower, notice.follower_id) if notice.follower_id else None
    if follower is None or not follower.subscribed:
        notices.settle(notice, NoticeStatus.FAILED, "no follower any more")
        return None
    if notices.is_stale(notice, now):
        notices.settle(notice, NoticeStatus.UNKNOWN, "an earlier try may have arrived")
        return None
    counted_against = None
    if notice.channel is Channel.CUSTOMER_SERVICE:
        window = pick_window(followers.windows_of(session, follower.id), now)
        if window is None:
            notices.settle(notice, NoticeStatus.WAITING, "no open window")
            return None
        counted_against = window.trigger, window.opened_at
        if not followers.use_window(session, window):
            notices.put_back(notice, now, "another sender used the window")
            return None
    return Parcel(
        notice.id,
        follower.id,
        notice.idempotency_key,
        notice.channel,
        followers.openid_of(session, follower),
        notices.payload_of(session, notice),
        counted_against,
    )


def note_failure(session: Session, notice: Notice, error: GatewayError, now: datetime) -> None:
    """What becomes of a notice after a failure."""
    log.warning("notice %s (%s): %s", notice.id, notice.channel, error)
    if isinstance(error, ApiPausedError):
        notices.put_back(notice, error.until, str(error))
    elif isinstance(error, NotSentError):
        notices.put_back(notice, now + notices.back_off(notice.tries), str(error))
    elif isinstance(error, WechatError):
        note_refusal(session, notice, error, now)
    else:
        notices.doubt(notice, now, str(error))


def note_refusal(session: Session, notice: Notice, error: WechatError, now: datetime) -> None:
    """WeChat said no, by an error code."""
    later = {
        Action.QUOTA_DAY: next_day(now),
        Action.QUOTA_MINUTE: next_minute(now),
        Action.STOP_ALERT: now + UNTIL_A_PERSON_ACTS,
        Action.FEATURE_OFF: now + UNTIL_A_PERSON_ACTS,
        Action.REFRESH: now + notices.back_off(notice.tries),
    }
    match error.action:
        case Action.ALREADY_DONE:
            notices.mark_sent(notice, now)
        case Action.WINDOW_CLOSED:
            notices.settle(notice, NoticeStatus.WAITING, str(error))
        case Action.DROP_FOLLOWER:
            notices.settle(notice, NoticeStatus.FAILED, str(error))
            mark_unsubscribed(session, notice)
        case Action.RETRY:  # busy: a customer-service message may still have gone out
            notices.doubt(notice, now, str(error))
        case Action.WAIT:
            notices.settle(notice, NoticeStatus.NEW, str(error))
            notice.not_before = now + KEY_PAUSE
        case action if action in later:
            notices.put_back(notice, later[action], str(error))
        case _:
            notices.settle(notice, NoticeStatus.FAILED, str(error))


def mark_unsubscribed(session: Session, notice: Notice) -> None:
    """WeChat says that this is no follower; the next contact says otherwise."""
    follower = session.get(Follower, notice.follower_id) if notice.follower_id else None
    if follower is not None:
        follower.subscribed = False
