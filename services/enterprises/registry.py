"""Importing the register from files: `chengxin import register`."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from models.database import Database, DatabaseBusyError
from models.record import Dataset
from services.calendar.working_days import day_of
from services.enterprises.bulk import CACHE_KB, set_cache
from services.enterprises.entries import Entry, Refusal, Refused, examine
from services.enterprises.refusals import RefusedFile
from services.enterprises.seen import SeenBefore
from services.enterprises.sheets import Row, Sheet, open_sheets
from services.enterprises.storing import Stored, store
from services.errors import UserError

BATCH = 20_000  # rows in one transaction: a citizen's message waits for the lock well under a second
LOCK_TIMEOUT_S = 60.0
TRIES = 20  # of two seconds each
REGISTER = "register"  # Dataset.block
SOURCE_UNIT = "市场监督管理部门"

Result = TypeVar("Result")


@dataclass(frozen=True)
class Progress:
    """How far an import has come: rows read in all files, the share of the present file, its place in line."""

    path: Path
    row_count: int
    share: float  # 0 to 1 of the present file


@dataclass
class Summary:
    """What an import did; every row that is not blank counts once."""

    row_count: int = 0
    added_count: int = 0
    renamed_count: int = 0
    updated_count: int = 0
    unchanged_count: int = 0
    outdated_count: int = 0  # the register already held newer data
    refused_counts: Counter[Refusal] = field(default_factory=Counter)
    refused_paths: list[Path] = field(default_factory=list)
    personal_columns: list[str] = field(default_factory=list)  # never read
    ignored_columns: list[str] = field(default_factory=list)  # without a meaning here
    seconds: float = 0.0

    @property
    def refused_count(self) -> int:
        """All rows that were not stored."""
        return self.refused_counts.total()

    @property
    def rows_per_second(self) -> float:
        """Rows read in a second of the whole import."""
        return self.row_count / self.seconds if self.seconds else 0.0

    def add(self, stored: Stored, refused: Sequence[Refused]) -> None:
        """Count a batch."""
        for name in ("added", "renamed", "updated", "unchanged", "outdated"):
            count = f"{name}_count"
            setattr(self, count, getattr(self, count) + getattr(stored, count))
        self.refused_counts.update(item.reason for item in refused)


def ignore(progress: Progress) -> None:
    """Show nothing."""


@dataclass
class Run:
    """One import: what stays the same for all its batches, and what it did so far."""

    database: Database
    folder: Path
    now: datetime
    today: date
    data_on: date
    batch: int  # rows in one transaction
    on_progress: Callable[[Progress], None]
    summary: Summary
    has_stored: bool = False

    def store(self, entries: Sequence[Entry]) -> Stored:
        """A batch in one transaction."""
        self.has_stored = self.has_stored or bool(entries)
        return write(self.database, lambda session: self.store_in(session, entries)) if entries else Stored()

    def store_in(self, session: Session, entries: Sequence[Entry]) -> Stored:
        """A batch in the given transaction."""
        set_cache(session, CACHE_KB)
        return store(session, entries, self.data_on, self.now)


def import_register(
    database: Database,
    paths: Sequence[Path],
    folder: Path,
    now: datetime,
    on_progress: Callable[[Progress], None] = ignore,
    *,
    data_on: date | None = None,
    source_unit: str = SOURCE_UNIT,
    batch: int = BATCH,
) -> Summary:
    """Import files in their order; the data is of `data_on`, else of today. UserError for a file that is no table.

    Refused rows go to a CSV file in `folder`, one for each table. What was stored before an error or a
    kill stays; the same import again ends in the same state.
    """
    began, summary = time.perf_counter(), Summary()
    today = day_of(now)
    run = Run(database, folder, now, today, data_on or today, batch, on_progress, summary)
    try:
        for path in paths:
            with open_sheets(path) as sheets:
                for sheet in sheets:
                    import_sheet(run, path, sheet)
    finally:
        if run.has_stored:
            write(database, lambda session: finish(session, run.data_on, source_unit))
            database.close()  # the pooled connections with their large caches; new ones open by themselves
        summary.seconds = time.perf_counter() - began
    return summary


def import_sheet(run: Run, path: Path, sheet: Sheet) -> None:
    """One table, batch by batch."""
    summary, seen = run.summary, SeenBefore()
    summary.personal_columns += sheet.columns.personal
    summary.ignored_columns += sheet.columns.ignored
    name = f"{path.name.split('.')[0]}-{sheet.label}" if sheet.label else path.name.split(".")[0]
    with closing(RefusedFile(run.folder, name, sheet.columns, run.now)) as refused_file:
        for rows in cut(sheet.rows, run.batch):
            entries, refused = examine(rows, sheet.columns, run.today)
            summary.row_count += len(entries) + len(refused)
            entries, repeated = seen.split(entries)
            stored = run.store(entries)
            refused = sorted([*refused, *repeated, *stored.refused], key=lambda item: item.row[0])
            refused_file.write(refused)
            summary.add(stored, refused)
            run.on_progress(Progress(path, summary.row_count, sheet.position()))
    if refused_file.path:
        summary.refused_paths.append(refused_file.path)


def cut(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    """Rows in batches."""
    while batch := list(islice(rows, size)):
        yield batch


def finish(session: Session, data_on: date, source_unit: str) -> None:
    """Note where the register's data comes from and its day."""
    known = session.get(Dataset, REGISTER)
    if known is None:
        try:
            with session.begin_nested():
                session.add(Dataset(block=REGISTER, source_unit=source_unit, data_on=data_on))
        except IntegrityError:  # another import that ran beside this one was quicker
            known = session.get_one(Dataset, REGISTER)
    if known is not None and known.data_on <= data_on:
        known.data_on, known.source_unit = data_on, source_unit


def write(database: Database, work: Callable[[Session], Result]) -> Result:
    """One transaction, tried again while another process holds the lock; UserError if it cannot be written."""
    for tries_left in reversed(range(TRIES)):
        try:
            with database.write(LOCK_TIMEOUT_S) as session:
                return work(session)
        except (DatabaseBusyError, OperationalError) as error:
            reason = str(getattr(error, "orig", error))
            if not tries_left or (isinstance(error, OperationalError) and "locked" not in reason):
                raise UserError(f"数据库无法写入（{reason or '正忙'}），已导入的部分保留，可稍后再次导入") from None
    raise AssertionError("unreachable")
