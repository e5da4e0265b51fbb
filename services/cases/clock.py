"""What the clock does to cases: alerts on the ladder, closings by rule; each once, with the moment passed in."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.case import Case
from models.case_clock import CaseAlert, CaseDeadline
from models.case_words import Action, Audience, Rung, Timer
from services.calendar.telling import date_words
from services.calendar.working_days import DAY, end_of
from services.cases.advance import RefusedError, take_step
from services.cases.docket import Docket
from services.cases.escalation import OWNERS, climb, name_audiences, next_rung_day
from services.cases.facts import SYSTEM, Step
from services.cases.timing import recompute_deadlines
from services.cases.wording import alert_text, name_of

# What the system does when the citizen's time is over.
CLOSINGS = {Timer.CONFIRM: Action.CLOSE_SILENT, Timer.SUPPLY: Action.CLOSE_UNREACHABLE}


def due_cases(session: Session, now: datetime, most: int = 500) -> list[int]:
    """The cases at whose deadlines the clock must look, the longest waiting first."""
    wanted = (
        select(CaseDeadline.case_id)
        .where(CaseDeadline.ended_at.is_(None), CaseDeadline.look_at <= now)
        .order_by(CaseDeadline.look_at, CaseDeadline.id)
        .limit(most)
    )
    return list(dict.fromkeys(session.scalars(wanted)))


def tend_case(docket: Docket, case_id: int) -> int:
    """Alerts and closings of one case that are due now; how many. Again at the same moment does nothing."""
    case = docket.session.scalar(select(Case).where(Case.id == case_id).with_for_update())
    if case is None:
        return 0
    due = select(CaseDeadline).where(
        CaseDeadline.case_id == case_id, CaseDeadline.ended_at.is_(None), CaseDeadline.look_at <= docket.now
    )
    return sum(tend_deadline(docket, case, row) for row in list(docket.session.scalars(due.order_by(CaseDeadline.id))))


def tend_deadline(docket: Docket, case: Case, row: CaseDeadline) -> int:
    """One deadline: close if the rule says so, else tell who must be told, and note when to look again."""
    if row.ended_at is not None or row.due_at is None or row.due_on is None:
        return 0
    is_over = docket.now >= row.due_at
    if is_over and row.timer in CLOSINGS and close_by_rule(docket, case, CLOSINGS[row.timer]):
        return 1
    if row.timer is Timer.ACKNOWLEDGE:
        row.look_at = None if is_over else row.due_at
        audiences = (Audience.INTAKE, Audience.UNIT_HEAD) if is_over else ()
        return sum(add_alert(docket, case, row, Rung.RECEIVER_SILENT, audience) for audience in audiences)
    if row.timer not in OWNERS:
        row.look_at = None if is_over else row.due_at
        return 0
    rungs = climb(row.due_on, docket.today, docket.calendar, docket.rules.amber_days)
    count = sum(
        add_alert(docket, case, row, rung, audience) for rung in rungs for audience in name_audiences(row.timer, rung)
    )
    row.look_at = next_look(docket, row.due_on)
    return count


def next_look(docket: Docket, due_on: date) -> datetime | None:
    """The beginning of the day of the next rung."""
    day = next_rung_day(due_on, docket.today, docket.calendar, docket.rules.amber_days)
    return end_of(day - DAY) if day else None


def close_by_rule(docket: Docket, case: Case, action: Action) -> bool:
    """Take the system's step; False where a guard forbids it."""
    try:
        take_step(docket, case, action, SYSTEM, Step())
    except RefusedError:
        return False
    return True


def add_alert(docket: Docket, case: Case, row: CaseDeadline, rung: Rung, audience: Audience) -> bool:
    """Tell staff once for this deadline and date; an extended one warns anew."""
    key = f"{row.id}:{row.due_on}:{rung}:{audience}"
    if docket.session.scalar(select(CaseAlert.id).where(CaseAlert.key == key)) is not None:
        return False
    text = alert_text(rung, number=case.number, timer=name_of("timers", row.timer), due=date_words(row.due_on))
    alert = CaseAlert(key=key, case_id=case.id, rung=rung, audience=audience, unit=case.unit, text=text, at=docket.now)
    try:
        with docket.session.begin_nested():
            docket.session.add(alert)
    except IntegrityError:  # a second clock was faster
        return False
    return True


def follow_calendar(docket: Docket) -> int:
    """After a year was imported: compute provisional dates anew and tell whose date changed; how many."""
    changed = recompute_deadlines(docket)
    for row, _before in changed:
        case = docket.session.get_one(Case, row.case_id)
        add_alert(docket, case, row, Rung.CHANGED, OWNERS.get(row.timer, Audience.INTAKE))
    return len(changed)


def alerts_for(session: Session, audience: Audience, unit: str = "", *, seen: bool = False) -> list[CaseAlert]:
    """What somebody has to see, newest first; `unit` narrows to a unit's own."""
    wanted = select(CaseAlert).where(CaseAlert.audience == audience).order_by(CaseAlert.id.desc())
    if unit:
        wanted = wanted.where(CaseAlert.unit == unit)
    return list(session.scalars(wanted if seen else wanted.where(CaseAlert.seen_at.is_(None))))


def mark_seen(docket: Docket, alert: CaseAlert, by: str) -> None:
    """Once; the first who saw it stays."""
    if alert.seen_at is None:
        alert.seen_at, alert.seen_by = docket.now, by
