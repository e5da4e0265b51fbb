"""The account must not fall silent: days since the last post, and what campaign staff are told (pure rule, rows)."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from config.campaigns import CampaignRules
from models.article import Article, CampaignAlert
from models.campaign_words import AlertKind, ArticleState
from services.calendar.working_days import day_of
from services.campaigns.articles import find_hidden, last_posted_at


def reached_day(last_on: date, today: date, warn_days: Sequence[int]) -> int | None:
    """The highest warning day that is reached: with 10 and 13, on day 12 it is 10, on day 13 and later 13 (pure)."""
    days = (today - last_on).days
    return max((one for one in warn_days if days >= one), default=None)


def watch_posts(session: Session, rules: CampaignRules, now: datetime) -> int:
    """Warn of a gap between posts, once for each warning day of a gap; how many were written."""
    last = last_posted_at(session) or first_published_at(session)
    if last is None:
        return 0
    last_on, today = day_of(last), day_of(now)
    reached = reached_day(last_on, today, rules.warn_days)
    if reached is None:
        return 0
    days, left = (today - last_on).days, rules.post_days - (today - last_on).days
    end = f"还有 {left} 天就满" if left > 0 else "已满"
    text = (
        f"公众号已 {days} 天没有推送或发布，{end} {rules.post_days} 天，"
        "检查会按不更新通报（国办秘函〔2019〕19号）。请安排一篇。"
    )
    return tell(session, f"post_gap:{last_on}:{reached}", AlertKind.POST_GAP, text, now)


def first_published_at(session: Session) -> datetime | None:
    """Where nothing was ever posted in WeChat, the clock runs since our own page had its first article."""
    return session.scalar(select(func.min(Article.published_at)))


def watch_hidden(session: Session, now: datetime) -> int:
    """Tell of published articles that are hidden because no negative record is in force any more."""
    shown = select(Article).where(Article.state == ArticleState.APPROVED)
    articles = {one.id: one for one in session.scalars(shown)}
    count = 0
    for article_id in find_hidden(session, list(articles), day_of(now)):
        article = articles[article_id]
        text = (
            f"《{article.title}》点名的企业已没有正在公示的失信记录，文章已自动停止展示。请撤下；群发过的请在微信删除。"
        )
        key = f"hidden:{article_id}:{article.version}"
        count += tell(session, key, AlertKind.ARTICLE_HIDDEN, text, now, article_id=article_id)
    return count


def tell(
    session: Session,
    key: str,
    kind: AlertKind,
    text: str,
    now: datetime,
    *,
    article_id: int | None = None,
    association_id: int | None = None,
) -> int:
    """Write an alert unless it was written before; how many were."""
    if session.scalar(select(CampaignAlert.id).where(CampaignAlert.key == key)):
        return 0
    session.add(
        CampaignAlert(key=key, kind=kind, text=text[:300], at=now, article_id=article_id, association_id=association_id)
    )
    session.flush()
    return 1


def list_alerts(session: Session, association_id: int | None) -> list[CampaignAlert]:
    """What is not seen yet, newest first: of an association its own, of the bureau all."""
    wanted = select(CampaignAlert).where(CampaignAlert.seen_at.is_(None)).order_by(CampaignAlert.id.desc())
    if association_id is not None:
        own = Article.association_id == association_id
        wanted = wanted.outerjoin(Article, Article.id == CampaignAlert.article_id)
        wanted = wanted.where(or_(CampaignAlert.association_id == association_id, own))
    return list(session.scalars(wanted.limit(100)))


def mark_seen(session: Session, alerts: Sequence[CampaignAlert], by: str, now: datetime) -> None:
    """Somebody has read them."""
    for alert in alerts:
        alert.seen_at, alert.seen_by = now, by
    session.flush()
