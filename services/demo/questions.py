"""Counts of answered questions for the demonstration: forty days, quieter at the weekend."""

import random
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.question_count import QuestionCount
from services.calendar.working_days import day_of
from services.credit.questions import CHAT, H5
from services.enterprises.finding import Verdict

DAYS = 40
SEED = 12312
USUAL = {  # on a working day
    (CHAT, Verdict.MATCH): 64,
    (CHAT, Verdict.CHOOSE): 21,
    (CHAT, Verdict.NONE): 9,
    (H5, Verdict.MATCH): 38,
}
WEEKEND = 0.55


def load_demo_questions(session: Session, now: datetime) -> None:
    """Once; the days before today."""
    if session.scalar(select(QuestionCount.day).limit(1)) is not None:
        return
    dice, today = random.Random(SEED), day_of(now)  # noqa: S311 - invented figures
    for ago in range(1, DAYS + 1):
        day = today - timedelta(days=ago)
        ease = WEEKEND if day.weekday() >= 5 else 1.0
        growth = 1.25 - 0.5 * ago / DAYS
        for (channel, verdict), usual in USUAL.items():
            count = round(usual * ease * growth * dice.uniform(0.75, 1.25))
            session.add(QuestionCount(day=day, channel=channel, verdict=verdict.value, slot=0, count=count))
