"""WeChat's tags for topics: who should bear one, who does; a mass send waits until both are the same."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, select
from sqlalchemy.orm import Session

from models.database import vault_of
from models.follower import Follower
from models.follower_choice import FollowerImport, FollowerTag, TopicTag
from models.send_words import Topic
from services import followers
from services.campaigns.interests import declines_somebody, wants

TAG_NAMES = {Topic.TIPS: "接收消费提示", Topic.ACTIVITIES: "接收诚信活动", Topic.POLICY: "接收政策法规"}
IMPORT_ID = 1
NEXT = "follower_imports.next"


@dataclass(frozen=True)
class Audience:
    """Of a mass send: all followers, or those with a tag; not ready: the tags are still being set."""

    is_ready: bool
    tag_id: int | None = None


def find_audience(session: Session, topic: Topic) -> Audience:
    """Whom a mass send on this topic may go to now."""
    if not declines_somebody(session, topic):
        return Audience(True)
    tag = session.get(TopicTag, topic)
    done = session.get(FollowerImport, IMPORT_ID)
    if tag is None or done is None or done.finished_at is None or count_pending(session, topic):
        return Audience(False)
    return Audience(True, tag.remote_id)


def bears(topic: Topic) -> ColumnElement[bool]:
    """Of a row of followers: bears the tag, as far as we know."""
    return exists().where(and_(FollowerTag.follower_id == Follower.id, FollowerTag.topic == topic))


def pending(topic: Topic, *, to_bear: bool) -> Select[Follower]:
    """Followers who should get the tag, or lose it."""
    found = select(Follower).where(wants(topic), not_(bears(topic)))
    if not to_bear:
        found = select(Follower).where(not_(wants(topic)), bears(topic))
    return found.order_by(Follower.id)


def count_pending(session: Session, topic: Topic) -> int:
    """How many tags are still to be given or taken."""
    both = (pending(topic, to_bear=flag).order_by(None).subquery() for flag in (True, False))
    return sum(session.scalar(select(func.count()).select_from(one)) or 0 for one in both)


def note_tagged(session: Session, follower_ids: list[int], topic: Topic, *, bears_now: bool) -> None:
    """WeChat has done so."""
    for follower_id in follower_ids:
        row = session.get(FollowerTag, (follower_id, topic))
        if bears_now and row is None and session.get(Follower, follower_id) is not None:
            session.add(FollowerTag(follower_id=follower_id, topic=topic))
        elif not bears_now and row is not None:
            session.delete(row)


def next_of_import(session: Session) -> str | None:
    """The openid after which the list of followers goes on, "" at its beginning; None when it is done."""
    row = session.get(FollowerImport, IMPORT_ID)
    if row is not None and row.finished_at is not None:
        return None
    return vault_of(session).open(row.next_sealed, NEXT) if row and row.next_sealed else ""


def take_followers(session: Session, openids: list[str], now: datetime) -> None:
    """A page of WeChat's list of followers; an empty one is its end."""
    row = session.get(FollowerImport, IMPORT_ID)
    if row is None:
        row = FollowerImport(id=IMPORT_ID, count=0)
        session.add(row)
    for openid in openids:
        followers.meet(session, openid, now)
    row.count += len(openids)
    if openids:
        row.next_sealed = vault_of(session).seal(openids[-1], NEXT)
    else:
        row.finished_at, row.next_sealed = now, None
