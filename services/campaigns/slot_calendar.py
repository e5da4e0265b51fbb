"""The month on one page: days with their sends, the four slots, who wants one, what the fair rules propose."""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.sending import SendingRules
from models.article import Article
from models.association import Association
from models.campaign_send import CampaignSend, SendArticle, SlotWish
from models.campaign_words import ArticleState
from models.send_words import SendChannel, SendState, Topic, WishKind
from services.calendar.telling import day_words
from services.calendar.working_days import SHANGHAI, day_of
from services.campaigns.months import MonthUse, read_month
from services.campaigns.sending import tell
from services.campaigns.sends import SendError, Wanted, make_send, put_articles
from services.campaigns.slots import Plan, Slot, Wish, plan_slots
from services.campaigns.timing import bounds_of, slots_of

SLOT_REACH = timedelta(hours=12)  # a mass send so near to a slot's hour is that slot's
GONE = (SendState.CANCELLED, SendState.NOT_SENT)
LONGEST_WAIT = timedelta(days=92)
MOST_CHOSEN_FROM = 60


@dataclass(frozen=True)
class Day:
    """A day of the month's sheet; `is_slot`: the calendar proposes a send."""

    day: date
    in_month: bool
    is_slot: bool
    sends: list[CampaignSend]


@dataclass(frozen=True)
class Proposal:
    """An hour with the articles that the rules would send then; `send`: the one that is planned there already."""

    at: datetime
    send: CampaignSend | None
    wishes: list[SlotWish]


@dataclass(frozen=True)
class Sheet:
    """All that the page shows."""

    month: str
    weeks: list[list[Day]]
    use: MonthUse
    proposals: list[Proposal]
    left: list[SlotWish]
    titles: dict[int, str]  # of articles
    owners: dict[int | None, str]  # of associations


def read_sheet(session: Session, month: str, rules: SendingRules, now: datetime) -> Sheet:
    """The month's sheet."""
    first, after = bounds_of(month)
    planned = select(CampaignSend).where(CampaignSend.due_at >= first, CampaignSend.due_at < after)
    sends = [one for one in session.scalars(planned.order_by(CampaignSend.due_at)) if one.state not in GONE[:1]]
    wishes = list(session.scalars(select(SlotWish).where(SlotWish.send_id.is_(None)).order_by(SlotWish.id)))
    plan, at_slots = propose(session, month, sends, wishes, rules=rules, now=now)
    by_id = {one.id: one for one in wishes}
    proposals = [
        Proposal(slot.at, at_slots.get(slot.at), [by_id[one.id] for one in slot.wishes]) for slot in plan.slots
    ]
    return Sheet(
        month,
        make_weeks(month, sends, rules),
        read_month(session, month, rules),
        proposals,
        [by_id[one.id] for one in plan.left],
        name_articles(session, wishes),
        name_owners(session),
    )


def propose(
    session: Session,
    month: str,
    sends: Sequence[CampaignSend],
    wishes: Sequence[SlotWish],
    *,
    rules: SendingRules,
    now: datetime,
) -> tuple[Plan, dict[datetime, CampaignSend]]:
    """What the fair rules would do with the slots that are still to come; what is approved takes no more."""
    slots, taken = [], {}
    for at in slots_of(month, rules):
        send = next((one for one in sends if is_in_slot(one, at)), None)
        if send is not None:
            taken[at] = send
        if at <= now:
            continue
        count = count_articles(session, send.id) if send else 0
        is_open = send is None or send.state is SendState.DRAFT
        slots.append(Slot(at, count if is_open else rules.most_articles))
    plain = [
        Wish(one.id, one.kind, one.association_id, one.wanted_from, one.wanted_until, one.asked_at) for one in wishes
    ]
    return plan_slots(slots, plain, last_turns(session), rules.most_articles), taken


def is_in_slot(send: CampaignSend, at: datetime) -> bool:
    """A mass send that stands for this slot."""
    return send.channel is SendChannel.MASS and send.state not in GONE and abs(send.due_at - at) < SLOT_REACH


def count_articles(session: Session, send_id: int) -> int:
    """How many a send has."""
    return session.scalar(select(func.count()).where(SendArticle.send_id == send_id)) or 0


def last_turns(session: Session) -> dict[int, date]:
    """When each association last had an article in a mass send, or will have."""
    turns = (
        select(Article.association_id, func.max(CampaignSend.due_at))
        .join(SendArticle, SendArticle.article_id == Article.id)
        .join(CampaignSend, CampaignSend.id == SendArticle.send_id)
        .where(CampaignSend.channel == SendChannel.MASS, CampaignSend.state.not_in(GONE))
        .where(Article.association_id.is_not(None))
        .group_by(Article.association_id)
    )
    found = session.execute(turns).all()
    return {row[0]: day_of(as_moment(row[1])) for row in found if row[0] is not None}


