"""What belongs to a case beside its course: drafts, evidence, contacts, looks, tries to get in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word
from models.case_words import ContactOutcome

BELONGS = "case_id IS NOT NULL OR draft_id IS NOT NULL OR objection_id IS NOT NULL"


class CaseDraft(Base):
    """What a citizen has filled in so far; officials do not see it."""

    __tablename__ = "case_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    follower_id: Mapped[int | None] = mapped_column(ForeignKey("followers.id", ondelete="CASCADE"), index=True)
    content_sealed: Mapped[bytes] = mapped_column(LargeBinary)  # encrypted JSON
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class CaseEvidence(Base):
    """A file of evidence: the original lies sealed in DATA_DIR/evidence, this row says what it is."""

    __tablename__ = "case_evidence"
    __table_args__ = (CheckConstraint(BELONGS, name="belongs"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("case_drafts.id", ondelete="CASCADE"), index=True)
    objection_id: Mapped[int | None] = mapped_column(ForeignKey("objections.id"), index=True)
    sealed_name: Mapped[str] = mapped_column(String(64), unique=True)  # in the store; without meaning
    key_sealed: Mapped[bytes] = mapped_column(LargeBinary)  # opens the file; who erases the row erases the file
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))  # of the original
    kind: Mapped[str] = mapped_column(String(16))  # photo, voice, video, document, location
    mime: Mapped[str] = mapped_column(String(80))  # by content
    size_bytes: Mapped[int]
    view_mime: Mapped[str] = mapped_column(String(80), default="")  # of the copy that is displayed; "": none
    title_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # the file's name as it came
    added_by: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseContact(Base):
    """A try to reach the citizen."""

    __tablename__ = "case_contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    way: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[ContactOutcome] = mapped_column(word(ContactOutcome))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseLook(Base):
    """Somebody looked at who the reporter is, and why."""

    __tablename__ = "case_looks"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    by: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(24))
    unit: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class QueryAttempt(Base):
    """How often a number or an asker failed with a query code within the present window."""

    __tablename__ = "case_query_attempts"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)  # blind index of number or asker
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    failed_count: Mapped[int]
