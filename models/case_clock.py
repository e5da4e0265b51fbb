"""What a case waits for: deadlines, alerts, proposals, referrals; and major events."""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word
from models.case_words import Audience, BurstCause, Proposal, Rung, Timer


class CaseDeadline(Base):
    """One run of a timer. `due_at` follows from the other columns and the calendar; NULL while it stands still."""

    __tablename__ = "case_deadlines"
    __table_args__ = (Index("ix_case_deadlines_look", "ended_at", "look_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    timer: Mapped[Timer] = mapped_column(word(Timer))
    length: Mapped[int] = mapped_column(Integer)
    measure: Mapped[str] = mapped_column(String(10))  # working, calendar, hours
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    extended_by: Mapped[int] = mapped_column(default=0)
    pauses: Mapped[list[list[str | None]]] = mapped_column(JSON, default=list)  # [since, until] days
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the first moment that is too late
    due_on: Mapped[date | None]
    is_provisional: Mapped[bool] = mapped_column(default=False)
    look_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when the clock must look at it next
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_kept: Mapped[bool | None]  # NULL while it runs


class CaseAlert(Base):
    """Something staff are told, once: a rung of the ladder, a silent receiver, a burst."""

    __tablename__ = "case_alerts"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)  # what it is about; a second one is not written
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    major_event_id: Mapped[int | None] = mapped_column(ForeignKey("major_events.id"), index=True)
    rung: Mapped[Rung] = mapped_column(word(Rung))
    audience: Mapped[Audience] = mapped_column(word(Audience), index=True)
    unit: Mapped[str] = mapped_column(String(60), default="")
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_by: Mapped[str | None] = mapped_column(String(40))


class CaseProposal(Base):
    """An answer, suspension or extension that a second person has to decide on; at most one is open."""

    __tablename__ = "case_proposals"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[Proposal] = mapped_column(word(Proposal))
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    result: Mapped[str | None] = mapped_column(String(24))
    recovered_fen: Mapped[int | None] = mapped_column(BigInteger)
    proposed_by: Mapped[str] = mapped_column(String(40))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(40))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_approved: Mapped[bool | None]


class CaseReferral(Base):
    """A case given to another body, and what that body said."""

    __tablename__ = "case_referrals"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    receiver: Mapped[str] = mapped_column(String(100))
    legal_basis: Mapped[str] = mapped_column(String(300))
    with_identity: Mapped[bool]
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remote_number: Mapped[str | None] = mapped_column(String(64))


class MajorEvent(Base):
    """重大失信事件: one at a time for a firm, opened by a burst of cases or by hand."""

    __tablename__ = "major_events"
    __table_args__ = (UniqueConstraint("respondent_key", "open_mark"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    respondent_key: Mapped[str] = mapped_column(String(120))
    respondent_name: Mapped[str] = mapped_column(String(200))
    cause: Mapped[BurstCause] = mapped_column(word(BurstCause))
    opened_by: Mapped[str] = mapped_column(String(40))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    measures: Mapped[str] = mapped_column(Text, default="")  # what the bureau has done, for the form
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    open_mark: Mapped[int | None]  # 1 while open, NULL after: the constraint lets one be open


class EventSending(Base):
    """A report form that was sent: when, to whom, by whom, and exactly what."""

    __tablename__ = "event_sendings"

    id: Mapped[int] = mapped_column(primary_key=True)
    major_event_id: Mapped[int] = mapped_column(ForeignKey("major_events.id"), index=True)
    receiver: Mapped[str] = mapped_column(String(100))
    way: Mapped[str] = mapped_column(String(40))
    form: Mapped[dict[str, str]] = mapped_column(JSON)
    form_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
