"""A send to many, one by one: a row for each follower, and the pace that all senders share."""

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word
from models.send_words import DeliveryState


class CampaignDelivery(Base):
    """One follower's notice of a send."""

    __tablename__ = "campaign_deliveries"
    __table_args__ = (Index("ix_campaign_deliveries_due", "send_id", "state", "follower_id"),)

    send_id: Mapped[int] = mapped_column(ForeignKey("campaign_sends.id", ondelete="CASCADE"), primary_key=True)
    follower_id: Mapped[int] = mapped_column(
        ForeignKey("followers.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    state: Mapped[DeliveryState] = mapped_column(word(DeliveryState), default=DeliveryState.NEW)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remote_id: Mapped[str | None] = mapped_column(String(64))
    errcode: Mapped[int | None]


class SendingPace(Base):
    """A bucket of tokens: so many messages a second, however many processes send."""

    __tablename__ = "sending_paces"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    left: Mapped[float] = mapped_column(Float)
    filled_at: Mapped[datetime] = mapped_column(UtcDateTime)
