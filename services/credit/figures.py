"""Figures of the archive: records by month of decision and type, what waits for staff, data that is too old."""

from datetime import date

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from models.archive_words import Life
from models.listing import Listing
from models.record import Dataset, Record
from services.credit.standing import is_data_stale

MONTHS = 12
NOT_ARCHIVED = (Life.DRAFT, Life.PENDING_REVIEW, Life.CORRECTED)
Month = tuple[int, int]  # year and month


def last_months(today: date, count: int = MONTHS) -> list[Month]:
    """The months up to this one, oldest first."""
    place = today.year * 12 + today.month - 1
    return [(one // 12, one % 12 + 1) for one in range(place - count + 1, place + 1)]


def count_records(session: Session, today: date) -> dict[tuple[str, Month], int]:
    """By type and month of decision, the last twelve months.

    Of each record the newest version, also after its publicity ended; what nobody has approved yet is no record.
    """
    first = date(*last_months(today)[0], 1)
    year, month = extract("year", Record.decided_on), extract("month", Record.decided_on)
    wanted = (
        select(Record.type, year, month, func.count())
        .where(Record.decided_on.between(first, today), Record.life.not_in(NOT_ARCHIVED))
        .group_by(Record.type, year, month)
    )
    return {(kind.value, (int(y), int(m))): count for kind, y, m, count in session.execute(wanted)}


def count_drafts(session: Session) -> dict[Life, int]:
    """Records and listings that nobody has approved: drafts, and those sent for approval."""
    counts = dict.fromkeys((Life.PENDING_REVIEW, Life.DRAFT), 0)
    for table in (Record, Listing):
        wanted = select(table.life, func.count()).where(table.life.in_(counts)).group_by(table.life)
        for life, count in session.execute(wanted):
            counts[life] += count
    return counts


def find_stale(session: Session, today: date) -> list[str]:
    """Blocks whose data is older than its source allows; an answer from it says so."""
    blocks = session.scalars(select(Dataset).order_by(Dataset.block))
    return [one.block for one in blocks if is_data_stale(one.block, one.data_on, one.fresh_days, today)]
