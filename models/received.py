"""What WeChat delivered and what was answered: the memory that makes a retry harmless."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


class Received(Base):
    """One message or event, handled once; a retry gets reply_sealed again."""

    __tablename__ = "received"

    # SHA-256 of MsgId, or of FromUserName + CreateTime + Event + EventKey (bot/messages.py).
    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    follower_id: Mapped[int | None] = mapped_column(ForeignKey("followers.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(String(40))  # MsgType, or event.<Event>
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    # The reply before WeChat's envelope (JSON of bot/messages.py:Reply), encrypted; NULL: "success".
    reply_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
