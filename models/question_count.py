"""How many questions for a firm were answered, by day: no person, nothing of what was asked."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class QuestionCount(Base):
    """One day's answers of one channel and verdict; a day's count is the sum over `slot`."""

    __tablename__ = "question_counts"

    day: Mapped[date] = mapped_column(primary_key=True)  # in Shanghai
    channel: Mapped[str] = mapped_column(String(8), primary_key=True)  # chat, h5
    verdict: Mapped[str] = mapped_column(String(8), primary_key=True)  # match, choose, none
    # Several rows for the same, so that answers given at one moment do not wait for each other's row.
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int] = mapped_column(default=0)
