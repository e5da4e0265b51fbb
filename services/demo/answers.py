"""Answers and following in the demonstration: stickers of honoured stores, associations that hear of members."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.answer import StoreSticker
from models.record import Record, RecordType
from models.watching import MemberNews, MemberWatch
from services.calendar.working_days import day_of
from services.credit.stickers import issue_sticker, list_honours
from services.watching.marks import find_news, marks_of
from services.watching.members import follow_members

STICKER_COUNT = 6
MEMBERS_WITH_NEWS = 5


def load_demo_answers(session: Session, now: datetime) -> None:
    """Once. Needs the register and the associations."""
    if session.scalar(select(StoreSticker.id).limit(1)) is not None:
        return
    today = day_of(now)
    honoured = select(Record.enterprise_id).where(Record.type.in_((RecordType.HONOUR, RecordType.DEMONSTRATION)))
    for enterprise_id in session.scalars(honoured.distinct().order_by(Record.enterprise_id).limit(STICKER_COUNT)):
        for honour in list_honours(session, enterprise_id, today)[:1]:
            issue_sticker(session, honour.subject, honour.subject_id, "staff:1", now)
    follow_members(session, now)
    told = 0
    for watch in session.scalars(select(MemberWatch).order_by(MemberWatch.association_id, MemberWatch.enterprise_id)):
        marks = marks_of(session, watch.enterprise_id, today) or []
        if told < MEMBERS_WITH_NEWS and find_news(session, watch.enterprise_id, [], marks):
            told += 1
            session.add(
                MemberNews(
                    association_id=watch.association_id,
                    enterprise_id=watch.enterprise_id,
                    at=now - timedelta(days=told),
                    before=[],
                    after=marks,
                )
            )
    session.flush()
