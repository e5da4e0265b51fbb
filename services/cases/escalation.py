"""The escalation ladder: who is told when a deadline nears or is missed; pure."""

from collections.abc import Mapping
from datetime import date, timedelta

from models.case_words import Audience, Rung, Timer
from services.calendar.working_days import WorkCalendar

# Working days after the last day on which each rung is reached.
LATE: dict[Rung, int] = {Rung.OVERDUE: 1, Rung.LEADER: 3, Rung.BULLETIN: 5}
FARTHEST = 40  # calendar days that the amber time may reach back over holidays
# Whose deadline it is. The citizen's word and the unit's right to return end by themselves; a citizen who does not
# supply must be called, so that is intake's. Of a silent receiver services/cases/clock.py tells.
OWNERS: Mapping[Timer, Audience] = {
    Timer.ACCEPT: Audience.INTAKE,
    Timer.SUPPLY: Audience.INTAKE,
    Timer.ASSIGN: Audience.DISPATCHER,
    Timer.CONTACT: Audience.HANDLER,
    Timer.ANSWER: Audience.HANDLER,
    Timer.MEDIATE: Audience.HANDLER,
    Timer.DISPUTE: Audience.REVIEWER,
    Timer.TELL: Audience.HANDLER,
}


def climb(due_on: date, today: date, calendar: WorkCalendar, amber_days: int) -> list[Rung]:
    """All rungs reached by `today`, lowest first; a clock that stood still catches up with each."""
    if today <= due_on:
        reached = [Rung.AMBER] if calendar.count(today, due_on) <= amber_days else []
        return [*reached, Rung.DUE] if today == due_on else reached
    late = calendar.count(due_on, today)
    return [Rung.AMBER, Rung.DUE, *(rung for rung, days in LATE.items() if late >= days)]


def name_audiences(timer: Timer, rung: Rung) -> tuple[Audience, ...]:
    """Who is told on a rung."""
    owner = OWNERS[timer]
    if rung is Rung.AMBER:
        return (owner,)
    if rung is Rung.LEADER:
        return (Audience.LEADER,)
    if rung is Rung.BULLETIN:
        return (Audience.BULLETIN,)
    return (owner, Audience.UNIT_HEAD)


def next_rung_day(due_on: date, today: date, calendar: WorkCalendar, amber_days: int) -> date | None:
    """The next day on which another rung is reached; None when all are."""
    reached = climb(due_on, today, calendar, amber_days)
    if Rung.BULLETIN in reached:
        return None
    day = today if today >= due_on else max(today, due_on - timedelta(days=FARTHEST))
    while climb(due_on, day, calendar, amber_days) == reached:
        day += timedelta(days=1)
    return day
