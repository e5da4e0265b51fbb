"""The deadlines of a case as rows: begun, paused, resumed, ended with each step, computed by deadlines.py."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.case_clock import CaseDeadline
from models.case_words import Action, State, Timer
from services.calendar.telling import date_words
from services.calendar.working_days import day_of
from services.cases.deadlines import (
    Measure,
    Pause,
    Run,
    Term,
    end_run,
    find_term,
    pause_run,
    restart_run,
    resume_run,
)
from services.cases.docket import Docket
from services.cases.workflow import TIMERS, TimerRule

# The deadline that a citizen is told, by state; else the first of OTHERWISE that runs.
TOLD: dict[State, tuple[Timer, ...]] = {
    State.SUBMITTED: (Timer.ACCEPT,),
    State.NEED_MORE: (Timer.SUPPLY,),
    State.ANSWERED: (Timer.DISPUTE, Timer.CONFIRM),
    State.REFERRED: (),
    State.WITHDRAWN: (),
}
OTHERWISE = (Timer.ANSWER, Timer.MEDIATE)
MOST_AT_ONCE = 500
MAY_CHANGE = "（节假日安排公布后可能调整）"


def run_of(row: CaseDeadline) -> Run:
    """The arithmetic of a row."""
    pauses = tuple(
        Pause(date.fromisoformat(since), date.fromisoformat(until) if until else None)
        for since, until in row.pauses
        if since
    )
    return Run(Term(row.length, Measure(row.measure)), row.started_at, row.extended_by, pauses)


def store_run(docket: Docket, row: CaseDeadline, run: Run) -> None:
    """Write a run and the end that follows from it."""
    ending = end_run(run, docket.calendar, docket.rules.rolls_weekends)
    row.length, row.measure = run.term.length, run.term.measure.value
    row.started_at, row.extended_by = run.started_at, run.extended_by
    row.pauses = [[pause.since.isoformat(), pause.until.isoformat() if pause.until else None] for pause in run.pauses]
    row.due_at = ending.at if ending else None
    row.due_on = ending.on if ending else None
    row.is_provisional = bool(ending and ending.is_provisional)
    row.look_at = docket.now if ending else None


def open_deadlines(session: Session, case_id: int) -> dict[Timer, CaseDeadline]:
    """What runs or stands still, by timer."""
    rows = session.scalars(select(CaseDeadline).where(CaseDeadline.case_id == case_id, CaseDeadline.ended_at.is_(None)))
    return {row.timer: row for row in rows}


def move_deadlines(docket: Docket, case: Case, action: Action) -> None:
    """After a step: begin what it begins, and let the rest run, stand still or end by the state it led to."""
    rows = open_deadlines(docket.session, case.id)
    for rule in TIMERS:
        row = rows.get(rule.timer)
        if action in rule.starts and case.state in rule.runs:
            if row:
                end_deadline(docket, row)
            begin_deadline(docket, case, rule, action)
        elif action in rule.goes_on and case.state in rule.runs:
            take_up_deadline(docket, case, rule)
        elif row and (action in rule.ends or case.state not in {*rule.runs, *rule.pauses}):
            end_deadline(docket, row)
        elif row and case.state in rule.pauses and stands_still(docket, rule):
            store_run(docket, row, pause_run(run_of(row), docket.today))
        elif row:
            store_run(docket, row, resume_run(run_of(row), docket.today))
    docket.session.flush()


def stands_still(docket: Docket, rule: TimerRule) -> bool:
    """Whether the clock stops while material is awaited is the bureau's setting; in suspension it always does."""
    return rule.timer is not Timer.ACCEPT or docket.rules.pauses_for_material


def begin_deadline(docket: Docket, case: Case, rule: TimerRule, action: Action) -> None:
    """Start a timer, if this kind of case has it."""
    term = find_term(docket.rules, rule.timer, case.kind, case.channel, case.urgency, action=action)
    if term is None:
        return
    row = CaseDeadline(case_id=case.id, timer=rule.timer)
    store_run(docket, row, Run(term, docket.now))
    docket.session.add(row)


