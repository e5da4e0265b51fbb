"""Steps of an article: asked of the table, checked, done and written down in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.campaigns import CampaignRules
from models.article import Article, ArticleLink, ArticleStep, ArticleVersion
from models.audit import Act
from models.campaign_words import ArticleAction, ArticleState, LinkState
from services.audit import Actor, record
from services.calendar.working_days import day_of
from services.campaigns.articles import list_steps
from services.campaigns.checks import Finding, split
from services.campaigns.looking import look_over
from services.campaigns.wording import word_of
from services.campaigns.workflow import OUTSIDERS, TABLE, Facts, Hand, Refusal, decide, is_in_reach, waits_for
from services.errors import UserError

LONGEST_COMMENT = 2000
NOBODY = -1  # no association has it
REVIEWS = (ArticleState.WITH_HEAD, ArticleState.WITH_BUREAU, ArticleState.WITH_PUBLISHER)


class StepError(UserError):
    """A step was refused; `code` is a key of [refusals] in wording.toml, `findings` say where."""

    def __init__(self, code: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(word_of("refusals", code))
        self.code, self.findings = code, list(findings)


@dataclass(frozen=True)
class Taken:
    """What is brought to a step."""

    action: ArticleAction
    seen: int  # the version that was on the page
    comment: str = ""
    confirmed: frozenset[str] = frozenset()  # keys of findings that were looked at


def workflow_facts(
    session: Session, article: Article, findings: Sequence[Finding] = (), confirmed: frozenset[str] = frozenset()
) -> Facts:
    """How the article stands, as the table asks."""
    steps = list_steps(session, article.id)
    refused, unconfirmed = split(findings, confirmed)
    submitted = [step.by for step in steps if step.action is ArticleAction.SUBMIT]
    return Facts(
        state=article.state,
        association_id=article.association_id,
        writers=find_writers(session, article),
        last_by=steps[-1].by if steps else "",
        last_action=steps[-1].action if steps else None,
        submitted_by=submitted[-1] if submitted else "",
        is_complete=not any(one.is_required for one in findings),
        refused_count=refused,
        unconfirmed_count=unconfirmed,
    )


def find_writers(session: Session, article: Article) -> frozenset[str]:
    """Everybody who saved a version of it."""
    return frozenset(session.scalars(select(ArticleVersion.by).where(ArticleVersion.article_id == article.id)))


def take_step(
    session: Session, article: Article, taken: Taken, hand: Hand, actor: Actor, *, now: datetime, rules: CampaignRules
) -> ArticleStep:
    """Take a step; StepError says why not. The audit log's entry is the last thing in the transaction."""
    session.refresh(article, with_for_update=True)
    findings = look_over(session, article, day_of(now), rules)
    comment = taken.comment.strip()[:LONGEST_COMMENT]
    if taken.seen != article.version:
        raise StepError("wrong_state")
    facts = workflow_facts(session, article, findings, taken.confirmed)
    try:
        line = decide(taken.action, facts, hand, comment)
    except Refusal as refusal:
        raise StepError(refusal.code, findings) from None
    if taken.confirmed and line.action is ArticleAction.APPROVE and not comment:
        raise StepError("comment", findings)
    step = ArticleStep(
        article_id=article.id,
        action=line.action,
        from_state=line.source,
        to_state=line.target,
        version=article.version,
        by=hand.key,
        name=actor.name[:80],
        comment=comment,
        confirmed=sorted(taken.confirmed),
        at=now,
    )
    session.add(step)
    article.state, article.updated_at = line.target, now
    follow_up(session, article, line.target, now)
    session.flush()
    details = {"步骤": word_of("actions", line.action), "到": word_of("states", line.target)}
    record(session, actor, Act.ARTICLE_STEP, now, subject=subject_of(article), reason=comment, details=details)
    return step


def follow_up(session: Session, article: Article, state: ArticleState, now: datetime) -> None:
    """What a state brings with it: links are looked at again before the approval, readers read what is approved."""
    if state in REVIEWS:
        links = select(ArticleLink).where(ArticleLink.article_id == article.id, ArticleLink.state != LinkState.ALIVE)
        for link in session.scalars(links):
            link.check_after = now
    if state is ArticleState.APPROVED:
        article.published_at = now
    if state is ArticleState.WITHDRAWN:
        article.published_at = None


def subject_of(article: Article) -> str:
    """As the audit log names it."""
    return f"文章{article.id}《{article.title or '未写标题'}》"[:120]


def list_waiting(session: Session, hand: Hand) -> list[Article]:
    """Articles whose next review step is theirs, those that wait longest first."""
    states = {line.source for line in TABLE if line.who & hand.roles and line.source in REVIEWS}
    wanted = select(Article).where(Article.state.in_(states)).order_by(Article.updated_at)
    found = session.scalars(wanted).all() if states else []
    return [one for one in found if waits_for(workflow_facts(session, one), hand)]


def list_articles(session: Session, hand: Hand, **filters: Any) -> list[Article]:
    """Articles that they may see, newest first; `filters` are columns with the value wanted."""
    wanted = select(Article).order_by(Article.updated_at.desc(), Article.id.desc())
    for name, value in filters.items():
        if value is not None:
            wanted = wanted.where(getattr(Article, name) == value)
    if hand.roles & OUTSIDERS:
        wanted = wanted.where(Article.association_id == (hand.association_id or NOBODY))
    return list(session.scalars(wanted.limit(200)))


def find_article(session: Session, article_id: int, hand: Hand) -> Article | None:
    """The article, for who may see it."""
    article = session.get(Article, article_id)
    if article is None or not is_in_reach(workflow_facts(session, article), hand):
        return None
    return article


def count_states(session: Session, association_id: int | None = None) -> dict[ArticleState, int]:
    """How many articles stand where."""
    wanted = select(Article.state, func.count()).group_by(Article.state)
    if association_id is not None:
        wanted = wanted.where(Article.association_id == association_id)
    return {row[0]: row[1] for row in session.execute(wanted)}
