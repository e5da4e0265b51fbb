"""Who takes part most: associations and communities by persons a day, never people by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from config.taking_part import QuizRules
from models.association import Association
from models.quiz import QuizTry

SMALLEST_GROUP = 3  # fewer persons could be told apart
MOST_SHOWN = 20


@dataclass(frozen=True)
class Standing:
    """One line; `count` is 人次: scored and finished tries, at most one for a person and day."""

    name: str
    count: int
    passed: int


def rank_associations(session: Session, rules: QuizRules, first: date, last: date) -> list[Standing]:
    """Associations, most tries first."""
    name = Association.name
    wanted = select(name, *measures(rules)).join(Association, Association.id == QuizTry.association_id)
    found = session.execute(wanted.where(*finished_between(first, last)).group_by(name))
    return sort(Standing(*row) for row in found)


def rank_communities(session: Session, rules: QuizRules, first: date, last: date) -> list[Standing]:
    """Communities; one with very few persons is not shown."""
    wanted = select(QuizTry.community, *measures(rules)).where(QuizTry.community != "")
    wanted = wanted.where(*finished_between(first, last)).group_by(QuizTry.community)
    wanted = wanted.having(func.count(QuizTry.person_hash.distinct()) >= SMALLEST_GROUP)
    return sort(Standing(*row) for row in session.execute(wanted))


def measures(rules: QuizRules) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Tries, and how many of them passed."""
    passed = case((QuizTry.right_count >= rules.pass_count, 1), else_=0)
    return func.count(), func.sum(passed)


def finished_between(first: date, last: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Scored and finished."""
    return QuizTry.finished_at.is_not(None), QuizTry.scored_on.between(first, last)


def sort(found: Iterable[Standing]) -> list[Standing]:
    """Most first, then by name."""
    return sorted(found, key=lambda one: (-one.count, one.name))[:MOST_SHOWN]
