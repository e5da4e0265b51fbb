"""Activities, persons and campaigns for tests, complete unless a test says otherwise."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from models.activity import Activity, ActivityKind
from models.article import Campaign
from models.association import Association
from models.campaign_words import AssociationKind, Level
from services.campaigns.activities import ActivityWords, publish, save_activity

WORDS = ActivityWords(
    kind=ActivityKind.LECTURE,
    title="诚信兴商大讲堂",
    place="示范市文化馆三楼报告厅",
    begins_at=datetime(2026, 9, 1, 1, tzinfo=UTC),
    ends_at=datetime(2026, 9, 1, 3, tzinfo=UTC),
)


def add_activity(
    session: Session, now: datetime, *, days: float = 2, association_id: int | None = None, **changes: Any
) -> Activity:
    """A published activity that begins in so many days and lasts two hours."""
    begins_at = now + timedelta(days=days)
    said = replace(WORDS, begins_at=begins_at, ends_at=begins_at + timedelta(hours=2), **changes)
    row = save_activity(session, None, said, association_id=association_id, by="staff:1", now=now, is_bureau=True)
    publish(row, "staff:2", now)
    session.flush()
    return row


def add_association(session: Session, now: datetime, name: str = "示范市餐饮行业协会", **changes: Any) -> Association:
    """An association of the city."""
    values = {"level": Level.CITY, "kind": AssociationKind.TRADE, "region": "示范市"} | changes
    row = Association(name=name, created_at=now, updated_at=now, **values)
    session.add(row)
    session.flush()
    return row


def add_campaign(session: Session, now: datetime, first: date, last: date, **changes: Any) -> Campaign:
    """诚信兴商宣传月 with its days."""
    values = {"year": first.year, "name": "诚信兴商宣传月", "theme": "诚实经营、守信服务"} | changes
    row = Campaign(starts_on=first, ends_on=last, created_at=now, updated_at=now, **values)
    session.add(row)
    session.flush()
    return row
