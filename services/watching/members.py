"""Associations follow all their members (入会后诚信监督): news for the inbox of each."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from models.association import AssociationMember
from models.watching import MemberNews, MemberWatch
from services.calendar.working_days import day_of
from services.watching.following import look_at
from services.watching.marks import News, find_news, marks_of

MOST_NEW = 500  # members taken over in one step
MOST_SHOWN = 100


@dataclass(frozen=True)
class InboxLine:
    """One entry of an association's inbox, as it may be told now."""

    news_id: int
    at: datetime
    is_seen: bool
    news: News  # empty where what was new is no longer public


def follow_members(session: Session, now: datetime) -> int:
    """Follow who became a member, and no longer who left; how many changed. Called by the clock."""
    today = day_of(now)
    is_member = and_(
        AssociationMember.joined_on <= today,
        or_(AssociationMember.left_on.is_(None), AssociationMember.left_on > today),
    )
    same = and_(
        MemberWatch.association_id == AssociationMember.association_id,
        MemberWatch.enterprise_id == AssociationMember.enterprise_id,
    )
    left = select(MemberWatch).outerjoin(AssociationMember, and_(same, is_member)).where(AssociationMember.id.is_(None))
    gone = list(session.scalars(left))
    for watch in gone:
        session.delete(watch)
    missing = select(AssociationMember).outerjoin(MemberWatch, same).where(MemberWatch.association_id.is_(None))
    new = list(session.scalars(missing.where(is_member).order_by(AssociationMember.id).limit(MOST_NEW)))
    added = sum(follow_member(session, row.association_id, row.enterprise_id, now) for row in new)
    return len(gone) + added


def follow_member(session: Session, association_id: int, enterprise_id: int, now: datetime) -> bool:
    """What is public now the association knows; False for a firm that is not in the register, or followed already."""
    marks = marks_of(session, enterprise_id, day_of(now))
    if marks is None or session.get(MemberWatch, (association_id, enterprise_id)) is not None:
        return False
    look_at(session, enterprise_id, marks, now)
    session.add(MemberWatch(association_id=association_id, enterprise_id=enterprise_id, told=marks))
    session.flush()
    return True


def serve_members(session: Session, enterprise_id: int, marks: list[str], now: datetime) -> None:
    """News for each association whose member this firm is; what nobody has read yet and is over is taken back."""
    for watch in session.scalars(select(MemberWatch).where(MemberWatch.enterprise_id == enterprise_id)):
        unread = session.scalar(
            select(MemberNews).where(
                MemberNews.association_id == watch.association_id,
                MemberNews.enterprise_id == enterprise_id,
                MemberNews.seen_at.is_(None),
            )
        )
        before = unread.before if unread else watch.told
        if watch.told != marks:
            line = MemberNews(
                association_id=watch.association_id, enterprise_id=enterprise_id, at=now, before=before, after=marks
            )
            put_news(session, unread, line, is_news=bool(find_news(session, enterprise_id, before, marks)))
        watch.told = marks


def put_news(session: Session, unread: MemberNews | None, line: MemberNews, *, is_news: bool) -> None:
    """One unread line for each member: it grows, or goes."""
    if unread is None:
        if is_news:
            session.add(line)
    elif is_news:
        unread.after, unread.at = line.after, line.at
    else:
        session.delete(unread)


def read_inbox(session: Session, association_id: int, today: date) -> list[InboxLine]:
    """The newest lines; of each only what is public now."""
    wanted = select(MemberNews).where(MemberNews.association_id == association_id)
    rows = session.scalars(wanted.order_by(MemberNews.id.desc()).limit(MOST_SHOWN)).all()
    public = {firm: set(marks_of(session, firm, today) or []) for firm in {row.enterprise_id for row in rows}}
    lines = []
    for row in rows:
        still = [mark for mark in row.after if mark in public[row.enterprise_id]]
        news = find_news(session, row.enterprise_id, row.before, still)
        lines.append(InboxLine(row.id, row.at, row.seen_at is not None, news))
    return lines


def count_unread(session: Session, association_id: int) -> int:
    """For the menu."""
    unread = select(func.count()).where(MemberNews.association_id == association_id, MemberNews.seen_at.is_(None))
    return session.scalar(unread) or 0


def mark_read(session: Session, association_id: int, actor: str, now: datetime) -> int:
    """Everything in the inbox is read; how many lines were not."""
    unread = select(MemberNews).where(MemberNews.association_id == association_id, MemberNews.seen_at.is_(None))
    rows = list(session.scalars(unread))
    for row in rows:
        row.seen_at, row.seen_by = now, actor
    return len(rows)
