"""The terms of an objection: mark within a working day, decide in five, or forward in two; pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from config.archive import ObjectionTerms
from models.archive_words import ObjectionState
from services.calendar.working_days import WorkCalendar, day_of
from services.cases.deadlines import Run, end_run, parse_term

OPEN = frozenset({ObjectionState.FILED, ObjectionState.MARKED, ObjectionState.FORWARDED})


class Duty(StrEnum):
    """What is due next."""

    MARK = "mark"
    DECIDE = "decide"
    FORWARD = "forward"
    SUPPLIER = "supplier"


@dataclass(frozen=True)
class DueDuty:
    """What is due next, and its last day."""

    duty: Duty
    due_on: date
    is_late: bool


class ObjectionLike(Protocol):
    """What the terms look at."""

    @property
    def state(self) -> ObjectionState: ...
    @property
    def filed_at(self) -> datetime: ...
    @property
    def forwarded_at(self) -> datetime | None: ...


def find_due(
    objection: ObjectionLike, terms: ObjectionTerms, calendar: WorkCalendar, now: datetime, *, is_ours: bool
) -> DueDuty | None:
    """The next duty of staff; None when the objection is decided. `is_ours`: this bureau entered the record itself."""
    if objection.state is ObjectionState.FILED:
        return due(Duty.MARK, terms.mark, objection.filed_at, calendar, now)
    if objection.state is ObjectionState.MARKED:
        duty, term = (Duty.DECIDE, terms.decide) if is_ours else (Duty.FORWARD, terms.forward)
        return due(duty, term, objection.filed_at, calendar, now)
    if objection.state is ObjectionState.FORWARDED and objection.forwarded_at:
        return due(Duty.SUPPLIER, terms.supplier, objection.forwarded_at, calendar, now)
    return None


def due(duty: Duty, term: str, start: datetime, calendar: WorkCalendar, now: datetime) -> DueDuty:
    """The last day of a term that began at `start`; the day of the start is not counted."""
    ending = end_run(Run(parse_term(term), start), calendar)
    if ending is None:
        raise ValueError("a term that stands still")
    return DueDuty(duty, ending.on, day_of(now) > ending.on)
