"""What speaks against a firm and may be said in public today: for articles, which name a firm only with a record."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.archive_words import Subject
from models.enterprise import Enterprise, Status
from services.credit.blocks import items_in_force
from services.credit.repair import ADVERSE


@dataclass(frozen=True)
class Negative:
    """One adverse record or list entry in force."""

    subject: Subject
    subject_id: int
    block: str  # penalty, black, abnormal, court
    title: str
    document_number: str
    authority: str
    decided_on: date
    ends_on: date | None  # the first day on which it may no longer be named; None: long-term


# 曝光 must itself rest on one of these, so it proves nothing.
PROOF = ADVERSE - {"exposure"}


def find_negative_in_force(session: Session, enterprise_id: int, today: date) -> list[Negative]:
    """The adverse records and list entries of a firm that are public today (R23), newest first; often none."""
    enterprise = session.get(Enterprise, enterprise_id)
    if enterprise is None or enterprise.status is Status.REMOVED:
        return []
    found = [
        Negative(
            item.subject,
            item.subject_id,
            block,
            item.title,
            item.document_number,
            item.authority,
            item.decided_on,
            item.published_until,
        )
        for (_, block), items in items_in_force(session, enterprise_id, today, enterprise.kind or "").items()
        if block in PROOF
        for item in items
    ]
    return sorted(found, key=lambda one: one.decided_on, reverse=True)
