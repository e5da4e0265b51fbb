"""How the bureau does: cases received, ended, deadlines kept, satisfaction, by month, unit, category and region."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, literal, or_, select
from sqlalchemy import case as when

from models.case import Case
from models.case_clock import CaseDeadline
from models.case_words import CaseKind, State, Timer
from services.calendar.working_days import day_of, end_of
from services.cases.docket import Docket
from services.cases.facts import Actor
from services.cases.reach import in_sight
from services.cases.wording import name_of
from services.cases.workflow import OPEN
from services.enterprises.parts import name_region

LEGAL = (Timer.ACCEPT, Timer.ANSWER, Timer.MEDIATE)  # the terms of the law; the others are the bureau's own


class Group(StrEnum):
    """By what cases are counted."""

    MONTH = "month"
    UNIT = "unit"
    CATEGORY = "category"
    KIND = "kind"
    REGION = "region"
    SCORE = "score"


# Number: TS20261120 430100 …: its day and region are those of the filing, in Shanghai.
VALUES: dict[Group, ColumnElement[Any]] = {
    Group.MONTH: func.substr(Case.number, 3, 6),
    Group.UNIT: Case.unit.expression,
    Group.CATEGORY: Case.category.expression,
    Group.KIND: func.substr(Case.number, 1, 2),
    Group.REGION: func.substr(Case.number, 11, 6),
    Group.SCORE: Case.score.expression,
}
KINDS = {"TS": CaseKind.COMPLAINT, "JB": CaseKind.REPORT, "ZX": CaseKind.INQUIRY}


@dataclass(frozen=True)
class Figures:
    """What is counted of a group; None where there is nothing to divide by."""

    name: str
    received: int
    accepted: int
    rejected: int
    ended: int
    running: int
    terms: int  # of the law, ended or past
    kept: int
    rated: int
    score: float | None  # mean, 1 to 5
    recovered_fen: int

    @property
    def kept_share(self) -> float | None:
        """Percent of the terms that were kept."""
        return round(100 * self.kept / self.terms, 1) if self.terms else None


def count_by(docket: Docket, actor: Actor, group: Group | None, first: date, last: date) -> list[Figures]:
    """The figures of what was received from the first to the last day, of what this actor may see.

    Months and marks in their order, others by size. None: one line for all.
    """
    terms = (
        select(
            CaseDeadline.case_id,
            func.count().label("terms"),
            func.sum(when((CaseDeadline.is_kept.is_(True), 1), else_=0)).label("kept"),
        )
        .where(CaseDeadline.timer.in_(LEGAL))
        .where(or_(CaseDeadline.ended_at.is_not(None), CaseDeadline.due_at <= docket.now))  # what is late is not kept
        .group_by(CaseDeadline.case_id)
        .subquery()
    )
    value = (VALUES[group] if group else literal("")).label("grouped")
    figures = (
        func.count(Case.id),
        func.count(Case.accepted_at),
        func.sum(when((Case.state == State.REJECTED, 1), else_=0)),
        func.sum(when((Case.state.in_(OPEN), 0), else_=1)),
        func.sum(when((Case.state.in_(OPEN), 1), else_=0)),
        func.sum(terms.c.terms),
        func.sum(terms.c.kept),
        func.count(Case.score),
        func.avg(Case.score),
        func.sum(Case.recovered_fen),
    )
    wanted = (
        select(value, *figures)
        .select_from(Case)
        .outerjoin(terms, terms.c.case_id == Case.id)
        .where(Case.submitted_at >= end_of(first - timedelta(days=1)), Case.submitted_at < end_of(last))
        .where(in_sight(actor))
    )
    if group:
        wanted = wanted.group_by("grouped")
    rows = [fill(spell(docket, group, row[0]), row[1:]) for row in docket.session.execute(wanted) if row[1]]
    in_order = group in {Group.MONTH, Group.SCORE}
    return sorted(rows, key=lambda row: (row.name,) if in_order else (-row.received, row.name))


def fill(name: str, row: tuple[object, ...]) -> Figures:
    """The figures of a row; sums of nothing are 0."""
    received, accepted, rejected, ended, running, terms, kept, rated = (int(str(one or 0)) for one in row[:8])
    score = round(float(str(row[8])), 2) if row[8] is not None else None
    return Figures(name, received, accepted, rejected, ended, running, terms, kept, rated, score, int(str(row[9] or 0)))


def spell(docket: Docket, group: Group | None, value: object) -> str:
    """The group's name as people read it."""
    text = "" if value is None else str(value)
    category, home = docket.rules.category(text), docket.rules.region_code
    words = {
        Group.MONTH: f"{text[:4]}年{text[4:]}月",
        Group.KIND: name_of("kinds", KINDS.get(text)),
        Group.CATEGORY: category.name if category else text,
        Group.UNIT: text or "尚未派办",
        Group.SCORE: f"{text} 分" if text else "未评价",
        Group.REGION: f"{name_region(text)}（本级）" if text == home else name_region(text),
    }
    return words[group] if group else "合计"


def last_year(docket: Docket) -> tuple[date, date]:
    """From the first of the month eleven months ago to today."""
    today = day_of(docket.now)
    month = today.year * 12 + today.month - 1 - 11
    return date(month // 12, month % 12 + 1, 1), today
