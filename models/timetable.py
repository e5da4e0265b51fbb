"""Who holds the timetable, where several machines could."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


class TimetableLease(Base):
    """A row for each timetable. Nobody compares clocks: whoever waits watches the beat stand still."""

    __tablename__ = "timetable_leases"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))  # "" when it was given up
    fence: Mapped[int] = mapped_column(BigInteger)  # one more at each take-over; who knows an old one holds nothing
    beat: Mapped[int] = mapped_column(BigInteger)  # one more each second, by the holder
    taken_at: Mapped[datetime] = mapped_column(UtcDateTime)  # for people to read
