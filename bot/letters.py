"""What everybody gets of a send that goes out one by one: a card, a list of links, or a notice's fields."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.replies import News, Text, to_customer_service
from bot.wording import render
from models.campaign_send import CampaignSend, SendArticle
from models.follower_choice import NoticeTemplate
from models.send_words import SendChannel
from services.campaigns.drafting import articles_of
from services.campaigns.notice_fields import fill_fields


@dataclass(frozen=True)
class Letter:
    """What everybody gets of one send."""

    channel: SendChannel
    message: dict[str, Any] = field(default_factory=dict)  # of customer service
    template_id: str = ""
    page: str = ""
    fields: dict[str, str] = field(default_factory=dict)


def write_letter(session: Session, send: CampaignSend, public_url: str) -> Letter:
    """The same words for everybody."""
    articles = articles_of(session, send.id)
    rows = session.scalars(select(SendArticle).where(SendArticle.send_id == send.id).order_by(SendArticle.position))
    urls = [row.url or f"{public_url}/h5/articles/{row.article_id}" for row in rows]
    if send.channel is SendChannel.SUBSCRIPTION:
        template = session.get(NoticeTemplate, send.template_id or "")
        words = [send.title, articles[0].digest if articles else ""]
        fields = fill_fields(template.content if template else "", words, send.due_at)
        return Letter(send.channel, template_id=send.template_id or "", page=urls[0] if urls else "", fields=fields)
    if len(articles) == 1:
        card = News(articles[0].title, render("campaign_card", digest=articles[0].digest), urls[0])
        return Letter(send.channel, to_customer_service(card))
    lines = list(zip([article.title for article in articles], urls, strict=True))
    return Letter(send.channel, to_customer_service(Text(render("campaign_letter", title=send.title, lines=lines))))
