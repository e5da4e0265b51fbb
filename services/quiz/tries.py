"""Tries of the quiz: begun, answered one by one, gone on with, scored once a day."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config.taking_part import QuizRules
from models.quiz import QuizQuestion, QuizTry
from services.calendar.working_days import day_of
from services.errors import UserError
from services.quiz.bank import questions_on
from services.quiz.rules import draw

LARGEST_SEED = 2**31 - 1


class QuizError(UserError):
    """Why it does not go on."""


@dataclass(frozen=True)
class Taker:
    """Who answers, and for whom they take part."""

    person: bytes
    channel: str
    follower_id: int | None = None
    association_id: int | None = None
    community: str = ""
    is_known: bool = True  # WeChat named them; a browser alone only practises: another cookie would be another person


@dataclass(frozen=True)
class Marked:
    """What an answer was worth."""

    question: QuizQuestion
    given: str
    is_right: bool


def find_open(session: Session, person: bytes, now: datetime) -> QuizTry | None:
    """Today's try that is not finished; yesterday's questions are not gone on with."""
    wanted = select(QuizTry).where(QuizTry.person_hash == person, QuizTry.finished_at.is_(None))
    found = session.scalar(wanted.order_by(QuizTry.id.desc()).limit(1))
    return found if found is not None and day_of(found.began_at) == day_of(now) else None


def begin(session: Session, taker: Taker, rules: QuizRules, now: datetime, campaign_id: int | None = None) -> QuizTry:
    """Go on with today's open try, or draw one; a known person's first of a day counts, others are practice."""
    found = find_open(session, taker.person, now)
    if found is not None:
        return found
    today = day_of(now)
    ids = [question.id for question in questions_on(session, today)]
    if len(ids) < rules.questions:
        raise QuizError("题库正在更新，暂时不能答题，请过些时候再来")
    seed = secrets.randbelow(LARGEST_SEED)
    row = QuizTry(
        campaign_id=campaign_id,
        person_hash=taker.person,
        follower_id=taker.follower_id,
        channel=taker.channel,
        seed=seed,
        question_ids=draw(seed, ids, rules.questions),
        scored_on=today if taker.is_known else None,
        association_id=taker.association_id,
        community=taker.community.strip()[:40],
        began_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # there was one today
        row.scored_on = None
        session.add(row)
    session.flush()
    return row


def current_question(session: Session, attempt: QuizTry) -> QuizQuestion | None:
    """What is to be answered now; None: all are."""
    place = len(attempt.answers)
    return session.get(QuizQuestion, attempt.question_ids[place]) if place < len(attempt.question_ids) else None


def answer(session: Session, attempt: QuizTry, letters: str, now: datetime) -> Marked:
    """Mark the answer to the current question; QuizError when none is left."""
    question = current_question(session, attempt)
    if question is None:
        raise QuizError("这次的题已经答完")
    is_right = letters == question.answer
    attempt.answers = [*attempt.answers, letters]
    attempt.right_count += int(is_right)
    if len(attempt.answers) == len(attempt.question_ids):
        attempt.finished_at = now
    session.flush()
    return Marked(question, letters, is_right)


def review(session: Session, attempt: QuizTry) -> list[Marked]:
    """All that was answered, in order."""
    marked = []
    for number, letters in zip(attempt.question_ids, attempt.answers, strict=False):
        question = session.get_one(QuizQuestion, number)
        marked.append(Marked(question, letters, letters == question.answer))
    return marked


def has_passed(attempt: QuizTry, rules: QuizRules) -> bool:
    """Finished with enough right answers; practice earns no certificate."""
    is_scored = attempt.finished_at is not None and attempt.scored_on is not None
    return is_scored and attempt.right_count >= rules.pass_count


def attach_to(session: Session, attempt: QuizTry, association_id: int | None, community: str) -> None:
    """For whom this person takes part, told afterwards."""
    attempt.association_id, attempt.community = association_id, community.strip()[:40]
    session.flush()
