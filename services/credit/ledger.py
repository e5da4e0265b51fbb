"""What every step on the archive needs: the open transaction, the bureau's rules, the moment; and how to find a row."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from config.archive import ArchiveRules
from models.archive_words import Subject
from models.listing import Listing
from models.record import Record
from services.calendar.working_days import day_of

Row = Record | Listing


@dataclass(frozen=True)
class Ledger:
    """Opened by a door for one transaction."""

    session: Session
    rules: ArchiveRules
    now: datetime

    @property
    def today(self) -> date:
        """The day in Shanghai."""
        return day_of(self.now)


def subject_of(row: Row) -> Subject:
    """Record or listing."""
    return Subject.LISTING if isinstance(row, Listing) else Subject.RECORD


def load_row(session: Session, subject: Subject, subject_id: int) -> Row | None:
    """The record or listing, or None."""
    return session.get(Listing, subject_id) if subject is Subject.LISTING else session.get(Record, subject_id)


def block_of_row(row: Row) -> str:
    """The block in which it is shown: a RecordType's word, black or red."""
    return row.kind.value if isinstance(row, Listing) else row.type.value


def title_of(row: Row) -> str:
    """What it is called: of an entry of a list the statutory name."""
    return row.list_name if isinstance(row, Listing) else row.title
