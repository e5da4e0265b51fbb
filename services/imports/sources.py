"""How sources are doing: taking one up alone, its last success, its faults."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from config.sources import Source
from models.importing import ImportRun, ImportSource, RunState
from models.record import Dataset

LEASE = timedelta(minutes=30)
GOOD = (RunState.DONE, RunState.CHECKED)


def take_up(session: Session, source: Source, now: datetime) -> ImportSource | None:
    """The source's row, leased, when it is due; None when it is not, or another process has it."""
    row = session.get(ImportSource, source.code, with_for_update=True)
    if row is None:
        row = ImportSource(code=source.code)
        session.add(row)
        session.flush()
    is_leased = row.lease_until is not None and row.lease_until > now
    is_early = row.tried_at is not None and row.tried_at + timedelta(minutes=source.every_minutes) > now
    if is_leased or is_early:
        return None
    row.lease_until, row.tried_at = now + LEASE, now
    return row


def note_run(session: Session, source: Source, run: ImportRun, now: datetime, etag: str = "") -> None:
    """What came of a file of this source."""
    row = session.get(ImportSource, source.code, with_for_update=True) or ImportSource(code=source.code)
    session.add(row)
    row.tried_at, row.lease_until, row.run_id = now, None, run.id
    if run.state in GOOD:
        row.succeeded_at, row.last_fault, row.fault_count, row.etag = now, "", 0, etag
    else:
        row.last_fault, row.fault_count = run.fault[:200], (row.fault_count or 0) + 1


def note_fault(session: Session, source: Source, words: str) -> None:
    """It could not be asked."""
    row = session.get_one(ImportSource, source.code, with_for_update=True)
    row.lease_until, row.last_fault, row.fault_count = None, words[:200], row.fault_count + 1


def note_same(session: Session, source: Source, now: datetime, today: date) -> None:
    """It says that nothing has changed: what we have is of today."""
    row = session.get_one(ImportSource, source.code, with_for_update=True)
    row.lease_until, row.succeeded_at, row.last_fault, row.fault_count = None, now, "", 0
    dataset = session.get(Dataset, source.kind)
    if dataset is not None and dataset.data_on < today:
        dataset.data_on = today
