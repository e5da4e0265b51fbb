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
from bot.publicity import Publicity
from bot.quotas import next_day, next_minute, pick_window
from config.answers import load_answer_rules
from config.metrics import NOTICES
from config.tracing import bear
from jobs.composing import compose
from models.database import Database
from models.follower import ContactWindow, Follower, Trigger
from models.notice import Channel, Notice, NoticeStatus
from services import followers, notices
from services.watching.grants import give_back_grant, note_refused, take_grant
from services.watching.serving import COMPOSE
from services.watching.telling import BusyError

FOLLOWING = load_answer_rules().following
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
    request_id: str | None = None  # of what it follows from
    window: tuple[Trigger, datetime] | None = None  # the window it was counted against
    template_id: str = ""  # of the grant it was counted against


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
            with bear(parcel.request_id):
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
                give_back(session, parcel, notice, error)
            status = "lease lost" if notice is None else notice.status.value
        log.info("notice %s by %s: %s", parcel.notice_id, parcel.channel.value, status)
        NOTICES.labels(parcel.channel.value, status).inc()

    def call(self, parcel: Parcel) -> str:
        """Send by the notice's channel; WeChat's id of the message, where it gives one."""
        if parcel.channel is Channel.TEMPLATE:
            return self.gateway.send_template(parcel.openid, parcel.payload, parcel.key)
        if parcel.channel is Channel.SUBSCRIPTION:
            publicity = Publicity(self.gateway)
            return publicity.send_notice(parcel.openid, parcel.template_id, "", parcel.payload)
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
    if COMPOSE in (payload := notices.payload_of(session, notice)):
        return open_composed(session, notice, follower, now)
    way = Way(notice.channel) if notice.channel is Channel.TEMPLATE else find_way(session, follower, now)
    if way is None:
        notices.settle(notice, NoticeStatus.WAITING, "no open window")
    return seal_parcel(session, notice, follower, way, payload, now=now) if way else None


@dataclass(frozen=True)
class Way:
    """How something can go out now."""

    channel: Channel
    window: ContactWindow | None = None
    template_id: str = ""


def find_way(session: Session, follower: Follower, now: datetime, template_id: str = "") -> Way | None:
    """The window that closes first; else a grant of the follower's, which is taken here."""
    window = pick_window(followers.windows_of(session, follower.id), now)
    if window is not None:
        return Way(Channel.CUSTOMER_SERVICE, window)
    if take_grant(session, follower.id, template_id):
        return Way(Channel.SUBSCRIPTION, template_id=template_id)
    return None


def open_composed(session: Session, notice: Notice, follower: Follower, now: datetime) -> Parcel | None:
    """A notice whose words are written now; where nothing is left to tell it goes without a word."""
    way = find_way(session, follower, now, FOLLOWING.template_id)
    if way is None:
        notices.settle(notice, NoticeStatus.WAITING, "no open window")
        return None
    try:
        composed = compose(session, notice, now)
    except BusyError:
        composed = None
        notices.put_back(notice, now + KEY_PAUSE, "another notice is on its way")
    else:
        if composed is None:
            session.delete(notice)
    if composed is None:
        if way.template_id:
            give_back_grant(session, follower.id, way.template_id)
        return None
    payload = composed.fields if way.template_id else composed.payload
    return seal_parcel(session, notice, follower, way, payload, now=now)


def seal_parcel(
    session: Session, notice: Notice, follower: Follower, way: Way, payload: dict[str, Any], *, now: datetime
) -> Parcel | None:
    """Ready to send, counted against its window; None when another sender was faster."""
    counted_against = None
    if way.window is not None:
        counted_against = way.window.trigger, way.window.opened_at
        if not followers.use_window(session, way.window):
            notices.put_back(notice, now, "another sender used the window")
            return None
    return Parcel(
        notice_id=notice.id,
        follower_id=follower.id,
        key=notice.idempotency_key,
        channel=way.channel,
        openid=followers.openid_of(session, follower),
        payload=payload,
        request_id=notice.request_id,
        window=counted_against,
        template_id=way.template_id,
    )


def give_back(session: Session, parcel: Parcel, notice: Notice, error: GatewayError) -> None:
    """What was counted and certainly not used."""
    if isinstance(error, WechatError) and error.action is Action.REFUSED and parcel.template_id:
        note_refused(session, parcel.follower_id, parcel.template_id)
        notices.settle(notice, NoticeStatus.WAITING, str(error))
    elif notice.status is NoticeStatus.NEW and parcel.window:
        followers.give_back(session, parcel.follower_id, *parcel.window)
    elif notice.status in {NoticeStatus.NEW, NoticeStatus.WAITING} and parcel.template_id:
        give_back_grant(session, parcel.follower_id, parcel.template_id)


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
