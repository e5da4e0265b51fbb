"""The exchange with the hotline: what must go out, what came in, which signatures were seen."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word


class SendingKind(StrEnum):
    """What goes out."""

    ORDER = "order"  # a case that we refer to the hotline
    STATUS = "status"  # a step on an order of theirs


class SendingState(StrEnum):
    """Life of a sending."""

    NEW = "new"
    LEASED = "leased"  # a sender has it; after lease_until it is new again
    SENT = "sent"
    DEAD = "dead"  # refused, or tried in vain for a day and a half; a person sends it again
    BATCHED = "batched"  # went out in a batch file


class HotlineSending(Base):
    """One message to the hotline, sent until it is acknowledged; the key makes a second one harmless there."""

    __tablename__ = "hotline_sendings"
    __table_args__ = (Index("ix_hotline_sendings_due", "state", "not_before"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)  # number of the case and its revision
    kind: Mapped[SendingKind] = mapped_column(word(SendingKind))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("case_events.id"), unique=True)  # the step that it tells
    body_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # encrypted JSON; emptied when sent
    state: Mapped[SendingState] = mapped_column(word(SendingState), default=SendingState.NEW)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(200))
    remote_number: Mapped[str | None] = mapped_column(String(64))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StatusOutcome(StrEnum):
    """What became of a status that came in."""

    WAITING = "waiting"  # its case is not known here yet
    APPLIED = "applied"  # a step on the case followed
    ALERTED = "alerted"  # an official has to decide
    KEPT = "kept"  # stored and shown, nothing to do


class HotlineStatus(Base):
    """What the hotline says about an order, once; the newest by time and sequence holds."""

    __tablename__ = "hotline_statuses"
    __table_args__ = (Index("ix_hotline_statuses_course", "case_id", "occurred_at", "sequence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)  # hash of what identifies it
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    number: Mapped[str] = mapped_column(String(64), default="", index=True)  # ours, as it came
    remote_number: Mapped[str] = mapped_column(String(64), default="", index=True)
    status: Mapped[str] = mapped_column(String(24))  # a word of ours or one that we do not know
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sequence: Mapped[int] = mapped_column(default=0)
    unit: Mapped[str] = mapped_column(String(100), default="")
    text_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # may name persons
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[StatusOutcome] = mapped_column(word(StatusOutcome), index=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HotlineNonce(Base):
    """A signed request that was accepted; the same one again is refused."""

    __tablename__ = "hotline_nonces"

    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
