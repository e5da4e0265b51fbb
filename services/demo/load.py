"""Filling an empty database with the demonstration register."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.database import Database
from models.enterprise import Enterprise, EnterpriseName, RegisterRevision
from models.listing import Listing
from models.record import Dataset, Record
from services.demo.firms import Firm, invent_firms
from services.demo.heroes import make_heroes
from services.demo.records import SOURCE
from services.enterprises.names import hash_name

SEED = 12312
FIRMS_COUNT = 3_000
REVISION_ID = 1

# How many days old each block's data is; 曝光 is left out on purpose: an answer says 未归集.
DATA_AGES = {
    "register": 1,
    "black": 1,
    "red": 1,
    "licence": 2,
    "penalty": 2,
    "abnormal": 2,
    "court": 4,
    "honour": 8,
    "demonstration": 8,
    "commitment": 8,
    "prepaid": 8,
    "complaint_summary": 8,
    "rating": 8,
    "association_rating": 8,
}


@dataclass(frozen=True)
class DemoCounts:
    """What the database holds; is_new: False when it was not empty and was left as it was."""

    enterprises: int
    names: int
    records: int
    listings: int
    is_new: bool


def load_demo(database: Database, today: date, firms_count: int = FIRMS_COUNT, seed: int = SEED) -> DemoCounts:
    """Fill the database in one transaction; one that already holds enterprises is left alone."""
    with database.write() as session:
        is_new = session.scalar(select(Enterprise.id).limit(1)) is None
        if is_new:
            heroes = make_heroes(today)
            add_firms(session, heroes + invent_firms(firms_count - len(heroes), seed, today), today)
            add_datasets(session, today)
        return count_rows(session, is_new)


def add_datasets(session: Session, today: date) -> None:
    """What was collected and when."""
    for block in DATA_AGES:
        session.merge(Dataset(block=block, source_unit=SOURCE, data_on=data_day(block, today)))


def add_firms(session: Session, firms: list[Firm], today: date) -> None:
    """Enterprises under a new revision of the register, then all that hangs on them."""
    revision = next_revision(session, today)
    for firm in firms:
        enterprise = firm.enterprise
        enterprise.name_hash = hash_name(enterprise.name)
        enterprise.data_on = data_day("register", today)
        enterprise.revision = revision
    session.add_all(firm.enterprise for firm in firms)
    session.flush()
    for firm in firms:
        add_rows(session, firm, today)


def add_rows(session: Session, firm: Firm, today: date) -> None:
    """Other names, records and list entries of one firm."""
    enterprise_id = firm.enterprise.id
    for kind, name in firm.other_names:
        session.add(EnterpriseName(enterprise_id=enterprise_id, kind=kind, name=name, name_hash=hash_name(name)))
    for record in firm.records:
        record.enterprise_id, record.data_on = enterprise_id, data_day(record.type, today)
    for listing in firm.listings:
        listing.enterprise_id, listing.data_on = enterprise_id, data_day(listing.kind, today)
    session.add_all([*firm.records, *firm.listings])


def data_day(block: str, today: date) -> date:
    """The data date of a block."""
    return today - timedelta(days=DATA_AGES[block])


def next_revision(session: Session, today: date) -> int:
    """Count the register's revision up."""
    row = session.get(RegisterRevision, REVISION_ID) or RegisterRevision(id=REVISION_ID, revision=0)
    row.revision += 1
    row.changed_at = datetime.combine(today, time(), UTC)
    session.add(row)
    return row.revision


def count_rows(session: Session, is_new: bool) -> DemoCounts:
    """How many rows there are now."""
    enterprises, names, records, listings = (
        session.scalar(select(func.count()).select_from(table)) or 0
        for table in (Enterprise, EnterpriseName, Record, Listing)
    )
    return DemoCounts(enterprises, names, records, listings, is_new)
