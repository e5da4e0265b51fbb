"""Figures of a campaign, or of any days: by day, channel, association and region, from the rows themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.activity import Activity, ActivityCheckIn, ActivitySignUp, ActivityState
from models.article import Article
from models.association import Association, Commitment
from models.campaign_send import CampaignSend
from models.campaign_words import ArticleState, Review
from models.case import Case
from models.case_words import CaseKind
from models.counting import CountedEvent, CountedKind
from models.nomination import Nomination, NominationState
from models.quiz import QuizTry
from services.calendar.working_days import day_of, end_of, start_of
from services.counting.reads import readings

CHANNEL_WORDS = {
    "chat": "公众号",
    "h5": "网页",
    "staff": "工作人员登记",
    "phone": "电话",
    "window": "窗口",
    "hotline": "热线",
    "mass": "群发",
    "publish": "发布",
    "service": "客服消息",
    "subscription": "订阅通知",
    "answer": "自动回复",
}

Names = dict[int | None, str]
Moments = InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None]


class Measure(StrEnum):
    """What is counted; definitions.py says how."""

    CHECK_IN = "check_in"
    SIGN_UP = "sign_up"
    QUIZ = "quiz"
    CONSULT = "consult"
    LOOK_UP = "look_up"
    FOLLOW = "follow"
    COMMITMENT = "commitment"
    NOMINATION = "nomination"
    ARTICLE = "article"
    COMPLAINT = "complaint"
    SENT = "sent"
    READ = "read"


MEASURE_WORDS: dict[Measure, str] = {
    Measure.CHECK_IN: "签到",
    Measure.SIGN_UP: "报名",
    Measure.QUIZ: "答题",
    Measure.CONSULT: "咨询",
    Measure.LOOK_UP: "查企业",
    Measure.FOLLOW: "关注",
    Measure.COMMITMENT: "承诺",
    Measure.NOMINATION: "典型征集",
    Measure.ARTICLE: "文章",
    Measure.COMPLAINT: "投诉举报",
    Measure.SENT: "群发送达",
    Measure.READ: "阅读",
}


class Dimension(StrEnum):
    """By what it is told apart."""

    DAY = "day"
    CHANNEL = "channel"
    ASSOCIATION = "association"
    REGION = "region"


DIMENSION_WORDS = {
    Dimension.DAY: "按日期",
    Dimension.CHANNEL: "按渠道",
    Dimension.ASSOCIATION: "按商协会",
    Dimension.REGION: "按地区",
}


@dataclass(frozen=True)
class Tally:
    """So many of one kind, on one day, by one way, of one association, in one region."""

    measure: Measure
    day: date
    channel: str
    association: str
    region: str
    count: int


@dataclass(frozen=True)
class Period:
    """Days, both ends included; with a campaign only what belongs to it, where rows say so."""

    first: date
    last: date
    campaign_id: int | None = None

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From midnight in China to the midnight after the last day."""
        return start_of(self.first), end_of(self.last)


def collect(session: Session, period: Period, association_id: int | None = None) -> list[Tally]:
    """All tallies of a period; of one association only its own."""
    names: Names = {row[0]: row[1] for row in session.execute(select(Association.id, Association.name))}
    found = [*of_activities(session, period, names), *of_quiz(session, period, names)]
    found += [
        *of_commitments(session, period, names),
        *of_articles(session, period, names),
        *of_reads(session, period, names),
    ]
    if association_id is not None:
        return [one for one in found if one.association == names.get(association_id)]
    for more in (of_chat, of_nominations, of_cases, of_sends):
        found += more(session, period)
    return found


def within(column: Moments, period: Period) -> ColumnElement[bool]:
    """The moment lies in the period."""
    begin, end = period.moments
    return (column >= begin) & (column < end)


def of_activities(session: Session, period: Period, names: Names) -> Iterable[Tally]:
    """Sign-ups that hold, and check-ins."""
    for measure, table, at in (
        (Measure.SIGN_UP, ActivitySignUp, ActivitySignUp.created_at),
        (Measure.CHECK_IN, ActivityCheckIn, ActivityCheckIn.at),
    ):
        wanted = select(at, table.channel, Activity.association_id, Activity.region)
        wanted = wanted.join(Activity, Activity.id == table.activity_id).where(within(at, period))
        wanted = wanted.where(Activity.state == ActivityState.PUBLISHED)
        if table is ActivitySignUp:
            wanted = wanted.where(ActivitySignUp.cancelled_at.is_(None))
        if period.campaign_id is not None:
            wanted = wanted.where(Activity.campaign_id == period.campaign_id)
        for moment, channel, association_id, region in session.execute(wanted):
            yield Tally(measure, day_of(moment), channel, names.get(association_id, ""), region, 1)


def of_quiz(session: Session, period: Period, names: Names) -> Iterable[Tally]:
    """Scored and finished tries."""
    wanted = select(QuizTry.scored_on, QuizTry.channel, QuizTry.association_id, func.count())
    wanted = wanted.where(QuizTry.finished_at.is_not(None), QuizTry.scored_on.between(period.first, period.last))
    for day, channel, association_id, count in session.execute(
        wanted.group_by(QuizTry.scored_on, QuizTry.channel, QuizTry.association_id)
    ):
        if day is not None:
            yield Tally(Measure.QUIZ, day, channel, names.get(association_id, ""), "", count)


