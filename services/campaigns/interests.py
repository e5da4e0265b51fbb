"""What followers want of our publicity: everything, some topics, nothing; every channel asks here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, not_, or_, select
from sqlalchemy.orm import Session

from models.follower import Follower
from models.follower_choice import FollowerInterest, FollowerOptOut
from models.send_words import Topic


@dataclass(frozen=True)
class Choice:
    """What one follower chose; no topics: all of them."""

    is_out: bool
    topics: frozenset[Topic]


def choice_of(session: Session, follower_id: int) -> Choice:
    """What a follower wants."""
    topics = session.scalars(select(FollowerInterest.topic).where(FollowerInterest.follower_id == follower_id))
    return Choice(session.get(FollowerOptOut, follower_id) is not None, frozenset(topics))


def opt_out(session: Session, follower_id: int, now: datetime) -> None:
    """No publicity any more; answers and notices on one's own cases still come."""
    if session.get(FollowerOptOut, follower_id) is None:
        session.add(FollowerOptOut(follower_id=follower_id, chosen_at=now))
        session.flush()


def choose(session: Session, follower_id: int, topics: Iterable[Topic], now: datetime) -> None:
    """Only these topics; none or all of them: everything. Ends an opt-out."""
    session.execute(delete(FollowerOptOut).where(FollowerOptOut.follower_id == follower_id))
    session.execute(delete(FollowerInterest).where(FollowerInterest.follower_id == follower_id))
    wanted = set(topics)
    if wanted and wanted != set(Topic):
        session.add_all(FollowerInterest(follower_id=follower_id, topic=topic, chosen_at=now) for topic in wanted)
    session.flush()


def wants(topic: Topic) -> ColumnElement[bool]:
    """Of a row of followers: follows, has not opted out, and wants this topic."""
    of_them = FollowerInterest.follower_id == Follower.id
    return and_(
        Follower.subscribed,
        not_(exists().where(FollowerOptOut.follower_id == Follower.id)),
        or_(
            not_(exists().where(of_them)),
            exists().where(of_them, FollowerInterest.topic == topic),
        ),
    )


def declines_somebody(session: Session, topic: Topic) -> bool:
    """At least one follower must not get this topic: a mass send then goes by tag."""
    found = select(Follower.id).where(Follower.subscribed, not_(wants(topic))).limit(1)
    return session.scalar(found) is not None
