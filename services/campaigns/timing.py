"""When a send may go out: its hour, quiet hours, lateness, the month's four, a clock that jumps (pure)."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from config.sending import SendingRules
from services.calendar.working_days import SHANGHAI

A_JUMP = timedelta(seconds=60)  # less is a slow machine


class Verdict(StrEnum):
    """What the clock says to a send that is approved."""

    WAIT = "wait"
    GO = "go"
    TOO_LATE = "too_late"  # the hour is long past: shown as not sent
    NIGHT = "night"  # it would go out in the quiet hours, and be too late after them


def month_of(moment: datetime) -> str:
    """The calendar month in which WeChat counts, such as 2026-11."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m")


def is_quiet(moment: datetime, rules: SendingRules) -> bool:
    """Nobody is to be disturbed now."""
    hour = moment.astimezone(SHANGHAI).time()
    if rules.quiet_from <= rules.quiet_until:
        return rules.quiet_from <= hour < rules.quiet_until
    return hour >= rules.quiet_from or hour < rules.quiet_until


def end_of_quiet(moment: datetime, rules: SendingRules) -> datetime:
    """The next moment at which one may send again; `moment` itself by day."""
    if not is_quiet(moment, rules):
        return moment
    local = moment.astimezone(SHANGHAI)
    day = local.date() + timedelta(days=local.time() >= rules.quiet_until)
    return datetime.combine(day, rules.quiet_until, SHANGHAI)


def judge(due_at: datetime, now: datetime, rules: SendingRules, *, disturbs: bool) -> Verdict:
    """What to do with an approved send now; `disturbs`: it makes a telephone ring, so quiet hours count."""
    last = due_at + rules.most_late
    if now < due_at:
        return Verdict.WAIT
    if now > last:
        return Verdict.TOO_LATE
    if not disturbs or not is_quiet(now, rules):
        return Verdict.GO
    return Verdict.WAIT if end_of_quiet(now, rules) <= last else Verdict.NIGHT


def explain_late(verdict: Verdict, due_at: datetime, now: datetime) -> str:
    """Why it was not sent, for staff."""
    late = say_span(now - due_at)
    if verdict is Verdict.NIGHT:
        return f"已过预定时间{late}，现在是夜间安静时段，没有发送。请另选时间"
    return f"已过预定时间{late}（程序或电脑当时没有运行），没有补发。请另选时间"


def say_span(span: timedelta) -> str:
    """3小时05分."""
    minutes = max(int(span.total_seconds() // 60), 0)
    return f"{minutes // 60}小时{minutes % 60:02}分" if minutes >= 60 else f"{minutes}分钟"


def slots_of(month: str, rules: SendingRules) -> list[datetime]:
    """The hours that the calendar proposes for a month's sends; day 31 means the last."""
    year, number = map(int, month.split("-"))
    last = calendar.monthrange(year, number)[1]
    days = sorted({min(day, last) for day in rules.slot_days})
    return [datetime.combine(date(year, number, day), rules.slot_hour, SHANGHAI) for day in days]


def move_month(month: str, by: int) -> str:
    """The month so many months later."""
    year, number = map(int, month.split("-"))
    count = year * 12 + number - 1 + by
    return f"{count // 12:04}-{count % 12 + 1:02}"


def bounds_of(month: str) -> tuple[datetime, datetime]:
    """The first moment of a month and the first after it."""
    first, after = (
        datetime.fromisoformat(f"{one}-01").replace(tzinfo=SHANGHAI) for one in (month, move_month(month, 1))
    )
    return first, after


@dataclass
class ClockWatch:
    """Compares the wall clock with one that only runs forward; leases must not end because somebody set the clock."""

    wall: datetime | None = None
    steady: float = 0.0

    def jump(self, wall: datetime, steady: float) -> timedelta:
        """By how much the wall clock was set, or the machine slept, since the last call; zero within a minute."""
        before, ran = self.wall, timedelta(seconds=steady - self.steady)
        self.wall, self.steady = wall, steady
        if before is None:
            return timedelta()
        moved = (wall - before) - ran
        return moved if abs(moved) >= A_JUMP else timedelta()
