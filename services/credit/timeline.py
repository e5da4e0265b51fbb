"""The archive page of staff: every record and listing of a firm, also those that nobody sees, and why."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.archive_words import Subject
from models.enterprise import Enterprise
from models.listing import Listing
from models.record import Record
from services.credit.ledger import Row, block_of_row, subject_of, title_of
from services.credit.repair import RepairPlan, plan_repair
from services.credit.standing import Standing, judge_listing, judge_record


@dataclass(frozen=True)
class Entry:
    """One row with how it stands today."""

    row: Row
    subject: Subject
    block: str
    title: str
    standing: Standing
    plan: RepairPlan | None  # of what speaks against the firm

    @property
    def decided_on(self) -> date:
        """By which the page is ordered."""
        return self.row.decided_on


def judge_row(row: Row, today: date, enterprise_kind: str = "") -> Standing:
    """How a record or listing stands; `enterprise_kind` is the 企业类型 of whose it is."""
    return judge_listing(row, today) if isinstance(row, Listing) else judge_record(row, today, enterprise_kind)


def make_entry(row: Row, today: date, enterprise_kind: str = "") -> Entry:
    """One line of the page."""
    found, block = judge_row(row, today, enterprise_kind), block_of_row(row)
    severity = None if isinstance(row, Listing) else row.severity
    plan = plan_repair(block, severity, row, found.ends_on, today) if block in {"penalty", "black"} else None
    return Entry(row, subject_of(row), block, title_of(row), found, plan)


def compose_timeline(session: Session, enterprise: Enterprise, today: date) -> list[Entry]:
    """Newest decision first."""
    rows: list[Row] = [
        *session.scalars(select(Record).where(Record.enterprise_id == enterprise.id)),
        *session.scalars(select(Listing).where(Listing.enterprise_id == enterprise.id)),
    ]
    entries = [make_entry(row, today, enterprise.kind or "") for row in rows]
    return sorted(entries, key=lambda one: (one.decided_on, one.row.id), reverse=True)
