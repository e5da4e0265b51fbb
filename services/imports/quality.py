"""How good a file was: complete, valid, accurate, timely (归集要全面、及时、安全、准确)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.importing import ImportKind, ImportRun
from models.record import Record
from services.calendar.working_days import WorkCalendar
from services.imports.faults import Quality, quality_of
from services.imports.late import is_late

TIMED = (ImportKind.PENALTY, ImportKind.LICENCE)


@dataclass(frozen=True)
class Mark:
    """One quality: the share of rows without a fault against it, in per cent; None: not to be told."""

    quality: Quality
    per_cent: float | None
    fault_count: int

    @property
    def words(self) -> str:
        """98.5%."""
        return "—" if self.per_cent is None else f"{self.per_cent:.1f}%"


def judge_quality(session: Session, runs: Sequence[ImportRun], calendar: WorkCalendar) -> list[Mark]:
    """The four qualities of one run or several; a row in quarantine is not accurate."""
    counts, faulty = dict.fromkeys(Quality, 0), dict.fromkeys(Quality, 0)
    for run in runs:
        for quality, count in count_faults(run).items():
            counts[quality] += count
            faulty[quality] += min(count, run.row_count)
    total = sum(run.row_count for run in runs)
    marks = [
        Mark(quality, share(total, faulty[quality]), counts[quality])
        for quality in (Quality.COMPLETE, Quality.VALID, Quality.ACCURATE)
    ]
    return [*marks, judge_timeliness(session, runs, calendar)]


def count_faults(run: ImportRun) -> dict[Quality, int]:
    """Faults of one file by quality."""
    counts = dict.fromkeys(Quality, 0)
    for words, count in run.faults.items():
        counts[quality_of(words)] += count
    counts[Quality.ACCURATE] += run.quarantined_count
    return counts


def judge_timeliness(session: Session, runs: Sequence[ImportRun], calendar: WorkCalendar) -> Mark:
    """Of the licences and penalties that came in: published within seven working days."""
    timed = [run.id for run in runs if run.kind in TIMED]
    if not timed:
        return Mark(Quality.TIMELY, None, 0)
    days = (
        select(Record.decided_on, Record.published_from, func.count())
        .where(Record.import_run_id.in_(timed), Record.version == 1)
        .group_by(Record.decided_on, Record.published_from)
    )
    total = late = 0
    for decided_on, published_from, count in session.execute(days):
        total += count
        late += count * is_late(decided_on, published_from, calendar)
    return Mark(Quality.TIMELY, share(total, late), late)


def share(total: int, faulty: int) -> float | None:
    """The rest in per cent; None of nothing."""
    return 100 * (total - faulty) / total if total else None
