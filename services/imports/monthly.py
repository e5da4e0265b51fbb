"""Imports of the last months with their quality, as the dashboard of the archive shows them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.importing import ImportRun, RunState
from services.calendar.working_days import SHANGHAI, WorkCalendar, day_of
from services.credit.figures import Month, last_months
from services.imports.quality import Mark, judge_quality


@dataclass(frozen=True)
class MonthOfImports:
    """What came in during a month; files that were undone are left out."""

    month: Month
    taken: int  # rows that are in the archive: added, revised, ended, or known before
    refused: int
    quarantined: int
    marks: list[Mark]


def sum_up_months(session: Session, calendar: WorkCalendar, now: datetime) -> list[MonthOfImports]:
    """The last twelve months, oldest first, by the day the file came; months without a file are there too."""
    months = last_months(day_of(now))
    first = datetime(*months[0], 1, tzinfo=SHANGHAI)
    wanted = select(ImportRun).where(ImportRun.state == RunState.DONE, ImportRun.created_at >= first)
    runs: dict[Month, list[ImportRun]] = {month: [] for month in months}
    for run in session.scalars(wanted):
        day = day_of(run.created_at)
        if (day.year, day.month) in runs:
            runs[day.year, day.month].append(run)
    return [sum_up(session, calendar, month, files) for month, files in runs.items()]


def sum_up(session: Session, calendar: WorkCalendar, month: Month, files: list[ImportRun]) -> MonthOfImports:
    """One month."""
    taken = sum(run.added_count + run.revised_count + run.ended_count + run.unchanged_count for run in files)
    return MonthOfImports(
        month,
        taken,
        sum(run.refused_count for run in files),
        sum(run.quarantined_count for run in files),
        judge_quality(session, files, calendar),
    )