def of_commitments(session: Session, period: Period, names: Names) -> Iterable[Tally]:
    """Those that were confirmed."""
    wanted = select(Commitment).where(
        Commitment.state == Review.APPROVED, Commitment.signed_on.between(period.first, period.last)
    )
    if period.campaign_id is not None:
        wanted = wanted.where(Commitment.campaign_id == period.campaign_id)
    for row in session.scalars(wanted):
        channel = "h5" if row.added_by == "h5" else "staff"
        yield Tally(Measure.COMMITMENT, row.signed_on, channel, names.get(row.association_id, ""), "", 1)


def of_articles(session: Session, period: Period, names: Names) -> Iterable[Tally]:
    """Those that were published."""
    wanted = select(Article.published_at, Article.association_id).where(
        Article.state == ArticleState.APPROVED,
        within(Article.published_at, period),
    )
    if period.campaign_id is not None:
        wanted = wanted.where(Article.campaign_id == period.campaign_id)
    for moment, association_id in session.execute(wanted):
        if moment is not None:
            yield Tally(Measure.ARTICLE, day_of(moment), "h5", names.get(association_id, ""), "", 1)


def of_reads(session: Session, period: Period, names: Names) -> Iterable[Tally]:
    """Readers of what went out at WeChat, as far as WeChat has told."""
    for one in readings(session, period.first, period.last, period.campaign_id):
        yield Tally(Measure.READ, one.day, one.channel, names.get(one.association_id, ""), "", one.readers)


def of_chat(session: Session, period: Period) -> Iterable[Tally]:
    """Consults, look-ups, follows: persons a day."""
    kinds = {
        CountedKind.CONSULT: Measure.CONSULT,
        CountedKind.LOOK_UP: Measure.LOOK_UP,
        CountedKind.FOLLOW: Measure.FOLLOW,
    }
    event = CountedEvent
    wanted = select(event.kind, event.happened_on, event.channel, func.count()).where(
        event.kind.in_(kinds), event.happened_on.between(period.first, period.last)
    )
    for kind, day, channel, count in session.execute(wanted.group_by(event.kind, event.happened_on, event.channel)):
        yield Tally(kinds[kind], day, channel, "", "", count)


def of_nominations(session: Session, period: Period) -> Iterable[Tally]:
    """Stories that were handed in and not taken back."""
    wanted = select(Nomination.created_at).where(
        within(Nomination.created_at, period),
        Nomination.state != NominationState.WITHDRAWN,
    )
    for moment in session.scalars(wanted):
        yield Tally(Measure.NOMINATION, day_of(moment), "h5", "", "", 1)


def of_cases(session: Session, period: Period) -> Iterable[Tally]:
    """Complaints, reports and inquiries that were submitted."""
    wanted = select(Case.submitted_at, Case.channel, Case.kind).where(within(Case.submitted_at, period))
    for moment, channel, kind in session.execute(wanted):
        measure = Measure.CONSULT if kind is CaseKind.INQUIRY else Measure.COMPLAINT
        yield Tally(measure, day_of(moment), channel, "", "", 1)


def of_sends(session: Session, period: Period) -> Iterable[Tally]:
    """Whom WeChat says it reached; a send without a result counts nothing."""
    wanted = select(CampaignSend.finished_at, CampaignSend.channel, CampaignSend.sent_count).where(
        CampaignSend.sent_count.is_not(None),
        within(CampaignSend.finished_at, period),
    )
    for moment, channel, count in session.execute(wanted):
        if moment is not None and count is not None:
            yield Tally(Measure.SENT, day_of(moment), channel, "", "", count)


def pivot(tallies: Iterable[Tally], dimension: Dimension) -> tuple[list[Measure], list[tuple[str, list[int]]]]:
    """The measures that occur, and for each name of the dimension their counts; days in order, else most first."""
    found = list(tallies)
    measures = [measure for measure in Measure if any(one.measure is measure for one in found)]
    table: dict[object, list[int]] = {}
    for one in found:
        name = one.day if dimension is Dimension.DAY else getattr(one, dimension.value)
        table.setdefault(name, [0] * len(measures))[measures.index(one.measure)] += one.count
    if dimension is Dimension.DAY:
        return measures, [(f"{day:%Y-%m-%d}", table[day]) for day in sorted(table, key=str) if isinstance(day, date)]
    rows = sorted(table.items(), key=lambda item: (-sum(item[1]), str(item[0])))
    words = CHANNEL_WORDS if dimension is Dimension.CHANNEL else {}
    return measures, [(words.get(str(name), str(name)) or "本局或未载明", counts) for name, counts in rows]


def hide_untold(
    measures: list[Measure], days: list[tuple[str, list[int]]], told: set[date]
) -> list[tuple[str, list[int | None]]]:
    """Days in a row of which WeChat told no reads: None, for 0 would be said of what nobody knows."""
    return [
        (
            day,
            [
                None if measure is Measure.READ and date.fromisoformat(day) not in told else count
                for measure, count in zip(measures, counts, strict=True)
            ],
        )
        for day, counts in days
    ]
