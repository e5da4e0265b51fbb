"""Following firms: who follows, what each was told, which firms are looked at, news for associations."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


class Watcher(Base):
    """A follower who follows firms. Locked by whoever decides whether there is something to tell."""

    __tablename__ = "watchers"

    follower_id: Mapped[int] = mapped_column(ForeignKey("followers.id", ondelete="CASCADE"), primary_key=True)
    notice_count: Mapped[int] = mapped_column(default=0)  # the last notice is watch:<follower_id>:<this>
    template_id: Mapped[str | None] = mapped_column(String(64))  # the grant that the last notice holds
    muted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # 退订: follows, and wants to hear nothing


class Watch(Base):
    """One follower follows one firm; `told` is what of it they know, so that what is new is what differs."""

    __tablename__ = "watches"
    __table_args__ = (
        UniqueConstraint("follower_id", "enterprise_id"),
        Index("ix_watches_enterprise", "enterprise_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    follower_id: Mapped[int] = mapped_column(ForeignKey("followers.id", ondelete="CASCADE"))
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told: Mapped[list[str]] = mapped_column(JSON)  # marks: services/watching/marks.py
    telling: Mapped[list[str] | None] = mapped_column(JSON)  # the marks after the notice that is on its way
    telling_key: Mapped[str | None] = mapped_column(String(64))  # of that notice


class MemberWatch(Base):
    """An association follows its member (入会后诚信监督); `told` as above."""

    __tablename__ = "member_watches"
    __table_args__ = (Index("ix_member_watches_enterprise", "enterprise_id"),)

    association_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # associations are never deleted
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"), primary_key=True)
    told: Mapped[list[str]] = mapped_column(JSON)


class MemberNews(Base):
    """That something changed at a member, for the association's inbox; what is said is composed when it is read."""

    __tablename__ = "member_news"
    __table_args__ = (Index("ix_member_news_inbox", "association_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    association_id: Mapped[int]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    before: Mapped[list[str]] = mapped_column(JSON)
    after: Mapped[list[str]] = mapped_column(JSON)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_by: Mapped[str | None] = mapped_column(String(40))


class WatchedFirm(Base):
    """A firm that somebody follows: how it stood when it was looked at, and how far its followers were served."""

    __tablename__ = "watched_firms"

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"), primary_key=True)
    marks_hash: Mapped[bytes] = mapped_column(LargeBinary(16))
    looked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)  # changed: its followers hear from then
    served_id: Mapped[int] = mapped_column(default=0)  # the last watch that was served


class WatchCursor(Base):
    """How far the history and the register were read; one row."""

    __tablename__ = "watch_cursor"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)
