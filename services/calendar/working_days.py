"""Counting working days; pure, and never an exception beyond the last known year."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
SATURDAY = 5
# Holidays on a fixed date of the solar calendar (全国年节及纪念日放假办法, in force 2025-01-01): what can be said of a
# year whose notice is not out. The others follow the moon or the sun and are moved about with make-up days.
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True)
class Due:
    """The last day of a term; provisional when a day of it lies in a year whose notice is not known yet."""

    on: date
    is_provisional: bool = False


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked; `years` are those whose notice is known."""

    holidays: frozenset[date] = field(default_factory=frozenset)
    make_ups: frozenset[date] = field(default_factory=frozenset)
    years: frozenset[int] = field(default_factory=frozenset)

    def is_known(self, day: date) -> bool:
        """The notice of its year was imported."""
        return day.year in self.years

    def is_holiday(self, day: date) -> bool:
        """A statutory holiday with the days moved to it; an ordinary weekend is none."""
        return day in self.holidays if self.is_known(day) else (day.month, day.day) in FIXED_HOLIDAYS

    def is_workday(self, day: date) -> bool:
        """People work on it."""
        if self.is_holiday(day):
            return False
        return day.weekday() < SATURDAY or day in self.make_ups

    def add(self, start: date, count: int) -> Due:
        """The `count`-th working day after `start`, which itself is not counted (Order 121 art. 45)."""
        day, left, is_known = start, count, True
        while left > 0:
            day += DAY
            is_known = is_known and self.is_known(day)
            left -= self.is_workday(day)
        return Due(day, not is_known)

    def count(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and with `end`; negative when `end` is earlier."""
        if end < start:
            return -self.count(end, start)
        return sum(self.is_workday(day) for day in days_after(start, end))

    def roll(self, day: date, rolls_weekends: bool = False) -> Due:
        """`day`, or the first day after it that is no holiday (nor a weekend, where the bureau reads it so)."""
        rests = (lambda one: not self.is_workday(one)) if rolls_weekends else self.is_holiday
        while rests(day):
            day += DAY
        return Due(day, not self.is_known(day))


def days_after(start: date, end: date) -> Iterator[date]:
    """The days after `start` up to and with `end`."""
    return (start + DAY * number for number in range(1, (end - start).days + 1))


def day_of(moment: datetime) -> date:
    """The day in Shanghai; what comes at night or on a day of rest came on that day."""
    return moment.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """The moment at which a day begins in Shanghai."""
    return datetime.combine(day, time(), SHANGHAI)


def end_of(day: date) -> datetime:
    """The moment at which a day is over in Shanghai: the first of the next."""
    return start_of(day + DAY)
