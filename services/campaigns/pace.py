"""A bucket of tokens in the database: however many processes send, together they keep to WeChat's rate."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.campaign_delivery import SendingPace


def refill(left: float, filled_at: datetime, now: datetime, per_second: float, most: float) -> float:
    """What the bucket holds now (pure); a clock set back adds nothing."""
    passed = max((now - filled_at).total_seconds(), 0.0)
    return min(left + passed * per_second, most)


def take_tokens(session: Session, name: str, wanted: int, now: datetime, *, per_second: float, most: int) -> int:
    """At most `wanted` messages may go out now; the row is locked until the transaction ends."""
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
