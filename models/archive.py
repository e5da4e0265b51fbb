"""The life of records and listings: their history, tags of enterprises, and objections to what is published."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.archive_words import ArchiveAction, Life, ObjectionState, Subject, TagKind
from models.base import Base, UtcDateTime, word

__all__ = [
    "ArchiveAction",
    "ArchiveEvent",
    "EnterpriseTag",
    "Life",
    "Objection",
    "ObjectionState",
    "Subject",
    "TagKind",
]


class ArchiveEvent(Base):
    """One step of a record or listing. Added, never changed; who follows firms reads on from an id."""

    __tablename__ = "archive_events"
    __table_args__ = (
        UniqueConstraint("subject", "subject_id", "sequence"),
        Index("ix_archive_events_enterprise", "enterprise_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[Subject] = mapped_column(word(Subject, 12))
    subject_id: Mapped[int]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"))
    sequence: Mapped[int]  # from 1, without gaps, in each subject
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    action: Mapped[ArchiveAction] = mapped_column(word(ArchiveAction))
    from_life: Mapped[Life | None] = mapped_column(word(Life))  # NULL: it was not there before
    to_life: Mapped[Life] = mapped_column(word(Life))
    actor: Mapped[str] = mapped_column(String(40))  # staff:12, citizen, system, source:<name>
    reason: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what changed; no persons


class EnterpriseTag(Base):
    """A 专题库 that an enterprise belongs to, or a sector it works in; the words are config/archive.toml's."""

    __tablename__ = "enterprise_tags"
    __table_args__ = (Index("ix_enterprise_tags_tag", "kind", "tag"),)

    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"), primary_key=True)
    kind: Mapped[TagKind] = mapped_column(word(TagKind, 12), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True)


class Objection(Base):
    """异议: somebody says that a published record or listing is wrong. Who it is and what they say is sealed."""

    __tablename__ = "objections"
    __table_args__ = (Index("ix_objections_subject", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    query_code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))  # scrypt, salted by the number
    client_key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)  # the same one sent again
    subject: Mapped[Subject] = mapped_column(word(Subject, 12))
    subject_id: Mapped[int]
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"), index=True)
    follower_id: Mapped[int | None] = mapped_column(ForeignKey("followers.id", ondelete="SET NULL"), index=True)
    channel: Mapped[str] = mapped_column(String(12))  # chat, h5, phone, counter
    state: Mapped[ObjectionState] = mapped_column(word(ObjectionState), index=True)
    person_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # encrypted JSON: name, phone, relation
    said_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # encrypted JSON: what is wrong, and why
    notice_version: Mapped[str] = mapped_column(String(24))  # of the privacy notice that was shown
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    marked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    forwarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    forwarded_to: Mapped[str] = mapped_column(String(100), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(40))
    answer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # what the person was told
