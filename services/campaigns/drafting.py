"""The draft that WeChat is given: the articles of a send as they stand now, or why it cannot be made."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.article import Article, ArticlePicture
from models.campaign_send import CampaignSend, SendArticle
from models.campaign_words import ArticleState
from services.calendar.working_days import day_of
from services.campaigns.articles import find_readable
from services.campaigns.looking import compose_wechat, find_not_uploaded
from services.errors import UserError

TITLE, AUTHOR, DIGEST = 64, 16, 120  # characters that a draft takes


class NotReadyError(UserError):
    """A picture is still on its way to WeChat: try again."""


def articles_of(session: Session, send_id: int) -> list[Article]:
    """The articles of a send, in their order."""
    found = (
        select(Article)
        .join(SendArticle, SendArticle.article_id == Article.id)
        .where(SendArticle.send_id == send_id)
        .order_by(SendArticle.position)
    )
    return list(session.scalars(found))


def write_draft(session: Session, send: CampaignSend, public_url: str, now: datetime) -> list[dict[str, Any]]:
    """As draft/add wants it; UserError for an article that may not go out any more, NotReadyError for a picture."""
    check_articles(session, send, now)
    return [write_article(session, article, public_url) for article in articles_of(session, send.id)]


def check_articles(session: Session, send: CampaignSend, now: datetime) -> None:
    """Citizens may read each article now; UserError names the one that they may not."""
    articles, today = articles_of(session, send.id), day_of(now)
    if not articles:
        raise UserError("没有文章")
    for article in articles:
        if article.state is not ArticleState.APPROVED:
            raise UserError(f"《{article.title}》已不是批准状态，请把它拿掉或重新审批")
        if find_readable(session, article.id, today) is None:
            raise UserError(f"《{article.title}》点名的企业现在没有有效的负面记录，不能发送")


def write_article(session: Session, article: Article, public_url: str) -> dict[str, Any]:
    """One article, once WeChat has all its pictures."""
    cover = find_cover(session, article.id)
    if cover is None:
        raise UserError(f"《{article.title}》没有封面图片")
    missing = find_not_uploaded(session, article)
    if missing:
        why = missing[0].upload_error or "正在上传"
        raise NotReadyError(f"《{article.title}》还有 {len(missing)} 张图片没有传到微信：{why}")
    return {
        "article_type": "news",
        "title": article.title[:TITLE],
        "author": article.author[:AUTHOR],
        "digest": article.digest[:DIGEST],
        "content": compose_wechat(session, article),
        "content_source_url": f"{public_url}/h5/articles/{article.id}",
        "thumb_media_id": cover.wechat_media_id,
        "need_open_comment": 0,
    }


def find_cover(session: Session, article_id: int) -> ArticlePicture | None:
    """The picture of the card."""
    return session.scalar(
        select(ArticlePicture).where(ArticlePicture.article_id == article_id, ArticlePicture.is_cover).limit(1)
    )


def forget_covers(session: Session, send_id: int) -> None:
    """WeChat does not know its pictures any more (they were deleted there): the jobs bring them again."""
    for article in articles_of(session, send_id):
        cover = find_cover(session, article.id)
        if cover is not None:
            cover.wechat_media_id = cover.upload_after = None
