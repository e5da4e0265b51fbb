"""The history of records and listings: only added to; who follows firms reads on from the last event they saw."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.archive import ArchiveEvent
from models.archive_words import ArchiveAction, Life, Subject
from services.credit.ledger import Row, subject_of


def add_event(
    session: Session,
    row: Row,
    action: ArchiveAction,
    from_life: Life | None,
    actor: str,
    *,
    now: datetime,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> ArchiveEvent:
    """Write down a step that the row has just taken, in its transaction; `row.life` is where it led."""
    subject = subject_of(row)
    newest = select(func.max(ArchiveEvent.sequence)).where(
        ArchiveEvent.subject == subject, ArchiveEvent.subject_id == row.id
    )
    event = ArchiveEvent(
        subject=subject,
        subject_id=row.id,
        enterprise_id=row.enterprise_id,
        sequence=(session.scalar(newest) or 0) + 1,
        at=now,
        action=action,
        from_life=from_life,
        to_life=row.life,
        actor=actor,
        reason=reason,
        details=dict(details or {}),
    )
    session.add(event)
    session.flush()
    return event


def history_of(session: Session, subject: Subject, subject_id: int) -> list[ArchiveEvent]:
    """All steps of one row, oldest first."""
    wanted = select(ArchiveEvent).where(ArchiveEvent.subject == subject, ArchiveEvent.subject_id == subject_id)
    return list(session.scalars(wanted.order_by(ArchiveEvent.sequence)))
