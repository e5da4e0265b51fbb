"""The audit log: who did what, when and why, as a chain in which each entry seals the one before."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word


class Act(StrEnum):
    """What is written down."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_BLOCKED = "sign_in_blocked"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - no password
    TOTP_SET = "totp_set"
    TOTP_REMOVED = "totp_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    SESSION_ENDED = "session_ended"
    STAFF_ADDED = "staff_added"
    STAFF_CHANGED = "staff_changed"
    STAFF_DISABLED = "staff_disabled"
    STAFF_ENABLED = "staff_enabled"
    STAFF_RESET = "staff_reset"
    STAFF_UNBLOCKED = "staff_unblocked"
    AUDIT_EXPORTED = "audit_exported"
    AUDIT_VERIFIED = "audit_verified"
    AUDIT_CUT = "audit_cut"
    CASE_STEP = "case_step"
    IDENTITY_LOOKED = "identity_looked"
    PHONE_SEARCHED = "phone_searched"
    EVIDENCE_OPENED = "evidence_opened"
    PAPER_ISSUED = "paper_issued"
    CASES_EXPORTED = "cases_exported"
    EVENT_SENT = "event_sent"
    ASSOCIATION_CHANGED = "association_changed"
    ARTICLE_STEP = "article_step"
    CAMPAIGN_CHANGED = "campaign_changed"
    CAMPAIGN_SEND = "campaign_send"
    ARCHIVE_STEP = "archive_step"
    OBJECTION_STEP = "objection_step"
    RECORDS_IMPORTED = "records_imported"
    IMPORT_UNDONE = "import_undone"
    QUARANTINE_DECIDED = "quarantine_decided"
    RECORDS_EXPORTED = "records_exported"
    ACTIVITY_STEP = "activity_step"
    NOMINATION_STEP = "nomination_step"
    QUIZ_CHANGED = "quiz_changed"
    TABLE_CHANGED = "table_changed"
    EVALUATION_STEP = "evaluation_step"
    ANSWER_KEY_CHANGED = "answer_key_changed"
    STICKER_ISSUED = "sticker_issued"
    FIRMS_SCREENED = "firms_screened"
    FIRMS_DRAWN = "firms_drawn"
    CLASS_RULES_CHANGED = "class_rules_changed"
    ACCESS_REFUSED = "access_refused"


class AuditEntry(Base):
    """One act; written once, never changed (services/audit.py)."""

    __tablename__ = "audit_entries"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1, without gaps
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"), index=True)  # NULL: no account
    actor: Mapped[str] = mapped_column(String(80))  # as they were called then
    act: Mapped[Act] = mapped_column(word(Act, 40), index=True)
    subject: Mapped[str] = mapped_column(String(120))  # whom or what it was done to
    reason: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, str]] = mapped_column(JSON)
    address: Mapped[str] = mapped_column(String(45))
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))  # over this entry and the seal of the one before


class AuditHead(Base):
    """The end of the chain: one row, locked by whoever adds; a log cut short differs from it."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))
    key_sealed: Mapped[bytes] = mapped_column(LargeBinary)  # of the seals; encrypted, so SECRET_KEY can be changed
    # What retention cut off: the last entry that is gone and its seal, proved by the key.
    cut_number: Mapped[int] = mapped_column(default=0, server_default="0")
    cut_seal: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    cut_proof_seal: Mapped[bytes | None] = mapped_column(LargeBinary(32))
