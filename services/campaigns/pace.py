"""A bucket of tokens that all processes share: however many send, together they keep to WeChat's rate.

In Redis where there is one that answers, else in a row: when Redis dies that bucket may be full, one batch too many.
"""

import contextlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.campaign_delivery import SendingPace
from models.database import tallies_of
from models.tallies import TalliesAwayError


def refill(left: float, filled_at: datetime, now: datetime, per_second: float, most: float) -> float:
    """What the bucket holds now (pure); a clock set back adds nothing."""
    passed = max((now - filled_at).total_seconds(), 0.0)
    return min(left + passed * per_second, most)


def take_tokens(session: Session, name: str, wanted: int, now: datetime, *, per_second: float, most: int) -> int:
    """At most `wanted` messages may go out now."""
    tallies = tallies_of(session)
    if tallies:
        with contextlib.suppress(TalliesAwayError):
            return tallies.take(name, wanted, now, per_second=per_second, most=most)
    return take_from_row(session, name, wanted, now, per_second=per_second, most=most)


def take_from_row(session: Session, name: str, wanted: int, now: datetime, *, per_second: float, most: int) -> int:
    """The same from the database; the row is locked until the transaction ends."""
    find = select(SendingPace).where(SendingPace.name == name).with_for_update()
    row = session.scalar(find)
    if row is None:
        try:
            with session.begin_nested():
                session.add(SendingPace(name=name, left=float(most), filled_at=now))
        except IntegrityError:  # another process made it in the same moment
            pass
        row = session.scalars(find).one()
    row.left = refill(row.left, row.filled_at, now, per_second, most)
    row.filled_at = now
    given = min(wanted, int(row.left))
    row.left -= given
    return given
