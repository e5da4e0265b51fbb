"""Cases, who is party to them, and their history, to which is only added."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word
from models.case_words import Action, CaseKind, Channel, ConsentKind, Ground, Result, Side, State, Urgency


class Case(Base):
    """One complaint, report or inquiry; `state` equals the last event's, both are written together."""

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_respondent_submitted", "respondent_key", "submitted_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(22), unique=True)
    query_code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))  # scrypt, salted by the number
    client_key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)  # the same filing sent again
    kind: Mapped[CaseKind] = mapped_column(word(CaseKind))
    state: Mapped[State] = mapped_column(word(State), index=True)
    event_count: Mapped[int] = mapped_column(default=0)
    channel: Mapped[Channel] = mapped_column(word(Channel))
    urgency: Mapped[Urgency] = mapped_column(word(Urgency), default=Urgency.NORMAL)
    source_number: Mapped[str | None] = mapped_column(String(64), index=True)  # another system's
    # Never of an anonymous reporter: number and query code are their only way back.
    follower_id: Mapped[int | None] = mapped_column(ForeignKey("followers.id", ondelete="SET NULL"), index=True)
    is_anonymous: Mapped[bool]
    is_confidential: Mapped[bool]  # asks that the firm does not learn who it was
    category: Mapped[str] = mapped_column(String(24), index=True)
    # The respondent. The key is equal for the same firm: e:<id>, c:<credit code>, n:<normalised name>.
    respondent_key: Mapped[str] = mapped_column(String(120))
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprises.id"), index=True)
    respondent_name: Mapped[str] = mapped_column(String(200))
    respondent_address: Mapped[str] = mapped_column(String(300), default="")
    respondent_phone: Mapped[str] = mapped_column(String(40), default="")  # of the shop
    credit_code: Mapped[str] = mapped_column(String(18), default="")
    # The matter. What the citizen wrote may name persons.
    facts_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # encrypted JSON: facts, place, order, answer
    requests: Mapped[list[str]] = mapped_column(JSON, default=list)
    happened_on: Mapped[date | None]
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    summary: Mapped[str] = mapped_column(Text, default="")  # the official's, without persons
    # The course.
    unit: Mapped[str] = mapped_column(String(60), default="", index=True)
    handler: Mapped[str] = mapped_column(String(40), default="", server_default="", index=True)  # staff:12; "": nobody
    is_unit_fixed: Mapped[bool] = mapped_column(default=False)
    association: Mapped[str] = mapped_column(String(60), default="")  # the mediation is delegated to it
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)  # of any end
    suspended_from: Mapped[State | None] = mapped_column(word(State))
    ground: Mapped[Ground | None] = mapped_column(word(Ground))
    result: Mapped[Result | None] = mapped_column(word(Result))
    recovered_fen: Mapped[int | None] = mapped_column(BigInteger)
    answer_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    score: Mapped[int | None]
    is_disputed: Mapped[bool] = mapped_column(default=False)
    dispute_count: Mapped[int] = mapped_column(default=0)
    rework_count: Mapped[int] = mapped_column(default=0)
    public_summary: Mapped[str | None] = mapped_column(Text)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    major_event_id: Mapped[int | None] = mapped_column(ForeignKey("major_events.id"), index=True)


class CaseEvent(Base):
    """One step of a case. Never changed or deleted; retention only empties `said_sealed`."""

    __tablename__ = "case_events"
    __table_args__ = (UniqueConstraint("case_id", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    sequence: Mapped[int]  # from 1, without gaps
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    action: Mapped[Action] = mapped_column(word(Action))
    from_state: Mapped[State] = mapped_column(word(State))
    to_state: Mapped[State] = mapped_column(word(State))
    actor: Mapped[str] = mapped_column(String(40))  # staff:12, citizen, system
    role: Mapped[str] = mapped_column(String(24))
    unit: Mapped[str] = mapped_column(String(60), default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON)  # words of closed sets, units, dates; no persons
    said_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # encrypted JSON: texts and notes
    said_hash: Mapped[bytes] = mapped_column(LargeBinary(32))  # keyed, of what was said
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))  # over this event and the seal of the one before


class CaseParty(Base):
    """Somebody of a case; everything personal is encrypted."""

    __tablename__ = "case_parties"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    side: Mapped[Side] = mapped_column(word(Side))
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary(32), index=True)  # blind index
    address_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class CaseConsent(Base):
    """A yes or a no, or a yes taken back; the newest of a kind and side holds."""

    __tablename__ = "case_consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[ConsentKind] = mapped_column(word(ConsentKind))
    side: Mapped[Side] = mapped_column(word(Side))
    is_given: Mapped[bool]
    version: Mapped[str] = mapped_column(String(24), default="")  # of the text that was agreed to
    recorded_by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseNumbering(Base):
    """The last serial of a region's day."""

    __tablename__ = "case_numbering"

    region_code: Mapped[str] = mapped_column(String(6), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
