"""Counts of answered questions for a firm, by day, channel and verdict; nobody's question is kept."""

from datetime import date, datetime, timedelta

from sqlalchemy import Date, bindparam, delete, func, select, text
from sqlalchemy.orm import Session

from models.prepared import Prepared
from models.question_count import QuestionCount
from services.calendar.working_days import day_of
from services.enterprises.finding import Verdict

CHAT, H5 = "chat", "h5"
SLOTS = 8
KEPT = timedelta(days=400)
# The same words in SQLite and PostgreSQL; SQLAlchemy has a construct of its own for each.
ADD_ONE = Prepared(
    text(
        "INSERT INTO question_counts (day, channel, verdict, slot, count) VALUES (:day, :channel, :verdict, :slot, 1)"
        " ON CONFLICT (day, channel, verdict, slot) DO UPDATE SET count = question_counts.count + 1"
    ).bindparams(bindparam("day", type_=Date))
)


def count_question(session: Session, channel: str, verdict: Verdict, now: datetime) -> None:
    """One more, in the transaction of its answer: an answer that is taken back is not counted."""
    slot = now.microsecond % SLOTS
    ADD_ONE.run(session, day=day_of(now), channel=channel, verdict=verdict.value, slot=slot)


def count_by_day(session: Session, first: date, last: date) -> dict[tuple[date, str, str], int]:
    """By day, channel and verdict; both days included, days without a question left out."""
    key = (QuestionCount.day, QuestionCount.channel, QuestionCount.verdict)
    wanted = select(*key, func.sum(QuestionCount.count)).where(QuestionCount.day.between(first, last)).group_by(*key)
    return {(day, channel, verdict): int(count) for day, channel, verdict, count in session.execute(wanted)}


def forget_questions(session: Session, now: datetime) -> int:
    """Delete the counts of old days; how many rows."""
    result = session.execute(delete(QuestionCount).where(QuestionCount.day < day_of(now) - KEPT))
    return int(result.rowcount)  # type: ignore[attr-defined]
