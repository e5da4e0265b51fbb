"""Holidays and make-up workdays, by the yearly notice of the State Council's office."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word


class DayKind(StrEnum):
    """How a day differs from what its weekday says."""

    HOLIDAY = "holiday"  # 放假, weekends within the holiday included
    MAKE_UP = "make_up"  # 调休上班: a weekend day that is worked


class CalendarYear(Base):
    """A year whose notice is known; every other year is provisional."""

    __tablename__ = "calendar_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(200))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CalendarDay(Base):
    """One day of such a year that is a holiday or a make-up workday."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[DayKind] = mapped_column(word(DayKind))
    name: Mapped[str] = mapped_column(String(40), default="")
