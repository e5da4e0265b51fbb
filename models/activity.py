"""Activities of a campaign: who may come, who came, what was handed out, printed and broadcast."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word


class ActivityKind(StrEnum):
    """What is held; all of them count as meetings in the 活动统计表, but for what is only watched."""

    LAUNCH = "launch"  # 启动仪式
    LECTURE = "lecture"  # 商务诚信大讲堂
    COMMUNITY = "community"  # 诚信进社区
    MALL = "mall"  # 诚信进商场
    CONTEST = "contest"  # 知识竞赛
    TRAINING = "training"  # 培训
    MEETING = "meeting"  # 座谈会、推进会
    LIVE = "live"  # 直播


class ActivityState(StrEnum):
    """Life of an activity; citizens see it from the bureau's yes on."""

    DRAFT = "draft"
    SUBMITTED = "submitted"  # waits for the bureau
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Activity(Base):
    """One activity."""

    __tablename__ = "activities"
    __table_args__ = (CheckConstraint("ends_at > begins_at", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    association_id: Mapped[int | None] = mapped_column(
        ForeignKey("associations.id"), index=True
    )  # NULL: the bureau's own
    kind: Mapped[ActivityKind] = mapped_column(word(ActivityKind))
    title: Mapped[str] = mapped_column(String(80))
    about: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(120))
    region: Mapped[str] = mapped_column(String(40), default="", index=True)  # 县区
    begins_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    capacity: Mapped[int | None]  # places; NULL: as many as come
    state: Mapped[ActivityState] = mapped_column(word(ActivityState), default=ActivityState.DRAFT, index=True)
    note: Mapped[str] = mapped_column(Text, default="")  # why it was returned or cancelled
    headcount: Mapped[int | None]  # counted at the door; NULL: the check-ins are the count
    created_by: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(40), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ActivitySignUp(Base):
    """Somebody wants to come; one person once for an activity."""

    __tablename__ = "activity_sign_ups"
    __table_args__ = (UniqueConstraint("activity_id", "person_hash"), UniqueConstraint("activity_id", "phone_index"))

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"))
    follower_id: Mapped[int | None] = mapped_column(ForeignKey("followers.id", ondelete="SET NULL"), index=True)
    person_hash: Mapped[bytes] = mapped_column(LargeBinary(32))  # services/campaigns/persons.py
    code: Mapped[str] = mapped_column(String(12), unique=True)  # shown at the door as a QR code
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    channel: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ActivityCheckIn(Base):
    """Somebody came; one person once for an activity."""

    __tablename__ = "activity_check_ins"
    __table_args__ = (UniqueConstraint("activity_id", "person_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"))
    sign_up_id: Mapped[int | None] = mapped_column(ForeignKey("activity_sign_ups.id"), unique=True)
    follower_id: Mapped[int | None] = mapped_column(ForeignKey("followers.id", ondelete="SET NULL"), index=True)
    person_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    channel: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(40))  # citizen, or staff:12
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class ActivityPhoto(Base):
    """A picture of an activity, drawn anew without EXIF, with words for who cannot see it."""

    __tablename__ = "activity_photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    alt: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)  # JPEG
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    width: Mapped[int]
    height: Mapped[int]
    added_by: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EntryKind(StrEnum):
    """What is entered by hand because no system of ours sees it happen."""

    MATERIAL = "material"  # 宣传资料; count: copies
    PAPER = "paper"  # 纸媒新闻; count: articles
    TELEVISION = "television"  # 电视新闻; count: items
    RADIO = "radio"  # 电台广播; count: broadcasts
    SITE = "site"  # 网站新闻; count: items
    VIDEO = "video"  # 视频; count: items
    LIVE = "live"  # 直播; count: viewers of one broadcast
    CONSULT = "consult"  # 现场咨询; count: consultations


class PublicityEntry(Base):
    """One line of the material, media, live and consultation logs."""

    __tablename__ = "publicity_entries"
    __table_args__ = (CheckConstraint("count > 0", name="count"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EntryKind] = mapped_column(word(EntryKind))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    association_id: Mapped[int | None] = mapped_column(ForeignKey("associations.id"), index=True)
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id"), index=True)
    happened_on: Mapped[date] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(String(120))  # headline, or what was handed out
    way: Mapped[str] = mapped_column(String(60), default="")  # 展板, 折页; or the medium's name
    address: Mapped[str] = mapped_column(String(300), default="")  # of the page, where it can be read
    region: Mapped[str] = mapped_column(String(40), default="")
    count: Mapped[int]
    added_by: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # entered by mistake; stays, counts no more
    withdrawn_reason: Mapped[str] = mapped_column(String(200), default="")
