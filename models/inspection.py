"""Draws of firms to be inspected (双随机)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


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
