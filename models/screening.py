"""Screenings: many names or codes looked up at once, for clerks and associations."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word


class ScreeningState(StrEnum):
    """Life of a screening."""

    WAITING = "waiting"  # for the jobs process
    RUNNING = "running"  # after lease_until another process goes on where it stopped
    DONE = "done"


class Outcome(StrEnum):
    """What became of one line."""

    FOUND = "found"  # by the exact name or code, or a unique recorded name
    SEVERAL = "several"  # could be these; nobody decides it silently
    NONE = "none"
    REFUSED = "refused"  # a person's name, a number, nothing


class Screening(Base):
    """One list of lines; whose firms they are is kept, what is found of them is read when the sheet is made."""

    __tablename__ = "screenings"

    id: Mapped[int] = mapped_column(primary_key=True)
    association_id: Mapped[int | None] = mapped_column(ForeignKey("associations.id"), index=True)  # NULL: the bureau
    account_id: Mapped[int] = mapped_column(ForeignKey("staff_accounts.id"))
    actor: Mapped[str] = mapped_column(String(80))  # as they were called then
    purpose: Mapped[str] = mapped_column(String(100))
    state: Mapped[ScreeningState] = mapped_column(word(ScreeningState), index=True)
    row_count: Mapped[int]
    done_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ScreeningRow(Base):
    """One line, in the order in which it was given."""

    __tablename__ = "screening_rows"

    screening_id: Mapped[int] = mapped_column(ForeignKey("screenings.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1
    text: Mapped[str] = mapped_column(String(200))  # as given; of a person's name nothing
    outcome: Mapped[Outcome | None] = mapped_column(word(Outcome))  # NULL: not looked up yet
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprises.id", ondelete="SET NULL"))
    candidate_ids: Mapped[list[int]] = mapped_column(JSON, default=list)