def take_up_deadline(docket: Docket, case: Case, rule: TimerRule) -> None:
    """Let go on what had ended: the day on which the case left us and those until today are not counted.

    So there is the time that was left, at least one day of it, and never a whole term anew.
    """
    wanted = select(CaseDeadline).where(CaseDeadline.case_id == case.id, CaseDeadline.timer == rule.timer)
    last = docket.session.scalar(wanted.order_by(CaseDeadline.id.desc()).limit(1))
    if last is None or last.ended_at is None:
        return
    run = resume_run(run_of(last), day_of(last.ended_at))  # it may have stood still when the case left
    away = Pause(max(day_of(last.ended_at) - timedelta(days=1), day_of(run.started_at)), docket.today)
    row = CaseDeadline(case_id=case.id, timer=rule.timer)
    store_run(docket, row, replace(run, pauses=(*run.pauses, away)))
    docket.session.add(row)


def end_deadline(docket: Docket, row: CaseDeadline) -> None:
    """It is over: kept or not. What stood still was not missed."""
    row.ended_at = docket.now
    row.is_kept = row.due_at is None or docket.now < row.due_at


def extend_deadline(docket: Docket, row: CaseDeadline) -> None:
    """By the bureau's number of days, counted in the deadline's own measure."""
    store_run(docket, row, replace(run_of(row), extended_by=docket.rules.extension.answer))


def restart_deadlines(docket: Docket, case: Case) -> None:
    """New facts: what runs counts from now (Order 121 art. 35)."""
    for timer, row in open_deadlines(docket.session, case.id).items():
        if timer in {Timer.ACCEPT, Timer.ANSWER}:
            store_run(docket, row, restart_run(run_of(row), docket.now))


def recompute_deadlines(docket: Docket) -> list[tuple[CaseDeadline, date | None]]:
    """Compute provisional ends anew; the rows whose date changed, with the date before."""
    changed = []
    provisional = select(CaseDeadline).where(CaseDeadline.ended_at.is_(None), CaseDeadline.is_provisional)
    for row in docket.session.scalars(provisional.order_by(CaseDeadline.id)):
        before = row.due_on
        store_run(docket, row, run_of(row))
        if row.due_on != before:
            changed.append((row, before))
    return changed


def told_deadline(session: Session, case: Case) -> CaseDeadline | None:
    """The deadline a citizen is told now."""
    return told_deadlines(session, [case]).get(case.id)


def told_deadlines(session: Session, cases: Sequence[Case]) -> dict[int, CaseDeadline]:
    """The same for many cases, a query for each five hundred; who is told none is left out."""
    running: dict[int, dict[Timer, CaseDeadline]] = {}
    for start in range(0, len(cases), MOST_AT_ONCE):
        ids = [case.id for case in cases[start : start + MOST_AT_ONCE]]
        wanted = select(CaseDeadline).where(CaseDeadline.case_id.in_(ids), CaseDeadline.ended_at.is_(None))
        for row in session.scalars(wanted):
            running.setdefault(row.case_id, {})[row.timer] = row
    told = {}
    for case in cases:
        rows, timers = running.get(case.id, {}), TOLD.get(case.state, OTHERWISE)
        if found := next((rows[timer] for timer in timers if timer in rows and rows[timer].due_on), None):
            told[case.id] = found
    return told


def explain_due(row: CaseDeadline | None) -> str:
    """2026年12月1日（第7个工作日）; "" without a date."""
    if row is None or row.due_on is None:
        return ""
    words = {"working": f"第{row.length}个工作日", "calendar": f"第{row.length}日", "hours": f"{row.length}小时内"}
    why = "当日" if row.length == 0 else words[row.measure]
    if row.extended_by:
        why = f"已延长{row.extended_by}个工作日"
    if any(since != until for since, until in row.pauses):
        why += "，已扣除中止、补正、转交在外的时间"
    return f"{date_words(row.due_on)}（{why}）{MAY_CHANGE if row.is_provisional else ''}"


def describe_deadlines(session: Session, case_id: int) -> list[dict[str, Any]]:
    """All deadlines of a case, ended ones too, for the case page."""
    rows = session.scalars(select(CaseDeadline).where(CaseDeadline.case_id == case_id).order_by(CaseDeadline.id))
    return [
        {
            "timer": row.timer,
            "due_on": row.due_on,
            "due": explain_due(row),
            "is_paused": row.ended_at is None and row.due_on is None,
            "ended_at": row.ended_at,
            "is_kept": row.is_kept,
            "is_provisional": row.is_provisional,
        }
        for row in rows
    ]
