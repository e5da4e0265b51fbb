"""How often WeChat says our articles were read: by day and article, and which days it has told."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word


class ReadState(StrEnum):
    """What WeChat said of a day."""

    ASKED = "asked"  # somebody is asking; again when `ask_after` has passed
    TOLD = "told"  # its figures are stored
    LATE = "late"  # not counted yet, or still being counted
    REFUSED = "refused"  # the account may not ask


class ReadDay(Base):
    """One day of WeChat's figures; a day without a row was not asked for yet."""

    __tablename__ = "read_days"

    day: Mapped[date] = mapped_column(primary_key=True)  # in Shanghai
    state: Mapped[ReadState] = mapped_column(word(ReadState))
    said: Mapped[str] = mapped_column(String(200), default="")  # why there are no figures, for staff
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ask_after: Mapped[datetime | None] = mapped_column(UtcDateTime)  # NULL: never again


class ArticleRead(Base):
    """Readers of one article on one day, as WeChat counts them: a person once a day."""

    __tablename__ = "article_reads"

    day: Mapped[date] = mapped_column(primary_key=True)
    data_id: Mapped[str] = mapped_column(String(32), primary_key=True)  # msg_data_id of the send
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # of the article in it, from 1
    readers: Mapped[int]