def as_moment(value: datetime) -> datetime:
    """SQLite's max() forgets the zone."""
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def make_weeks(month: str, sends: Sequence[CampaignSend], rules: SendingRules) -> list[list[Day]]:
    """Weeks from Monday, as a calendar hangs on the wall."""
    year, number = map(int, month.split("-"))
    slots = {one.date() for one in slots_of(month, rules)}
    return [
        [
            Day(
                day,
                day.month == number,
                day in slots,
                [one for one in sends if day_of(one.due_at) == day],
            )
            for day in week
        ]
        for week in calendar.Calendar().monthdatescalendar(year, number)
    ]


def name_articles(session: Session, wishes: Sequence[SlotWish]) -> dict[int, str]:
    """Titles of what is wished."""
    found = select(Article.id, Article.title).where(Article.id.in_([one.article_id for one in wishes]))
    return {row[0]: row[1] for row in session.execute(found)}


def name_owners(session: Session) -> dict[int | None, str]:
    """Names of associations."""
    return {row[0]: row[1] for row in session.execute(select(Association.id, Association.name))}


def list_choosable(session: Session, association_id: int | None = None) -> list[Article]:
    """Approved articles, newest first; of one association only, where it asks."""
    approved = select(Article).where(Article.state == ArticleState.APPROVED).order_by(Article.published_at.desc())
    if association_id is not None:
        approved = approved.where(Article.association_id == association_id)
    return list(session.scalars(approved.limit(MOST_CHOSEN_FROM)))


def ask_slot(
    session: Session,
    article_id: int,
    days: tuple[date, date],
    *,
    by: int,
    now: datetime,
    own_association: int | None = None,
    is_legal: bool = False,
) -> SlotWish:
    """An article asks for one of the month's sends; an association for its own articles only."""
    article = session.get(Article, article_id)
    if article is None or article.state is not ArticleState.APPROVED:
        raise SendError("请选一篇已批准的文章", "article")
    if own_association is not None and article.association_id != own_association:
        raise SendError("只能为本商协会的文章申请", "article")
    if session.scalar(select(SlotWish.id).where(SlotWish.article_id == article_id)) is not None:
        raise SendError("这篇文章已经申请过", "article")
    first, last = days
    if last < first or last < day_of(now) or last - first > LONGEST_WAIT:
        raise SendError("请填写以后的日期，最多三个月，结束不早于开始", "wanted_until")
    kind = WishKind.ASSOCIATION if article.association_id is not None else WishKind.BUREAU
    if is_legal and own_association is None:
        kind = WishKind.LEGAL
    wish = SlotWish(
        article_id=article_id,
        kind=kind,
        association_id=article.association_id,
        wanted_from=first,
        wanted_until=last,
        asked_by=by,
        asked_at=now,
    )
    session.add(wish)
    session.flush()
    return wish


def take_proposal(session: Session, at: datetime, rules: SendingRules, *, by: int, now: datetime) -> CampaignSend:
    """Make a send of what the rules propose for a slot, or merge it into the one that is planned there."""
    month = at.astimezone(SHANGHAI).strftime("%Y-%m")
    sheet = read_sheet(session, month, rules, now)
    proposal = next((one for one in sheet.proposals if one.at == at), None)
    if proposal is None or not proposal.wishes:
        raise SendError("这个时间没有可以排的文章，请刷新后再看")
    ids = [one.article_id for one in proposal.wishes]
    send = proposal.send
    if send is None:
        use = read_month(session, month, rules)
        if not use.left:
            raise SendError(f"本月的 {use.most} 次群发已经排满")
        title = f"{day_words(at)}合并推送"
        wanted = Wanted(title, SendChannel.MASS, Topic.ACTIVITIES, at, tuple(ids))
        send = make_send(session, wanted, rules, by=by, now=now)
    else:
        before = select(SendArticle.article_id).where(SendArticle.send_id == send.id).order_by(SendArticle.position)
        ids = [*session.scalars(before), *ids]
        send.revision += 1
        tell(session, send, now, f"并入 {len(proposal.wishes)} 篇，须重新预览", by)
    put_articles(session, send, ids)
    for wish in proposal.wishes:
        wish.send_id = send.id
    session.flush()
    return send
