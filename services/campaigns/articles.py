"""Articles: written in by their authors, kept in every version, read by citizens while nothing stands against it."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from models.article import (
    Article,
    ArticleEnterprise,
    ArticleLink,
    ArticlePicture,
    ArticleStep,
    ArticleVersion,
    Campaign,
)
from models.campaign_words import ArticleState, ArticleType, Column
from models.record import Polarity
from services.campaigns.consents import find_unconsented
from services.campaigns.firms import find_negative_in_force
from services.campaigns.markup import find_links
from services.errors import UserError

SAME_SITTING = timedelta(minutes=10)  # automatic savings of one person within it make one version
LONGEST = {"title": 200, "digest": 1000, "author": 60, "source": 300, "body": 100_000}
LONGEST_URL = 500


@dataclass(frozen=True)
class Written:
    """What an author writes; everything may be unfinished."""

    column: Column
    type: ArticleType = ArticleType.PLAIN
    title: str = ""
    digest: str = ""
    author: str = ""
    body: str = ""
    source: str = ""
    campaign_id: int | None = None
    bears_theme: bool = False
    bears_logo: bool = False


class ConflictError(UserError):
    """Somebody saved this article meanwhile; nothing of either is lost: theirs is kept, this one is still typed."""

    def __init__(self, article: Article, by: str) -> None:
        super().__init__("这篇文章刚才在别处保存过")
        self.version, self.by = article.version, by


def written_of(article: Article) -> Written:
    """What stands in an article now."""
    return Written(
        column=article.column,
        type=article.type,
        title=article.title,
        digest=article.digest,
        author=article.author,
        body=article.body,
        source=article.source,
        campaign_id=article.campaign_id,
        bears_theme=article.bears_theme,
        bears_logo=article.bears_logo,
    )


def require_sound(session: Session, written: Written) -> None:
    """UserError for what the tables cannot hold; WeChat's own limits are looked at by checks.py."""
    if written.campaign_id is not None and session.get(Campaign, written.campaign_id) is None:
        raise UserError("没有这个宣传活动，请重新选择")
    for field, most in LONGEST.items():
        if len(getattr(written, field)) > most:
            raise UserError(f"太长了：最多 {most} 个字")


def start_article(session: Session, written: Written, association_id: int | None, by: str, *, now: datetime) -> Article:
    """A new draft."""
    require_sound(session, written)
    article = Article(
        association_id=association_id, state=ArticleState.DRAFT, added_by=by, created_at=now, updated_at=now, version=1
    )
    put(article, written)
    session.add(article)
    session.flush()
    keep_version(session, article, by, now)
    sync_links(session, article, now)
    return article


def put(article: Article, written: Written) -> None:
    """Write it into the row."""
    for field, value in vars(written).items():
        setattr(article, field, value)


def save_article(
    session: Session,
    article: Article,
    written: Written,
    seen: int,
    by: str,
    *,
    now: datetime,
    is_automatic: bool = False,
) -> bool:
    """Save a draft that was typed from version `seen`; False when nothing is new.

    ConflictError when another version was saved meanwhile: the caller shows both and may save with the newer number.
    """
    require_sound(session, written)
    session.refresh(article, with_for_update=True)
    if article.state is not ArticleState.DRAFT:
        raise UserError("文章已经送审，不能再改；请先撤回或等退回")
    if written_of(article) == written:
        return False
    if article.version != seen:
        raise ConflictError(article, last_version(session, article).by)
    put(article, written)
    article.version, article.updated_at = article.version + 1, now
    newest = last_version(session, article)
    if is_automatic and newest.by == by and now - newest.at < SAME_SITTING and newest.number > 1:
        newest.number, newest.content = article.version, content_of(written)
    else:
        keep_version(session, article, by, now)
    sync_links(session, article, now)
    session.flush()
    return True


def content_of(written: Written) -> dict[str, object]:
    """As a version keeps it."""
    return asdict(written)


def keep_version(session: Session, article: Article, by: str, now: datetime) -> None:
    """The article as it is now."""
    content = content_of(written_of(article))
    session.add(ArticleVersion(article_id=article.id, number=article.version, content=content, by=by, at=now))
    session.flush()


def last_version(session: Session, article: Article) -> ArticleVersion:
    """The newest version."""
    newest = (
        select(ArticleVersion).where(ArticleVersion.article_id == article.id).order_by(ArticleVersion.number.desc())
    )
    return session.scalars(newest.limit(1)).one()


def list_versions(session: Session, article_id: int) -> list[ArticleVersion]:
    """All, newest first."""
    wanted = select(ArticleVersion).where(ArticleVersion.article_id == article_id)
    return list(session.scalars(wanted.order_by(ArticleVersion.number.desc())))


