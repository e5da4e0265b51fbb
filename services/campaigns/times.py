"""How the time of an activity is told; pure."""

from datetime import datetime

from services.calendar.telling import date_words, day_words
from services.calendar.working_days import SHANGHAI

WEEKDAYS = "一二三四五六日"


def tell_span(begins_at: datetime, ends_at: datetime) -> str:
    """2026年9月12日（周六）9:00至11:30; over midnight both days are said."""
    first, last = begins_at.astimezone(SHANGHAI), ends_at.astimezone(SHANGHAI)
    end = f"{last.hour}:{last.minute:02}"
    if first.date() != last.date():
        end = f"{day_words(last)}{end}"
    day = f"{date_words(first)}（周{WEEKDAYS[first.weekday()]}）"
    return f"{day}{first.hour}:{first.minute:02}至{end}"
