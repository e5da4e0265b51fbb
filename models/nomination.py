"""Case submissions (典型征集): stories of honest firms and people, and their consent to be shown."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word


class NominationKind(StrEnum):
    """What is looked for (商务部等19部门 2020 通知 三)."""

    STAR = "star"  # 诚信之星
    SHOP = "shop"  # 匠心老店
    TALK = "talk"  # 诚信大家谈
    STORY = "story"  # 诚信故事
    EXAMPLE = "example"  # 典型案例


class NominationState(StrEnum):
    """Life of a submission."""

    SUBMITTED = "submitted"
    ACCEPTED = "accepted"  # an article may be written
    DECLINED = "declined"
    DRAFTED = "drafted"  # the article is a draft of services/campaigns
    WITHDRAWN = "withdrawn"  # by the citizen


class Nomination(Base):
    """One submission; nothing of it is published without the recorded consent of whom it is about."""

    __tablename__ = "nominations"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    client_key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)  # the same form sent again
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    association_id: Mapped[int | None] = mapped_column(ForeignKey("associations.id"), index=True)
    kind: Mapped[NominationKind] = mapped_column(word(NominationKind))
    title: Mapped[str] = mapped_column(String(80))
    subject_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # firm or person
    credit_code: Mapped[str] = mapped_column(String(18), default="")
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprises.id"), index=True)
    story_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    proof: Mapped[str] = mapped_column(Text, default="")  # what proves it, and where it can be seen
    contact_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # encrypted JSON: name, telephone
    follower_id: Mapped[int | None] = mapped_column(ForeignKey("followers.id", ondelete="SET NULL"), index=True)
    state: Mapped[NominationState] = mapped_column(word(NominationState), index=True)
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # NULL: not to be published
    consent_text: Mapped[str] = mapped_column(Text, default="")  # the very words that were agreed to
    consent_withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(Text, default="")  # of the reviewer
    reviewed_by: Mapped[str] = mapped_column(String(40), default="")
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
