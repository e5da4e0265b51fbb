"""How often articles were read: which days WeChat is asked for, what it said, and the figures made of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.article import Article
from models.campaign_send import CampaignSend, SendArticle
from models.reading import ArticleRead, ReadDay, ReadState
from models.send_words import SendChannel, SendState
from services.calendar.telling import day_words
from services.calendar.working_days import day_of

EARLIEST = date(2025, 11, 1)  # WeChat has no figures of earlier days
READY_AFTER = timedelta(hours=8)  # a day is counted by eight the next morning
LEASE = timedelta(minutes=10)
SOON, LATER = timedelta(hours=1), timedelta(days=1)
PATIENT_DAYS = 3  # a day older than this is asked for once a day
OUT = (SendState.DONE, SendState.RECALLED)  # read until it was taken back
LATE_WORDS = "微信还没有算好这一天的阅读数据"
REFUSED_WORDS = "微信不给阅读数据：公众号没有这个接口的权限（{code}）"


@dataclass(frozen=True)
class Reading:
    """Readers of one article on one day, by one send."""

    day: date
    channel: SendChannel
    article_id: int
    association_id: int | None
    readers: int


@dataclass(frozen=True)
class ArticleReaders:
    """An article that is out at WeChat, and its readers; None: WeChat has told no day of it."""

    article_id: int
    title: str
    readers: int | None
    untold: int  # days of which WeChat has told nothing yet
    said: str  # why, "" where nobody has asked


def claim_day(session: Session, now: datetime) -> date | None:
    """The oldest day that WeChat should be asked for, ours for ten minutes; None: nothing is due."""
    first, last = first_day(session), last_day(now)
    if first is None:
        return None
    settled = select(ReadDay.day).where((ReadDay.ask_after.is_(None)) | (ReadDay.ask_after > now))
    waits = set(session.scalars(settled))
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    day = next((one for one in days if one not in waits), None)
    if day is not None:
        note_day(session, ReadDay(day=day, state=ReadState.ASKED, said="", asked_at=now, ask_after=now + LEASE))
    return day


def first_day(session: Session) -> date | None:
    """The day on which the first of our sends with figures was asked of WeChat."""
    first = session.scalar(select(func.min(CampaignSend.asked_at)).where(CampaignSend.data_id.is_not(None)))
    return max(day_of(first), EARLIEST) if first else None


def last_day(now: datetime) -> date:
    """The newest day that WeChat has counted."""
    return day_of(now - READY_AFTER) - timedelta(days=1)


def note_day(session: Session, known: ReadDay) -> None:
    """What is known of a day, in place of what was."""
    session.merge(known)
    session.flush()


def note_reads(
    session: Session, day: date, readers: Mapping[tuple[str, int], int], *, is_late: bool, now: datetime
) -> None:
    """WeChat's figures of a day, once: what was stored of it before goes."""
    session.execute(delete(ArticleRead).where(ArticleRead.day == day))
    session.add_all(
        ArticleRead(day=day, data_id=data_id[:32], place=place, readers=count)
        for (data_id, place), count in readers.items()
    )
    if is_late and is_fresh(day, now):
        note_late(session, day, LATE_WORDS, now)
    else:
        note_day(session, ReadDay(day=day, state=ReadState.TOLD, said="", asked_at=now, ask_after=None))


def note_late(session: Session, day: date, said: str, now: datetime) -> None:
    """No figures of the day yet: asked again in an hour, of an old day tomorrow."""
    again = now + (SOON if is_fresh(day, now) else LATER)
    note_day(session, ReadDay(day=day, state=ReadState.LATE, said=said, asked_at=now, ask_after=again))


def note_refused(session: Session, day: date, code: int, now: datetime) -> None:
    """The account may not ask: every day that is due waits until tomorrow, so that WeChat is asked once."""
    said, due = REFUSED_WORDS.format(code=code), [day]
    while (another := claim_day(session, now)) is not None:
        due.append(another)
    for one in due:
        note_day(session, ReadDay(day=one, state=ReadState.REFUSED, said=said, asked_at=now, ask_after=now + LATER))


def is_fresh(day: date, now: datetime) -> bool:
    """WeChat may still be counting."""
    return (last_day(now) - day).days < PATIENT_DAYS


def readings(session: Session, first: date, last: date, campaign_id: int | None = None) -> Iterator[Reading]:
    """What WeChat has told of these days, both included."""
    wanted = (
        select(ArticleRead.day, CampaignSend.channel, Article.id, Article.association_id, ArticleRead.readers)
        .join(CampaignSend, CampaignSend.data_id == ArticleRead.data_id)
        .join(SendArticle, (SendArticle.send_id == CampaignSend.id) & (SendArticle.position == ArticleRead.place - 1))
        .join(Article, Article.id == SendArticle.article_id)
        .where(ArticleRead.day.between(first, last))
    )
    if campaign_id is not None:
        wanted = wanted.where(Article.campaign_id == campaign_id)
    for row in session.execute(wanted.order_by(ArticleRead.day, Article.id)):
        yield Reading(*row)


def readers_of(session: Session, campaign_id: int, now: datetime) -> list[ArticleReaders]:
    """Every article of a campaign that went out at WeChat, with the readers of all days since."""
    last, days = last_day(now), {row.day: row for row in session.scalars(select(ReadDay))}
    counts: dict[int, int] = {}
    for one in readings(session, EARLIEST, last, campaign_id):
        counts[one.article_id] = counts.get(one.article_id, 0) + one.readers
    found = []
    out = (
        select(Article.id, Article.title, func.min(CampaignSend.asked_at))
        .join(SendArticle, SendArticle.article_id == Article.id)
        .join(CampaignSend, CampaignSend.id == SendArticle.send_id)
        .where(Article.campaign_id == campaign_id, CampaignSend.data_id.is_not(None), CampaignSend.state.in_(OUT))
        .group_by(Article.id, Article.title)
        .order_by(Article.id)
    )
    for article_id, title, asked_at in session.execute(out):
        began = max(day_of(asked_at or now), EARLIEST)
        wanted = [began + timedelta(days=number) for number in range((last - began).days + 1)]
        untold = [day for day in wanted if day not in days or days[day].state is not ReadState.TOLD]
        said = next((days[day].said for day in reversed(untold) if day in days), "")
        is_known = article_id in counts or len(untold) < len(wanted)
        count = counts.get(article_id, 0) if is_known else None
        found.append(ArticleReaders(article_id, title, count, len(untold), said))
    return found


def told_days(session: Session, first: date, last: date) -> set[date]:
    """Of these days WeChat has told, or begun to tell, how often articles were read."""
    told = select(ReadDay.day).where(ReadDay.day.between(first, last), ReadDay.state == ReadState.TOLD)
    begun = select(ArticleRead.day).where(ArticleRead.day.between(first, last))
    return {*session.scalars(told), *session.scalars(begun)}


def tell_gaps(session: Session, first: date, last: date) -> list[str]:
    """Of which of these days WeChat gave no figures and why, a line for each reason."""
    wanted = select(ReadDay).where(ReadDay.day.between(first, last), ReadDay.said != "").order_by(ReadDay.day)
    reasons: dict[str, list[date]] = {}
    for row in session.scalars(wanted):
        reasons.setdefault(row.said, []).append(row.day)
    return [f"{tell_days(days)}：{said}" for said, days in reasons.items()]


def tell_days(days: list[date]) -> str:
    """9月3日; 9月3日至9月9日（5天）."""
    first, last = (day_words(day) for day in (days[0], days[-1]))
    return first if len(days) == 1 else f"{first}至{last}（{len(days)}天）"
