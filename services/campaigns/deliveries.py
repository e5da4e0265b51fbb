"""A send to many, one by one: written out once for each reader, claimed a few at a time, never doubled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, insert, not_, or_, select, update
from sqlalchemy.orm import Session

from models.campaign_delivery import CampaignDelivery
from models.campaign_send import CampaignSend
from models.follower import ContactWindow, Follower, Trigger
from models.follower_choice import NoticeGrant, NoticeTemplate
from models.send_words import DeliveryState, SendChannel, SendState, Topic
from services import followers
from services.campaigns.interests import wants

CHUNK = 2_000
LEASE = timedelta(seconds=60)
WINDOW = timedelta(hours=47)  # of WeChat's 48: what is begun must still arrive in time
MOST_USED = 3  # of the window's five; the rest is kept for answers on the citizen's own matter
STATE = CampaignDelivery.state


@dataclass(frozen=True)
class Parcel:
    """One reader's notice, claimed."""

    follower_id: int
    openid: str


@dataclass(frozen=True)
class Settled:
    """What became of one; `errcode` where WeChat refused."""

    state: DeliveryState
    remote_id: str = ""
    errcode: int | None = None


def has_window(now: datetime) -> ColumnElement[bool]:
    """Of a row of contact windows: the follower wrote lately, and enough of the window is left."""
    return (
        (ContactWindow.trigger == Trigger.MESSAGE)
        & (ContactWindow.opened_at > now - WINDOW)
        & (ContactWindow.used_count < MOST_USED)
    )


def has_grant(session: Session, template_id: str) -> ColumnElement[bool]:
    """Of a row of grants: we may send this notice to the follower once more."""
    of_it = (NoticeGrant.template_id == template_id) & not_(NoticeGrant.is_refused)
    return of_it if is_lasting(session, template_id) else of_it & (NoticeGrant.left_count > 0)


def is_lasting(session: Session, template_id: str | None) -> bool:
    """One agreement to this notice is for many (长期订阅)."""
    template = session.get(NoticeTemplate, template_id or "")
    return template is not None and template.is_lasting


def readers(
    session: Session, channel: SendChannel, topic: Topic, template_id: str | None, now: datetime
) -> Select[int]:
    """The followers whom the channel reaches and who want the topic."""
    found = select(Follower.id).where(wants(topic))
    if channel is SendChannel.SERVICE:
        return found.join(ContactWindow, ContactWindow.follower_id == Follower.id).where(has_window(now))
    if channel is SendChannel.SUBSCRIPTION:
        granted = has_grant(session, template_id or "")
        return found.join(NoticeGrant, NoticeGrant.follower_id == Follower.id).where(granted)
    return found


