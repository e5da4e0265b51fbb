"""Which campaign a day belongs to."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.article import Campaign


def campaign_on(session: Session, day: date) -> Campaign | None:
    """The campaign that runs on that day, the one begun last where two do."""
    wanted = select(Campaign).where(Campaign.starts_on <= day, Campaign.ends_on >= day)
    return session.scalar(wanted.order_by(Campaign.starts_on.desc(), Campaign.id.desc()).limit(1))


def latest_campaign(session: Session, day: date) -> Campaign | None:
    """The one that runs, or else ran last; None before the first."""
    wanted = select(Campaign).where(Campaign.starts_on <= day)
    return session.scalar(wanted.order_by(Campaign.starts_on.desc(), Campaign.id.desc()).limit(1))
