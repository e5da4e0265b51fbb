"""Counting: what happened, the 活动统计表 with manual changes, tables of other bureaus, evaluation rounds."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word


class CountedKind(StrEnum):
    """What is written down the moment it happens, because nothing else remembers it."""

    CONSULT = "consult"  # a citizen's question that was answered
    LOOK_UP = "look_up"  # a firm that was looked up
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    MENU = "menu"


class CountedEvent(Base):
    """One person's events of one kind on one day."""

    __tablename__ = "counted_events"
    __table_args__ = (UniqueConstraint("happened_on", "kind", "channel", "person_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CountedKind] = mapped_column(word(CountedKind))
    happened_on: Mapped[date] = mapped_column(index=True)
    channel: Mapped[str] = mapped_column(String(16))
    # Keyed by day: a day's persons are told apart, one person's days are not put together.
    person_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    count: Mapped[int] = mapped_column(default=1)


class TableChange(Base):
    """A value of the 活动统计表 that somebody put in place of the counted one; the newest holds."""

    __tablename__ = "table_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    row: Mapped[str] = mapped_column(String(24))
    measure: Mapped[int]  # 0, 1: which of the numbers of the cell
    counted: Mapped[int | None]  # by the system, when it was changed
    value: Mapped[int | None]  # NULL: back to the counted one
    reason: Mapped[str] = mapped_column(String(300))
    changed_by: Mapped[str] = mapped_column(String(40))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReportingUnit(Base):
    """A bureau below ours that has to hand in its table."""

    __tablename__ = "reporting_units"
    __table_args__ = (UniqueConstraint("campaign_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))


class TableSubmission(Base):
    """A table as it was handed in; a later one of the same unit replaces it."""

    __tablename__ = "table_submissions"

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    unit: Mapped[str] = mapped_column(String(60), index=True)
    year: Mapped[int]
    cells: Mapped[dict[str, Any]] = mapped_column(JSON)  # row → numbers and words
    file_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    received_by: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RoundState(StrEnum):
    """Course of an evaluation round."""

    OPEN = "open"  # self-reports come in
    SCORING = "scoring"  # no more self-reports; the panel scores
    RECOMMENDED = "recommended"  # scores are fixed
    PUBLISHED = "published"  # 先进, 合格 are decided and shown; objections may come in
    CLOSED = "closed"


class EvaluationResult(StrEnum):
    """What was decided; the notice names 先进 and 合格 only (湘商秩〔2020〕1号 一5)."""

    ADVANCED = "advanced"  # 先进
    QUALIFIED = "qualified"  # 合格
    NOT_RATED = "not_rated"  # 未评定; never published


class EvaluationRound(Base):
    """One year's evaluation of associations, or of bureaus below ours."""

    __tablename__ = "evaluation_rounds"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    first_on: Mapped[date]  # of the days that are counted
    last_on: Mapped[date]
    scheme: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # indicators; weights together 100
    state: Mapped[RoundState] = mapped_column(word(RoundState), default=RoundState.OPEN)
    is_of_bureaus: Mapped[bool] = mapped_column(default=False)
    recommended_by: Mapped[str] = mapped_column(String(40), default="")
    published_on: Mapped[date | None]
    objections_until: Mapped[date | None]
    created_by: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EvaluationEntry(Base):
    """One association, or bureau, in a round."""

    __tablename__ = "evaluation_entries"
    __table_args__ = (UniqueConstraint("round_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_rounds.id", ondelete="CASCADE"))
    association_id: Mapped[int | None] = mapped_column(ForeignKey("associations.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    self_report: Mapped[str] = mapped_column(Text, default="")
    reported_by: Mapped[str] = mapped_column(String(40), default="")
    reported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # fixed at the recommendation: with their rows
    total: Mapped[float | None] = mapped_column(Float)
    recommended: Mapped[EvaluationResult | None] = mapped_column(word(EvaluationResult))
    result: Mapped[EvaluationResult | None] = mapped_column(word(EvaluationResult))
    reason: Mapped[str] = mapped_column(String(300), default="")  # of the decision


class EvaluationEvidence(Base):
    """What an association hands in for an indicator."""

    __tablename__ = "evaluation_evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("evaluation_entries.id", ondelete="CASCADE"), index=True)
    indicator: Mapped[str] = mapped_column(String(24))
    title: Mapped[str] = mapped_column(String(120))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    mime: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    added_by: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EvaluationScore(Base):
    """What one member of the panel gives for an indicator; their mean counts."""

    __tablename__ = "evaluation_scores"
    __table_args__ = (
        UniqueConstraint("entry_id", "indicator", "given_by"),
        CheckConstraint("share >= 0 AND share <= 100", name="share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("evaluation_entries.id", ondelete="CASCADE"))
    indicator: Mapped[str] = mapped_column(String(24))
    share: Mapped[int]  # percent of the indicator's weight
    reason: Mapped[str] = mapped_column(String(300))
    given_by: Mapped[str] = mapped_column(String(40))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class EvaluationObjection(Base):
    """Somebody objects to a published result."""

    __tablename__ = "evaluation_objections"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("evaluation_rounds.id", ondelete="CASCADE"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("evaluation_entries.id", ondelete="CASCADE"), index=True)
    client_key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)  # encrypted JSON: reason, name, telephone
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(40), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