def count_readers(session: Session, channel: SendChannel, topic: Topic, template_id: str | None, now: datetime) -> int:
    """How many the channel would reach now, as far as we know."""
    found = readers(session, channel, topic, template_id, now).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def claim_spreading(session: Session, now: datetime) -> bool:
    """Write the next rows of a send that has begun; False when there is nothing to write."""
    begun = (
        select(CampaignSend)
        .where(CampaignSend.state == SendState.SENDING, of_many(), CampaignSend.is_spread.is_(False))
        .order_by(CampaignSend.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    send = session.scalar(begun)
    if send is None:
        return False
    found = readers(session, send.channel, send.topic, send.template_id, now)
    next_ones = found.where(Follower.id > send.spread_to).order_by(Follower.id).limit(CHUNK)
    ids = list(session.scalars(next_ones))
    if ids:
        rows = [{"send_id": send.id, "follower_id": one, "state": DeliveryState.NEW} for one in ids]
        session.execute(insert(CampaignDelivery), rows)
        send.spread_to = ids[-1]
    if len(ids) < CHUNK:
        send.is_spread = True
        of_send = select(func.count()).where(CampaignDelivery.send_id == send.id)
        send.total_count = session.scalar(of_send) or 0
    return True


def of_many() -> ColumnElement[bool]:
    """Of a row of sends: goes out one by one."""
    return or_(CampaignSend.channel == SendChannel.SERVICE, CampaignSend.channel == SendChannel.SUBSCRIPTION)


def find_spread(session: Session, now: datetime) -> list[CampaignSend]:
    """Sends whose notices go out now, the oldest first."""
    begun = select(CampaignSend).where(CampaignSend.state == SendState.SENDING, of_many(), CampaignSend.is_spread)
    return [send for send in session.scalars(begun.order_by(CampaignSend.id)) if may_go_on(send, now)]


def may_go_on(send: CampaignSend, now: datetime) -> bool:
    """It was not stopped, and WeChat wants no rest."""
    return send.state is SendState.SENDING and (send.not_before is None or send.not_before <= now)


def has_waiting(session: Session, send_id: int) -> bool:
    """Somebody has not got it yet."""
    waiting = select(CampaignDelivery.follower_id).where(
        CampaignDelivery.send_id == send_id, STATE == DeliveryState.NEW
    )
    return session.scalar(waiting.limit(1)) is not None


def claim(session: Session, send: CampaignSend, owner: str, most: int, now: datetime) -> list[Parcel]:
    """The next readers, ours for a minute; who opted out meanwhile or cannot be reached any more is passed over."""
    due = (
        select(CampaignDelivery, Follower)
        .join(Follower, Follower.id == CampaignDelivery.follower_id)
        .where(CampaignDelivery.send_id == send.id, STATE == DeliveryState.NEW)
        .order_by(CampaignDelivery.follower_id)
        .limit(most)
        .with_for_update(skip_locked=True, of=CampaignDelivery)
    )
    rows = session.execute(due).all()
    wanting = select(Follower.id).where(Follower.id.in_([follower.id for _, follower in rows]), wants(send.topic))
    still = set(session.scalars(wanting))
    parcels = []
    for delivery, follower in rows:
        if follower.id not in still:
            delivery.state, delivery.done_at = DeliveryState.SKIPPED, now
        elif not use_up(session, send, follower.id, now):
            delivery.state, delivery.done_at = DeliveryState.FAILED, now
        else:
            delivery.state, delivery.lease_owner = DeliveryState.LEASED, owner
            delivery.lease_until = now + LEASE
            parcels.append(Parcel(follower.id, followers.openid_of(session, follower)))
    return parcels


def use_up(session: Session, send: CampaignSend, follower_id: int, now: datetime) -> bool:
    """Count one against the window or the grant; False when none is left."""
    if send.channel is SendChannel.SERVICE:
        counted = (
            update(ContactWindow)
            .where(ContactWindow.follower_id == follower_id, has_window(now))
            .values(used_count=ContactWindow.used_count + 1)
        )
    elif is_lasting(session, send.template_id):
        granted = (NoticeGrant.follower_id == follower_id, has_grant(session, send.template_id or ""))
        return session.scalar(select(NoticeGrant.follower_id).where(*granted)) is not None
    else:
        counted = (
            update(NoticeGrant)
            .where(NoticeGrant.follower_id == follower_id, has_grant(session, send.template_id or ""))
            .values(left_count=NoticeGrant.left_count - 1)
        )
    result = session.execute(counted.execution_options(synchronize_session=False))
    return bool(result.rowcount)  # type: ignore[attr-defined]


def settle(session: Session, send: CampaignSend, owner: str, outcomes: Mapping[int, Settled], now: datetime) -> None:
    """Write down what became of a few; what certainly did not go out is NEW again and costs nothing."""
    found = select(CampaignDelivery).where(
        CampaignDelivery.send_id == send.id,
        CampaignDelivery.follower_id.in_(list(outcomes)),
        STATE == DeliveryState.LEASED,
        CampaignDelivery.lease_owner == owner,
    )
    for delivery in session.scalars(found.with_for_update()):
        outcome = outcomes[delivery.follower_id]
        delivery.state, delivery.errcode = outcome.state, outcome.errcode
        delivery.remote_id = outcome.remote_id or None
        delivery.lease_owner = delivery.lease_until = None
        if outcome.state is DeliveryState.NEW:
            give_back(session, send, delivery.follower_id)
        else:
            delivery.done_at = now


def give_back(session: Session, send: CampaignSend, follower_id: int) -> None:
    """Undo `use_up`."""
    if send.channel is SendChannel.SERVICE:
        undone = (
            update(ContactWindow)
            .where(
                ContactWindow.follower_id == follower_id,
                ContactWindow.trigger == Trigger.MESSAGE,
                ContactWindow.used_count > 0,
            )
            .values(used_count=ContactWindow.used_count - 1)
        )
    elif is_lasting(session, send.template_id):
        return
    else:
        undone = (
            update(NoticeGrant)
            .where(NoticeGrant.follower_id == follower_id, NoticeGrant.template_id == send.template_id)
            .values(left_count=NoticeGrant.left_count + 1)
        )
    session.execute(undone.execution_options(synchronize_session=False))


def expire(session: Session, now: datetime) -> int:
    """Readers whose sender died: their notice may have arrived, WeChat has no number to ask by. How many."""
    lost = (
        update(CampaignDelivery)
        .where(STATE == DeliveryState.LEASED, CampaignDelivery.lease_until <= now)
        .values(state=DeliveryState.UNKNOWN, lease_owner=None, lease_until=None, done_at=now)
        .execution_options(synchronize_session=False)
    )
    return int(session.execute(lost).rowcount)  # type: ignore[attr-defined]


def note_delivered(session: Session, follower_id: int, template_id: str, remote_id: str, errcode: int) -> None:
    """WeChat tells by an event what became of a subscription notice; this also settles what was unknown."""
    found = (
        select(CampaignDelivery)
        .join(CampaignSend, CampaignSend.id == CampaignDelivery.send_id)
        .where(CampaignDelivery.follower_id == follower_id, CampaignSend.template_id == template_id)
        .where(or_(CampaignDelivery.remote_id == remote_id, STATE == DeliveryState.UNKNOWN))
        .order_by((CampaignDelivery.remote_id == remote_id).desc(), CampaignDelivery.send_id.desc())
        .limit(1)
        .with_for_update(of=CampaignDelivery)
    )
    delivery = session.scalar(found)
    if delivery is not None:
        delivery.state = DeliveryState.FAILED if errcode else DeliveryState.SENT
        delivery.errcode, delivery.remote_id = errcode or None, remote_id
