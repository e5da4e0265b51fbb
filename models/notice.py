"""The outbox: what must be said later, written in the same transaction as its reason."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word


class Channel(StrEnum):
    """The way of WeChat by which a notice goes out."""

    CUSTOMER_SERVICE = "customer_service"  # 客服消息; WeChat knows no idempotency key for it
    TEMPLATE = "template"  # 模板消息; client_msg_id guards it for ten minutes
    SUBSCRIPTION = "subscription"  # 订阅通知, by a grant of the follower; no idempotency key either


class NoticeStatus(StrEnum):
    """Life of a notice."""

    NEW = "new"
    LEASED = "leased"  # a sender has it; after lease_until its outcome is unknown
    SENT = "sent"
    FAILED = "failed"  # refused for good; last_error says why
    UNKNOWN = "unknown"  # may have arrived; never blindly sent again, a person decides
    WAITING = "waiting"  # no way to this follower is open now; goes out at the next contact


class Notice(Base):
    """One thing to tell one follower, exactly once."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_due", "status", "not_before"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    channel: Mapped[Channel] = mapped_column(word(Channel))
    follower_id: Mapped[int | None] = mapped_column(ForeignKey("followers.id", ondelete="CASCADE"), index=True)
    payload_sealed: Mapped[bytes] = mapped_column(LargeBinary)  # encrypted JSON
    status: Mapped[NoticeStatus] = mapped_column(word(NoticeStatus), default=NoticeStatus.NEW)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    # The first try whose outcome is not known; WeChat's memory of the key counts from here.
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(String(200))
    remote_id: Mapped[str | None] = mapped_column(String(64), index=True)  # WeChat's msgid
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    request_id: Mapped[str | None] = mapped_column(String(32))  # of the request or step that wrote it
