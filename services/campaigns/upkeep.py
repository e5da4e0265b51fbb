"""What the jobs do for articles: which links and pictures are due, and what came of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.campaigns import CampaignRules
from models.article import Article, ArticleLink, ArticlePicture, Campaign
from models.campaign_words import AlertKind, ArticleState, LinkState
from services.campaigns.guarding import tell
from services.campaigns.looking import find_not_uploaded

RETRY = timedelta(hours=1)  # of a link of which nothing is known
LEASE = timedelta(minutes=5)
UPLOAD_RETRY = timedelta(minutes=10)
OPEN_STATES = (
    ArticleState.DRAFT,
    ArticleState.WITH_HEAD,
    ArticleState.WITH_BUREAU,
    ArticleState.WITH_PUBLISHER,
    ArticleState.APPROVED,
)


@dataclass(frozen=True)
class LinkWork:
    """A link to be looked at."""

    link_id: int
    url: str


def claim_links(session: Session, now: datetime, most: int) -> list[LinkWork]:
    """Links that are due, put off for the time of the look so that two processes do not do the same."""
    wanted = (
        select(ArticleLink)
        .join(Article, Article.id == ArticleLink.article_id)
        .where(ArticleLink.check_after <= now, Article.state.in_(OPEN_STATES))
        .order_by(ArticleLink.check_after)
        .limit(most)
    )
    links = session.scalars(wanted).all()
    for link in links:
        link.check_after = now + LEASE
    session.flush()
    return [LinkWork(link.id, link.url) for link in links]


def note_link(
    session: Session, link_id: int, state: LinkState, note: str, *, rules: CampaignRules, now: datetime
) -> None:
    """What the look found; a published article with a dead link is told of."""
    link = session.get(ArticleLink, link_id)
    if link is None:  # the author took it out meanwhile
        return
    link.state, link.note, link.checked_at = state, note[:200], now
    link.check_after = now + (RETRY if state is LinkState.UNKNOWN else timedelta(days=rules.link_days))
    article = session.get_one(Article, link.article_id)
    if state is LinkState.DEAD and article.state is ArticleState.APPROVED:
        text = f"《{article.title}》里的链接打不开了：{link.url}（{note}）"
        tell(session, f"dead:{link.id}", AlertKind.LINK_DEAD, text, now, article_id=article.id)
    session.flush()


def claim_pictures(session: Session, now: datetime, most: int) -> list[int]:
    """Pictures of approved articles, and their logos, that WeChat does not have yet."""
    approved = select(Article).where(Article.state == ArticleState.APPROVED).order_by(Article.id.desc()).limit(100)
    found: dict[int, ArticlePicture] = {}
    for article in session.scalars(approved):
        for picture in find_not_uploaded(session, article):
            if picture.upload_after is None or picture.upload_after <= now:
                found[picture.id] = picture
    chosen = list(found.values())[:most]
    for picture in chosen:
        picture.upload_after = now + LEASE
    session.flush()
    return [picture.id for picture in chosen]


def note_upload(session: Session, picture: ArticlePicture, url: str, media_id: str) -> None:
    """WeChat has it."""
    picture.wechat_url, picture.upload_error, picture.upload_after = url, "", None
    picture.wechat_media_id = media_id or picture.wechat_media_id
    session.flush()


def note_failure(session: Session, picture: ArticlePicture, error: str, now: datetime) -> None:
    """WeChat did not take it; tried again later, and told once."""
    picture.upload_error, picture.upload_after = error[:200], now + UPLOAD_RETRY
    article = session.get(Article, picture.article_id) if picture.article_id else None
    campaign = session.get(Campaign, picture.campaign_id) if picture.campaign_id else None
    whose = f"《{article.title}》" if article else f"“{campaign.name}”的标识" if campaign else ""
    text = f"{whose}图{picture.id}没有传到微信：{error}。系统每 10 分钟再试。"
    tell(session, f"picture:{picture.id}", AlertKind.PICTURE_FAILED, text, now, article_id=picture.article_id)
    session.flush()
