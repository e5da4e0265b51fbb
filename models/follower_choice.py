"""What a follower wants of our publicity, the tags of WeChat that say so, and the notices they agreed to."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word
from models.send_words import Topic


class FollowerInterest(Base):
    """One topic that somebody wants; who has chosen none wants all."""

    __tablename__ = "follower_interests"

    follower_id: Mapped[int] = mapped_column(ForeignKey("followers.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[Topic] = mapped_column(word(Topic), primary_key=True)
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FollowerOptOut(Base):
    """Somebody who wants no publicity at all (退订)."""

    __tablename__ = "follower_opt_outs"

    follower_id: Mapped[int] = mapped_column(ForeignKey("followers.id", ondelete="CASCADE"), primary_key=True)
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TopicTag(Base):
    """The tag at WeChat whose bearers get a topic; needed as soon as one follower does not want it."""

    __tablename__ = "topic_tags"

    topic: Mapped[Topic] = mapped_column(word(Topic), primary_key=True)
    remote_id: Mapped[int]


class FollowerTag(Base):
    """A follower who bears a topic's tag at WeChat, as far as we know."""

    __tablename__ = "follower_tags"

    follower_id: Mapped[int] = mapped_column(ForeignKey("followers.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[Topic] = mapped_column(word(Topic), primary_key=True)


class FollowerImport(Base):
    """How far the list of all followers was fetched from WeChat; one row."""

    __tablename__ = "follower_imports"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # the last openid fetched
    count: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NoticeTemplate(Base):
    """A subscription notice (订阅通知) of the account, as WeChat listed it."""

    __tablename__ = "notice_templates"

    template_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    title: Mapped[str] = mapped_column(String(100))
    content: Mapped[str] = mapped_column(Text)  # 事项：{{thing1.DATA}} …
    is_lasting: Mapped[bool] = mapped_column(default=False)  # 长期: one agreement is for many
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NoticeGrant(Base):
    """How often we may send a subscription notice to a follower; a lasting one is not counted down."""

    __tablename__ = "notice_grants"

    follower_id: Mapped[int] = mapped_column(ForeignKey("followers.id", ondelete="CASCADE"), primary_key=True)
    template_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    left_count: Mapped[int] = mapped_column(default=0)
    is_refused: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
