"""Followers of the official account and the conversation with each."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word


class Trigger(StrEnum):
    """What opened a customer-service window; its length and quota are in bot/quotas.py."""

    MESSAGE = "message"
    MENU = "menu"
    FOLLOW = "follow"
    SCAN = "scan"


class Follower(Base):
    """A citizen as WeChat names them; nothing else of them is kept."""

    __tablename__ = "followers"

    id: Mapped[int] = mapped_column(primary_key=True)
    openid_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)  # blind index
    openid_sealed: Mapped[bytes] = mapped_column(LargeBinary)  # encrypted
    subscribed: Mapped[bool] = mapped_column(default=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ContactWindow(Base):
    """A time in which WeChat lets us write to a follower, and how much of it is used."""

    __tablename__ = "contact_windows"

    follower_id: Mapped[int] = mapped_column(ForeignKey("followers.id", ondelete="CASCADE"), primary_key=True)
    trigger: Mapped[Trigger] = mapped_column(word(Trigger), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_count: Mapped[int] = mapped_column(default=0)


class ConversationState(Base):
    """What was last said to a follower: choices offered, firm shown, step of a dialogue."""

    __tablename__ = "conversations"

    follower_id: Mapped[int] = mapped_column(ForeignKey("followers.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
