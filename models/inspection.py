"""Draws of firms to be inspected (双随机), and the rules by which firms are classed."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word


class InspectionDraw(Base):
    """One draw with all that is needed to draw it again; never changed."""

    __tablename__ = "inspection_draws"

    id: Mapped[int] = mapped_column(primary_key=True)
    seed: Mapped[str] = mapped_column(String(64))
    rules_version: Mapped[int]
    region: Mapped[str] = mapped_column(String(60), default="")
    tag: Mapped[str] = mapped_column(String(40), default="")
    plan: Mapped[str] = mapped_column(String(120))  # which inspection it is for
    pool_count: Mapped[int]
    pool_hash: Mapped[str] = mapped_column(String(64))
    picked: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON
    )  # in the order of the draw: id, name, code, class, weight
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    actor: Mapped[str] = mapped_column(String(80))
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RulesState(StrEnum):
    """What became of a version; those of the file are approved by whoever keeps the file."""

    DRAFT = "draft"
    APPROVED = "approved"
    DROPPED = "dropped"


class ClassRules(Base):
    """One version of the rules, written by one person and approved by another; never changed after that."""

    __tablename__ = "class_rules"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[RulesState] = mapped_column(word(RulesState))
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)  # as config/inspections.py has them
    reason: Mapped[str] = mapped_column(Text)  # why they were changed
    drafted_by: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    drafter: Mapped[str] = mapped_column(String(80))  # as they were called then
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff_accounts.id"))
    decider: Mapped[str] = mapped_column(String(80), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
