"""Deadlines of a case as arithmetic on dates: terms, pauses, extension, restart; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from config.cases import CaseRules
from models.case_words import Action, CaseKind, Channel, Timer, Urgency
from services.calendar.working_days import WorkCalendar, day_of, days_after, end_of


class Measure(StrEnum):
    """What a term is counted in."""

    WORKING = "working"
    CALENDAR = "calendar"
    HOURS = "hours"


@dataclass(frozen=True)
class Term:
    """A length of time by law or by the bureau's setting."""

    length: int
    measure: Measure

    @property
    def words(self) -> str:
        """7个工作日."""
        if self.measure is Measure.WORKING and self.length == 0:
            return "当日"
        return f"{self.length}{ {'working': '个工作日', 'calendar': '日', 'hours': '小时'}[self.measure] }"


@dataclass(frozen=True)
class Pause:
    """Days not counted: those after `since` up to and with `until`; still standing without `until`."""

    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        """The day is not counted."""
        return self.since < day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Run:
    """A term on its way."""

    term: Term
    started_at: datetime
    extended_by: int = 0
    pauses: tuple[Pause, ...] = ()

    @property
    def is_paused(self) -> bool:
        """It stands still."""
        return bool(self.pauses) and self.pauses[-1].until is None


@dataclass(frozen=True)
class Ending:
    """When a run ends: `at` is the first moment that is too late, `on` the last day."""

    at: datetime
    on: date
    is_provisional: bool = False


def parse_term(text: str) -> Term:
    """7 working, 60 calendar, 24 hours."""
    length, measure = text.split()
    return Term(int(length), Measure(measure))


def end_run(run: Run, calendar: WorkCalendar, rolls_weekends: bool = False) -> Ending | None:
    """The end of a run; None while it stands still. The day of the start is not counted (Order 121 art. 45)."""
    if run.is_paused:
        return None
    length = run.term.length + run.extended_by
    if run.term.measure is Measure.HOURS:
        at = run.started_at + timedelta(hours=length, days=paused_days(run))
        return Ending(at, day_of(at))
    start = day_of(run.started_at)
    if run.term.measure is Measure.CALENDAR:
        due = calendar.roll(start + timedelta(days=length + paused_days(run)), rolls_weekends)
        return Ending(end_of(due.on), due.on, due.is_provisional)
    day, left, is_known = start, length, True
    while left > 0:
        day += timedelta(days=1)
        is_known = is_known and calendar.is_known(day)
        left -= calendar.is_workday(day) and not any(pause.holds(day) for pause in run.pauses)
    return Ending(end_of(day), day, not is_known)


def paused_days(run: Run) -> int:
    """Calendar days that were not counted."""
    return sum(1 for pause in run.pauses if pause.until for _ in days_after(pause.since, pause.until))


def pause_run(run: Run, on: date) -> Run:
    """Stand still after `on`; a run that stands still stays so."""
    return run if run.is_paused else replace(run, pauses=(*run.pauses, Pause(on)))


def resume_run(run: Run, on: date) -> Run:
    """Go on after `on`."""
    if not run.is_paused:
        return run
    return replace(run, pauses=(*run.pauses[:-1], Pause(run.pauses[-1].since, on)))


def restart_run(run: Run, at: datetime) -> Run:
    """The same term from the last report on (Order 121 art. 35)."""
    return Run(run.term, at)


def find_term(
    rules: CaseRules,
    timer: Timer,
    kind: CaseKind,
    channel: Channel = Channel.CHAT,
    urgency: Urgency = Urgency.NORMAL,
    *,
    action: Action | None = None,
) -> Term | None:
    """How long this deadline is for this case; None where the case has no such deadline."""
    terms = rules.terms
    plain: Mapping[Timer, str] = {
        Timer.ACCEPT: terms.accept,
        Timer.SUPPLY: terms.supply,
        Timer.ASSIGN: terms.assign,
        Timer.RETURN: terms.return_,
        Timer.CONFIRM: terms.confirm,
        Timer.DISPUTE: terms.dispute,
        Timer.TELL: terms.tell,
        Timer.ACKNOWLEDGE: terms.acknowledge,
    }
    if timer is Timer.CONTACT:
        by_urgency = {Urgency.URGENT: terms.contact_urgent, Urgency.CRITICAL: terms.contact_critical}
        return parse_term(by_urgency.get(urgency, terms.contact))
    if timer is Timer.MEDIATE:
        return parse_term(terms.mediate) if kind is CaseKind.COMPLAINT else None
    if timer is Timer.ANSWER:
        return find_answer_term(rules, kind, channel, action)
    return parse_term(plain[timer])


def find_answer_term(rules: CaseRules, kind: CaseKind, channel: Channel, action: Action | None) -> Term | None:
    """T2. A complaint that came to us directly has the sixty days of mediation only, until it is done again."""
    terms = rules.terms
    if action in {Action.ORDER_REWORK, Action.REOPEN}:
        return parse_term(terms.answer_report if kind is CaseKind.REPORT else terms.answer_rework)
    if kind is CaseKind.REPORT:
        return parse_term(terms.answer_report)
    if kind is CaseKind.INQUIRY:
        return parse_term(terms.answer_inquiry)
    return parse_term(terms.answer_hotline) if channel is Channel.HOTLINE else None
