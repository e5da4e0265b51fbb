"""Campaign sends: what goes out by which channel and when, what WeChat said of it, and who did what."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word
from models.send_words import OrderKind, SendChannel, SendState, Topic, WishKind


class CampaignSend(Base):
    """One thing that goes out once: up to eight articles, a channel, readers, an hour."""

    __tablename__ = "campaign_sends"
    __table_args__ = (Index("ix_campaign_sends_due", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(64))
    channel: Mapped[SendChannel] = mapped_column(word(SendChannel))
    topic: Mapped[Topic] = mapped_column(word(Topic))  # who does not want it gets nothing
    template_id: Mapped[str | None] = mapped_column(String(64))  # of a subscription notice
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[SendState] = mapped_column(word(SendState), default=SendState.DRAFT)
    revision: Mapped[int] = mapped_column(default=1)  # counts changes of what readers would see
    previewed_revision: Mapped[int | None]
    made_by: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    client_msg_id: Mapped[str] = mapped_column(String(64), unique=True)  # WeChat remembers it for 24 hours
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of the next try or look
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # WeChat was first asked then; NULL: never
    month: Mapped[str | None] = mapped_column(String(7))  # 2026-11: the month it is counted in
    draft_id: Mapped[str | None] = mapped_column(String(128))  # media_id of the draft
    msg_id: Mapped[str | None] = mapped_column(String(32), index=True)
    publish_id: Mapped[str | None] = mapped_column(String(32), index=True)
    data_id: Mapped[str | None] = mapped_column(String(32), index=True)  # msg_data_id: figures of reading bear it
    published_id: Mapped[str | None] = mapped_column(String(128))  # article_id of what is published
    confirm_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    total_count: Mapped[int | None]
    sent_count: Mapped[int | None]
    error_count: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    spread_to: Mapped[int] = mapped_column(default=0)  # followers up to this id have their delivery
    is_spread: Mapped[bool] = mapped_column(default=False)  # all deliveries are written


class SendArticle(Base):
    """An article of a send, in its order; the first is the big card."""

    __tablename__ = "campaign_send_articles"

    send_id: Mapped[int] = mapped_column(ForeignKey("campaign_sends.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 0
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True)
    url: Mapped[str | None] = mapped_column(Text)  # WeChat's page of it, once it is out


class SendEvent(Base):
    """One line of a send's history."""

    __tablename__ = "campaign_send_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    send_id: Mapped[int] = mapped_column(ForeignKey("campaign_sends.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))  # NULL: the program
    said: Mapped[str] = mapped_column(String(400))


class SendOrder(Base):
    """A preview, a recall or a question that staff asked for; `done_at` with what came of it."""

    __tablename__ = "campaign_send_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    send_id: Mapped[int] = mapped_column(ForeignKey("campaign_sends.id", ondelete="CASCADE"), index=True)
    kind: Mapped[OrderKind] = mapped_column(word(OrderKind))
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(300), default="")
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    outcome: Mapped[str] = mapped_column(String(300), default="")


class SendResult(Base):
    """What WeChat pushed about a job of ours; kept, for it may come before we know the job's number."""

    __tablename__ = "campaign_send_results"

    remote_id: Mapped[str] = mapped_column(String(40), primary_key=True)  # mass:<msg_id>, publish:<publish_id>
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)


class SendMonth(Base):
    """How many of a month's four mass sends are used, ours and those made by hand in WeChat's console."""

    __tablename__ = "campaign_send_months"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)  # 2026-11, Asia/Shanghai
    used_count: Mapped[int] = mapped_column(default=0)
    outside_count: Mapped[int] = mapped_column(default=0)


class SlotWish(Base):
    """An article that wants to go out with one of the month's mass sends."""

    __tablename__ = "campaign_slot_wishes"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), unique=True)
    kind: Mapped[WishKind] = mapped_column(word(WishKind))
    association_id: Mapped[int | None] = mapped_column(ForeignKey("associations.id", ondelete="CASCADE"))
    wanted_from: Mapped[date] = mapped_column(Date)
    wanted_until: Mapped[date] = mapped_column(Date)
    asked_by: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    send_id: Mapped[int | None] = mapped_column(ForeignKey("campaign_sends.id", ondelete="SET NULL"), index=True)


class Tester(Base):
    """Somebody of the bureau who gets previews, by the WeChat name (微信号)."""

    __tablename__ = "campaign_testers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    wechat_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    wechat_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    added_by: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
