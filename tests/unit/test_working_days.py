"""Working days: the vectors of the law's terms, make-up days, and years whose notice is not out."""

from datetime import UTC, date, datetime

import pytest
from chinese_calendar import is_workday
from hypothesis import given
from hypothesis import strategies as st

from models.calendar import DayKind
from services.calendar.working_days import Due, WorkCalendar, day_of, days_after, end_of
from services.calendar.years import library_years

YEARS = library_years()
CALENDAR = WorkCalendar(
    holidays=frozenset(day for days in YEARS.values() for day, kind in days.items() if kind is DayKind.HOLIDAY),
    make_ups=frozenset(day for days in YEARS.values() for day, kind in days.items() if kind is DayKind.MAKE_UP),
    years=frozenset(YEARS),
)
VECTORS = [
    ("2026-09-21", 7, "2026-10-08"),
    ("2026-09-30", 7, "2026-10-15"),
    ("2026-02-13", 7, "2026-03-02"),
    ("2026-04-30", 5, "2026-05-11"),
    ("2026-11-20", 7, "2026-12-01"),
    ("2026-11-20", 15, "2026-12-11"),
    ("2026-12-10", 15, "2026-12-31"),
    ("2026-12-22", 7, "2026-12-31"),
]
days = st.dates(date(2025, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(("start", "count", "end"), VECTORS)
def test_terms_of_the_reference(start: str, count: int, end: str) -> None:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    assert CALENDAR.add(first, count) == Due(last)
    assert CALENDAR.count(first, last) == count


def test_beyond_the_last_known_year_a_term_is_provisional_and_no_error() -> None:
    assert CALENDAR.add(date(2026, 12, 24), 7) == Due(date(2027, 1, 5), is_provisional=True)
    assert CALENDAR.add(date(2026, 12, 11), 15).is_provisional
    assert CALENDAR.add(date(2026, 12, 23), 7).is_provisional
    assert CALENDAR.add(date(2026, 11, 20), 30).is_provisional
    assert not CALENDAR.add(date(2026, 12, 10), 15).is_provisional
    assert not CALENDAR.is_workday(date(2027, 10, 1))
    assert WorkCalendar().add(date(1999, 12, 30), 2) == Due(date(2000, 1, 3), is_provisional=True)


def test_the_library_agrees_on_every_day_of_its_years() -> None:
    for day in days_after(date(2025, 1, 1), date(2026, 12, 31)):
        assert CALENDAR.is_workday(day) == is_workday(day), day


@given(start=days, count=st.integers(0, 60))
def test_adding_and_counting_undo_each_other(start: date, count: int) -> None:
    due = CALENDAR.add(start, count)
    assert CALENDAR.count(start, due.on) == count
    assert -CALENDAR.count(due.on, start) == count
    assert count == 0 or CALENDAR.is_workday(due.on)
    assert CALENDAR.add(start, count + 1).on > due.on


def test_a_term_of_calendar_days_rolls_over_holidays_and_weekends_only_if_told() -> None:
    assert CALENDAR.roll(date(2026, 10, 3)) == Due(date(2026, 10, 8))
    assert CALENDAR.roll(date(2026, 11, 21)) == Due(date(2026, 11, 21))
    assert CALENDAR.roll(date(2026, 11, 21), rolls_weekends=True) == Due(date(2026, 11, 23))
    assert CALENDAR.roll(date(2026, 10, 10), rolls_weekends=True) == Due(date(2026, 10, 10)), "a make-up Saturday"
    assert CALENDAR.roll(date(2027, 1, 1)) == Due(date(2027, 1, 2), is_provisional=True)


def test_the_day_is_that_of_shanghai() -> None:
    assert day_of(datetime(2026, 11, 20, 16, 0, tzinfo=UTC)) == date(2026, 11, 21)
    assert day_of(datetime(2026, 11, 20, 15, 59, tzinfo=UTC)) == date(2026, 11, 20)
    assert end_of(date(2026, 11, 20)) == datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
