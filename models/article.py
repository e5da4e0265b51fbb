"""Campaign years with their calendar, and articles: text, pictures, links, firms, steps, versions."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime, word
from models.campaign_words import (
    AlertKind,
    ArticleAction,
    ArticleState,
    ArticleType,
    Column,
    DayKind,
    LinkState,
)
from models.record import Polarity


class Campaign(Base):
    """A campaign of one year, such as 诚信兴商宣传月; it runs from its first to its last day."""

    __tablename__ = "campaigns"
    __table_args__ = (UniqueConstraint("year", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(60))
    theme: Mapped[str] = mapped_column(String(60))  # 活动主题: articles must carry it
    starts_on: Mapped[date]
    ends_on: Mapped[date]  # the last day
    units: Mapped[list[str]] = mapped_column(JSON, default=list)  # that take part
    summary_due_on: Mapped[date | None]  # 总结和统计表
    about: Mapped[str] = mapped_column(Text, default="")
    is_sample: Mapped[bool] = mapped_column(default=False)  # practice data, said so wherever it is shown
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CampaignDay(Base):
    """An entry of the campaign calendar: a day or a whole month, of every year or of one."""

    __tablename__ = "campaign_days"
    __table_args__ = (CheckConstraint("month BETWEEN 1 AND 12", name="month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int | None]  # NULL: every year
    month: Mapped[int]
    day: Mapped[int | None]  # NULL: the whole month
    kind: Mapped[DayKind] = mapped_column(word(DayKind))
    title: Mapped[str] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(String(200), default="")  # where it is from
    is_used: Mapped[bool] = mapped_column(default=True)


class Article(Base):
    """One article in one of the four columns; `body` is the author's text (services/campaigns/markup.py)."""

    __tablename__ = "articles"
    __table_args__ = (Index("ix_articles_shown", "state", "published_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    association_id: Mapped[int | None] = mapped_column(ForeignKey("associations.id"), index=True)  # NULL: the bureau's
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    column: Mapped[Column] = mapped_column(word(Column))
    type: Mapped[ArticleType] = mapped_column(word(ArticleType))
    title: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(Text, default="")
    author: Mapped[str] = mapped_column(String(60), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(300), default="")  # of its figures
    bears_theme: Mapped[bool] = mapped_column(default=False)  # the theme of its campaign stands above the text
    bears_logo: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ArticleState] = mapped_column(word(ArticleState))
    version: Mapped[int] = mapped_column(default=1)  # grows with each saving; a form bears the one it was made from
    added_by: Mapped[str] = mapped_column(String(40))  # staff:12
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # citizens read it here since
    posted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # WeChat took it first (sending writes it)


class ArticleVersion(Base):
    """An article as it was; nothing that was typed is lost."""

    __tablename__ = "article_versions"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ArticleStep(Base):
    """One step of an article, only added to."""

    __tablename__ = "article_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), index=True)
    action: Mapped[ArticleAction] = mapped_column(word(ArticleAction))
    from_state: Mapped[ArticleState] = mapped_column(word(ArticleState))
    to_state: Mapped[ArticleState] = mapped_column(word(ArticleState))
    version: Mapped[int]
    by: Mapped[str] = mapped_column(String(40))  # staff:12
    name: Mapped[str] = mapped_column(String(80))  # as they were called then
    comment: Mapped[str] = mapped_column(Text, default="")
    confirmed: Mapped[list[str]] = mapped_column(JSON, default=list)  # findings that were looked at and passed
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ArticlePicture(Base):
    """A picture of an article, or the logo of a campaign; drawn anew, it lies in DATA_DIR/library."""

    __tablename__ = "article_pictures"
    __table_args__ = (CheckConstraint("(article_id IS NULL) <> (campaign_id IS NULL)", name="belongs"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    is_cover: Mapped[bool] = mapped_column(default=False)
    alt: Mapped[str] = mapped_column(String(200))  # what is to be seen, for those who do not see it
    sealed_name: Mapped[str] = mapped_column(String(64), unique=True)
    key_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    size_bytes: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    added_by: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    wechat_url: Mapped[str | None] = mapped_column(String(500))  # of media/uploadimg, for the text
    wechat_media_id: Mapped[str | None] = mapped_column(String(128))  # permanent material, for the cover
    upload_error: Mapped[str] = mapped_column(String(200), default="")
    upload_after: Mapped[datetime | None] = mapped_column(UtcDateTime)  # not tried again before


class ArticleEnterprise(Base):
    """A firm that an article names, and how."""

    __tablename__ = "article_enterprises"

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprises.id"), primary_key=True, index=True)
    polarity: Mapped[Polarity] = mapped_column(word(Polarity))


class ArticleLink(Base):
    """A link in an article and whether it opens; looked at by the jobs, never while somebody waits."""

    __tablename__ = "article_links"
    __table_args__ = (UniqueConstraint("article_id", "url"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), index=True)
    url: Mapped[str] = mapped_column(String(500))
    state: Mapped[LinkState] = mapped_column(word(LinkState), default=LinkState.UNKNOWN)
    note: Mapped[str] = mapped_column(String(200), default="")  # why, in words for the editor
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    check_after: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)  # NULL: nothing to do


class SensitiveWord(Base):
    """The bureau's own word on the list of sensitive words, or one of the list that it took off."""

    __tablename__ = "sensitive_words"

    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    is_used: Mapped[bool] = mapped_column(default=True)
    advice: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(String(200), default="")
    changed_by: Mapped[str] = mapped_column(String(40))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CampaignAlert(Base):
    """Something campaign staff are told, once."""

    __tablename__ = "campaign_alerts"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)  # what it is about; a second one is not written
    kind: Mapped[AlertKind] = mapped_column(word(AlertKind))
    association_id: Mapped[int | None] = mapped_column(ForeignKey("associations.id"), index=True)  # NULL: the bureau
    article_id: Mapped[int | None] = mapped_column(ForeignKey("articles.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_by: Mapped[str] = mapped_column(String(40), default="")
