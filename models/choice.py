"""Which firm was meant by a query: what citizens picked from a list, with nothing of the citizen."""

import secrets
from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base

LONGEST_QUERY = 60


def draw_id() -> int:
    """A random number: rows in no order tell no time of the day."""
    return secrets.randbits(62)


class LoggedChoice(Base):
    """One answer to a list of candidates: query, firm or none, day. The finder is refitted on them."""

    __tablename__ = "logged_choices"

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False, default=draw_id
    )
    query: Mapped[str] = mapped_column(String(LONGEST_QUERY))  # normalised; only what services/…/choices.py lets pass
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprises.id"))  # NULL: none of those offered
    position: Mapped[int | None]  # of the firm in the list, from 1
    offered_count: Mapped[int]  # length of the list
    was_found: Mapped[bool]  # False: the list was of suggestions beside "not found"
    chosen_on: Mapped[date] = mapped_column(index=True)
