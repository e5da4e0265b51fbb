"""The table of holidays: seeded from chinesecalendar, imported yearly from the State Council's notice."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from chinese_calendar import holidays, workdays
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.calendar import CalendarDay, CalendarYear, DayKind
from services.calendar.working_days import SATURDAY, WorkCalendar
from services.enterprises.cells import parse_day
from services.errors import UserError

LIBRARY = "chinesecalendar（国务院办公厅历年放假通知）"
KIND_WORDS = {
    DayKind.HOLIDAY: {"放假", "休", "假", "休假", "节假日", "holiday"},
    DayKind.MAKE_UP: {"上班", "班", "调休上班", "补班", "make_up"},
}
RANGE = re.compile(r"\s*(?:至|~|～|—)\s*")
HEADINGS = ("日期", "类型")
LEAST_HOLIDAYS = 13  # statutory days of a year since 2025; a list with fewer is not the whole notice


def load_calendar(session: Session, since: int = 1) -> WorkCalendar:
    """The known years from `since` on; what runs today began in one of the last few."""
    days = session.execute(select(CalendarDay.day, CalendarDay.kind).where(CalendarDay.day >= date(since, 1, 1))).all()
    return WorkCalendar(
        holidays=frozenset(day for day, kind in days if kind is DayKind.HOLIDAY),
        make_ups=frozenset(day for day, kind in days if kind is DayKind.MAKE_UP),
        years=frozenset(session.scalars(select(CalendarYear.year).where(CalendarYear.year >= since))),
    )


def library_years() -> dict[int, dict[date, DayKind]]:
    """What the library knows, by year."""
    years: dict[int, dict[date, DayKind]] = {}
    for kind, days in ((DayKind.HOLIDAY, holidays), (DayKind.MAKE_UP, workdays)):
        for day in days:
            years.setdefault(day.year, {})[day] = kind
    return years


def seed_calendar(session: Session, now: datetime) -> list[int]:
    """Add the library's years that the table lacks; which these were. A year that was imported stays as it is."""
    known = set(session.scalars(select(CalendarYear.year)))
    added = {year: days for year, days in library_years().items() if year not in known}
    for year, days in added.items():
        store_year(session, year, days, LIBRARY, now)
    return sorted(added)


def store_year(session: Session, year: int, days: Mapping[date, DayKind], source: str, now: datetime) -> None:
    """Replace what was known of a year."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    session.execute(delete(CalendarDay).where(CalendarDay.day.between(first, last)))
    session.merge(CalendarYear(year=year, source=source[:200], imported_at=now))
    session.add_all(CalendarDay(day=day, kind=kind) for day, kind in days.items())
    session.flush()


def import_year(session: Session, year: int, path: Path | None, now: datetime) -> int:
    """Take a year from a file, or from the library without one; how many days. UserError says what is wrong."""
    days = read_notice(path, year) if path else library_years().get(year)
    if days is None:
        newest = max(library_years())
        raise UserError(f"程序自带的日历只到 {newest} 年，{year} 年请用 --file 导入国务院办公厅通知中的放假和上班日期")
    store_year(session, year, days, path.name if path else LIBRARY, now)
    return len(days)


def read_notice(path: Path, year: int) -> dict[date, DayKind]:
    """A CSV with the headings 日期 and 类型; a date may be a range (2027-10-01至2027-10-07)."""
    rows = csv.reader(io.StringIO(decode(path)))
    heading = [cell.strip() for cell in next(rows, [])]
    if not set(HEADINGS) <= set(heading):
        raise UserError(f"{path.name} 的第一行须有“日期”和“类型”两列（类型写“放假”或“上班”）")
    at, what = (heading.index(name) for name in HEADINGS)
    days: dict[date, DayKind] = {}
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        kind = read_kind(row[what] if what < len(row) else "")
        span = list(read_span(row[at] if at < len(row) else ""))
        if kind is None or not span:
            raise UserError(
                f"{path.name} 第 {number} 行看不懂：日期如 2027-10-01 或 2027-10-01至2027-10-07，类型为放假或上班"
            )
        for day in span:
            check_day(path, number, day, kind, year=year, before=days.get(day))
            days[day] = kind
    if sum(kind is DayKind.HOLIDAY for kind in days.values()) < LEAST_HOLIDAYS:
        raise UserError(f"{path.name} 中 {year} 年的放假日不足 {LEAST_HOLIDAYS} 天，请核对是否完整")
    return days


def check_day(path: Path, number: int, day: date, kind: DayKind, *, year: int, before: DayKind | None) -> None:
    """UserError if the day cannot be meant."""
    if day.year != year:
        raise UserError(f"{path.name} 第 {number} 行：{day} 不在 {year} 年")
    if before not in {None, kind}:
        raise UserError(f"{path.name} 第 {number} 行：{day} 既放假又上班")
    if kind is DayKind.MAKE_UP and day.weekday() < SATURDAY:
        raise UserError(f"{path.name} 第 {number} 行：{day} 本来就是工作日，不会是调休上班")


def decode(path: Path) -> str:
    """UTF-8, or what Excel writes in China; UserError for neither."""
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UserError(f"{path.name} 不是文本文件，请另存为 CSV")


def read_kind(cell: str) -> DayKind | None:
    """放假 or 上班, as people write them."""
    return next((kind for kind, words in KIND_WORDS.items() if cell.strip() in words), None)


def read_span(cell: str) -> Iterator[date]:
    """One day, or all days of a range; nothing if it cannot be read."""
    ends = [parse_day(part.strip()) for part in RANGE.split(cell.strip())]
    if len(ends) in {1, 2} and ends[0] and ends[-1]:
        for number in range((ends[-1] - ends[0]).days + 1):
            yield ends[0] + timedelta(days=number)
