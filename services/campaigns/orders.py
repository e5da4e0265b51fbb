"""Previews, recalls and questions that staff ordered: carried out by the jobs process, once, with an outcome."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.campaign_send import CampaignSend, SendOrder, Tester
from models.database import vault_of
from models.send_words import OrderKind
from services.campaigns.sending import tell
from services.campaigns.sending_words import ORDERS
from services.errors import UserError

LEASE = timedelta(seconds=90)
WECHAT = "campaign_testers.wechat"
LONGEST_NAME = 40


def claim_order(session: Session, owner: str, now: datetime) -> SendOrder | None:
    """The oldest that nobody is about; one whose carrier died is taken again: each of them does no harm twice."""
    waiting = (
        select(SendOrder)
        .where(SendOrder.done_at.is_(None), or_(SendOrder.lease_until.is_(None), SendOrder.lease_until <= now))
        .order_by(SendOrder.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    order = session.scalar(waiting)
    if order is not None:
        order.lease_owner, order.lease_until = owner, now + LEASE
    return order


def close_order(session: Session, order_id: int, outcome: str, now: datetime) -> None:
    """Carried out, or it could not be; the history says so."""
    order = session.get_one(SendOrder, order_id, with_for_update=True)
    order.done_at, order.outcome = now, outcome[:300]
    send = session.get_one(CampaignSend, order.send_id)
    why = f"（{order.reason}）" if order.reason and order.kind is OrderKind.RECALL else ""
    tell(session, send, now, f"{ORDERS[order.kind]}{why}：{outcome}", order.asked_by)


def list_orders(session: Session, send_id: int) -> list[SendOrder]:
    """Of a send, newest first."""
    return list(session.scalars(select(SendOrder).where(SendOrder.send_id == send_id).order_by(SendOrder.id.desc())))


def add_tester(session: Session, name: str, wechat: str, *, by: int, now: datetime) -> Tester:
    """Somebody of the bureau who gets previews; UserError for what is no 微信号, or is there already."""
    name, wechat = name.strip(), wechat.strip()
    if not name or len(name) > LONGEST_NAME:
        raise UserError(f"请填写姓名，最多 {LONGEST_NAME} 个字")
    if not wechat or len(wechat) > LONGEST_NAME or any(letter.isspace() for letter in wechat):
        raise UserError("请填写微信号（微信里“我”页面上的“微信号”，不是昵称）")
    vault = vault_of(session)
    index = vault.index(wechat, WECHAT)
    if session.scalar(select(Tester.id).where(Tester.wechat_index == index)) is not None:
        raise UserError("这个微信号已经在名单里")
    tester = Tester(name=name, wechat_sealed=vault.seal(wechat, WECHAT), wechat_index=index, added_by=by, added_at=now)
    session.add(tester)
    session.flush()
    return tester


def list_testers(session: Session) -> list[Tester]:
    """In the order in which they were added."""
    return list(session.scalars(select(Tester).order_by(Tester.id)))


def wechat_of(session: Session, tester: Tester) -> str:
    """The 微信号, for the call to WeChat."""
    return vault_of(session).open(tester.wechat_sealed, WECHAT)
