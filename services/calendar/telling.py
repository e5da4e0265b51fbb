"""How days and moments are told in China; pure."""

from datetime import date, datetime

from services.calendar.working_days import SHANGHAI


def date_words(day: date | None) -> str:
    """2026年12月1日; an empty text for None."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def day_words(day: date) -> str:
    """12月1日, where the year goes without saying."""
    return f"{day.month}月{day.day}日"


def moment_words(moment: datetime) -> str:
    """2026年11月20日 18:05."""
    local = moment.astimezone(SHANGHAI)
    return f"{date_words(local)} {local:%H:%M}"


def hour_words(moment: datetime) -> str:
    """11月26日 10:00."""
    local = moment.astimezone(SHANGHAI)
    return f"{day_words(local)} {local:%H:%M}"
