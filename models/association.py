"""Associations (商协会): what they are, their members, commitments, honours and work."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word
from models.campaign_words import (
    AssociationKind,
    CommitmentKind,
    HonourLevel,
    Level,
    Performance,
    Review,
    WorkKind,
)
from models.staff import LONGEST_UNIT


class Association(Base):
    """One association. The staff whose `unit` is its name work for it and see nothing of another's."""

    __tablename__ = "associations"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_UNIT), unique=True)
    level: Mapped[Level] = mapped_column(word(Level))
    kind: Mapped[AssociationKind] = mapped_column(word(AssociationKind))
    is_pilot: Mapped[bool] = mapped_column(default=False)  # 示范试点
    region: Mapped[str] = mapped_column(String(60), default="")
    about: Mapped[str] = mapped_column(Text, default="")  # for citizens
    website: Mapped[str] = mapped_column(String(300), default="")
    contact_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # encrypted JSON: name, phone; the bureau's only
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)  # when it last entered anything
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # no longer takes part


class AssociationMember(Base):
    """An enterprise in an association; who left keeps the row."""

    __tablename__ = "association_members"
    __table_args__ = (UniqueConstraint("association_id", "enterprise_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"), index=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"), index=True)
    joined_on: Mapped[date]
    left_on: Mapped[date | None]
    added_by: Mapped[str] = mapped_column(String(40))  # staff:12
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Commitment(Base):
    """A signed commitment (信用承诺). One credit code signs once for a campaign; without a campaign it may again."""

    __tablename__ = "commitments"
    __table_args__ = (UniqueConstraint("campaign_id", "credit_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    association_id: Mapped[int | None] = mapped_column(ForeignKey("associations.id"), index=True)  # NULL: signed itself
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"), index=True)
    credit_code: Mapped[str] = mapped_column(String(18))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    kind: Mapped[CommitmentKind] = mapped_column(word(CommitmentKind))
    text: Mapped[str] = mapped_column(Text)
    signed_on: Mapped[date]
    valid_until: Mapped[date | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("library_files.id"), index=True)  # the signed sheet
    state: Mapped[Review] = mapped_column(word(Review), index=True)
    performance: Mapped[Performance] = mapped_column(word(Performance), default=Performance.KEEPING)
    broken_record_id: Mapped[int | None] = mapped_column(ForeignKey("records.id"), index=True)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("records.id"), index=True)  # as citizens see it
    reason: Mapped[str] = mapped_column(Text, default="")  # of the last decision
    added_by: Mapped[str] = mapped_column(String(40))  # staff:12, h5
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(40), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AssociationHonour(Base):
    """An honour that an association gives a member: 行业自律信息, never a finding of an authority."""

    __tablename__ = "association_honours"

    id: Mapped[int] = mapped_column(primary_key=True)
    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"), index=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    level: Mapped[HonourLevel | None] = mapped_column(word(HonourLevel))
    basis: Mapped[str] = mapped_column(String(300))  # 评价办法
    document_number: Mapped[str] = mapped_column(String(120), default="")
    decided_on: Mapped[date]
    valid_until: Mapped[date | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("library_files.id"), index=True)
    state: Mapped[Review] = mapped_column(word(Review), index=True)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("records.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    added_by: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(40), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AssociationWork(Base):
    """What an association writes down of its work (工作推进情况)."""

    __tablename__ = "association_works"

    id: Mapped[int] = mapped_column(primary_key=True)
    association_id: Mapped[int] = mapped_column(ForeignKey("associations.id"), index=True)
    kind: Mapped[WorkKind] = mapped_column(word(WorkKind))
    day: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("library_files.id"), index=True)
    added_by: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LibraryFile(Base):
    """A file of an association or campaign: it lies sealed in DATA_DIR/library, this row says what it is."""

    __tablename__ = "library_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    association_id: Mapped[int | None] = mapped_column(ForeignKey("associations.id"), index=True)  # NULL: the bureau's
    sealed_name: Mapped[str] = mapped_column(String(64), unique=True)
    key_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))  # of the original
    mime: Mapped[str] = mapped_column(String(80))  # by content
    size_bytes: Mapped[int]
    view_mime: Mapped[str] = mapped_column(String(80), default="")
    title: Mapped[str] = mapped_column(String(100), default="")  # the file's name as it came
    added_by: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
