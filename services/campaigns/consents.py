"""Articles that come from a submission need the recorded consent of whom they are about (R45)."""

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.nomination import Nomination
from services.campaigns.checks import Finding, Weight


def find_unconsented(session: Session, article_ids: Collection[int]) -> set[int]:
    """Those whose submission has no consent, or one that was taken back: shown at no door."""
    if not article_ids:
        return set()
    lacking = or_(Nomination.consented_at.is_(None), Nomination.consent_withdrawn_at.is_not(None))
    wanted = select(Nomination.article_id).where(Nomination.article_id.in_(article_ids), lacking)
    return {number for number in session.scalars(wanted) if number is not None}


def consent_findings(session: Session, article_id: int) -> list[Finding]:
    """What stands against publishing it."""
    if not find_unconsented(session, [article_id]):
        return []
    words = "这篇来自典型征集，当事人没有同意公开，或已撤回同意，不能发布"
    return [Finding("consent", Weight.REFUSE, "title", words)]