def list_steps(session: Session, article_id: int) -> list[ArticleStep]:
    """The history, oldest first."""
    wanted = select(ArticleStep).where(ArticleStep.article_id == article_id)
    return list(session.scalars(wanted.order_by(ArticleStep.id)))


def list_pictures(session: Session, article_id: int) -> list[ArticlePicture]:
    """In the order in which they were put in."""
    wanted = select(ArticlePicture).where(ArticlePicture.article_id == article_id)
    return list(session.scalars(wanted.order_by(ArticlePicture.id)))


def list_links(session: Session, article_id: int) -> list[ArticleLink]:
    """The links of the text."""
    return list(
        session.scalars(select(ArticleLink).where(ArticleLink.article_id == article_id).order_by(ArticleLink.id))
    )


def list_firms(session: Session, article_id: int) -> list[ArticleEnterprise]:
    """The firms that it names."""
    return list(session.scalars(select(ArticleEnterprise).where(ArticleEnterprise.article_id == article_id)))


def sync_links(session: Session, article: Article, now: datetime) -> None:
    """A row for each address in the text; new ones are looked at by the jobs soon."""
    wanted = [url for url in find_links(article.body) if len(url) <= LONGEST_URL]
    known = {link.url: link for link in list_links(session, article.id)}
    for url in wanted:
        if url not in known:
            session.add(ArticleLink(article_id=article.id, url=url, check_after=now))
    gone = [link.id for url, link in known.items() if url not in wanted]
    if gone:
        session.execute(delete(ArticleLink).where(ArticleLink.id.in_(gone)))
    session.flush()


def name_firm(session: Session, article: Article, enterprise_id: int, polarity: Polarity) -> None:
    """The article names this firm, in this sense."""
    row = session.get(ArticleEnterprise, (article.id, enterprise_id))
    if row is None:
        session.add(ArticleEnterprise(article_id=article.id, enterprise_id=enterprise_id, polarity=polarity))
    else:
        row.polarity = polarity
    session.flush()


def drop_firm(session: Session, article: Article, enterprise_id: int) -> None:
    """It does not."""
    row = session.get(ArticleEnterprise, (article.id, enterprise_id))
    if row is not None:
        session.delete(row)
        session.flush()


# What citizens read.


def published() -> Select[Article]:
    """Articles that were approved, newest first."""
    shown = select(Article).where(Article.state == ArticleState.APPROVED, Article.published_at.is_not(None))
    return shown.order_by(Article.published_at.desc(), Article.id.desc())


def newest(
    session: Session,
    today: date,
    *,
    count: int = 5,
    column: Column | None = None,
    campaign_id: int | None = None,
    association_id: int | None = None,
) -> list[Article]:
    """The newest articles that citizens may read today; the bot's answer to 最新活动 (docs/campaigns.md)."""
    wanted = published()
    if column is not None:
        wanted = wanted.where(Article.column == column)
    if campaign_id is not None:
        wanted = wanted.where(Article.campaign_id == campaign_id)
    if association_id is not None:
        wanted = wanted.where(Article.association_id == association_id)
    found = session.scalars(wanted.limit(count * 2 + 10)).all()
    hidden = find_hidden(session, [one.id for one in found], today)
    return [one for one in found if one.id not in hidden][:count]


def find_hidden(session: Session, article_ids: Collection[int], today: date) -> set[int]:
    """Shown at no door: a firm named negatively without anything in force (R23), a story without consent (R45)."""
    wanted = select(ArticleEnterprise).where(
        ArticleEnterprise.article_id.in_(article_ids), ArticleEnterprise.polarity == Polarity.NEGATIVE
    )
    named: Sequence[ArticleEnterprise] = session.scalars(wanted).all() if article_ids else []
    in_force = find_negative_in_force(session, {one.enterprise_id for one in named}, today)
    unfounded = {one.article_id for one in named if one.enterprise_id not in in_force}
    return unfounded | find_unconsented(session, article_ids)


def find_readable(session: Session, article_id: int, today: date) -> Article | None:
    """The article, if a citizen may read it today."""
    article = session.get(Article, article_id)
    if article is None or article.state is not ArticleState.APPROVED or article.published_at is None:
        return None
    return None if find_hidden(session, [article.id], today) else article


def mark_posted(session: Session, article: Article, now: datetime) -> None:
    """WeChat has taken it: a mass send or a publication (called by sending)."""
    article.posted_at = article.posted_at or now
    session.flush()


def last_posted_at(session: Session) -> datetime | None:
    """When anything of ours last appeared in WeChat; None: never."""
    return session.scalar(select(func.max(Article.posted_at)))
