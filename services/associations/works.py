"""What an association writes down of its work: progress, plan, charter, rules of evaluation."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.association import Association, AssociationWork
from models.campaign_words import WorkKind
from services.associations.home import AssociationError, touch, write_down
from services.audit import Actor
from services.calendar.working_days import day_of
from services.campaigns.wording import word_of

LONGEST_TEXT = 2000


def add_work(
    session: Session,
    association: Association,
    kind: WorkKind,
    day: date,
    text: str,
    *,
    file_id: int | None,
    actor: Actor,
    by: str,
    now: datetime,
) -> AssociationWork:
    """An entry; AssociationError names the field. Everything but progress wants its document (R35)."""
    if len(text.strip()) < 2:
        raise AssociationError("text", "请写一两句做了什么")
    if len(text) > LONGEST_TEXT:
        raise AssociationError("text", f"最多 {LONGEST_TEXT} 个字")
    if day > day_of(now):
        raise AssociationError("day", "日期不能晚于今天")
    if kind is not WorkKind.LOG and file_id is None:
        raise AssociationError("file", f"{word_of('works', kind)}请上传文件")
    row = AssociationWork(
        association_id=association.id,
        kind=kind,
        day=day,
        text=text.strip(),
        file_id=file_id,
        added_by=by,
        added_at=now,
    )
    session.add(row)
    touch(association, now)
    session.flush()
    write_down(session, actor, association, f"登记{word_of('works', kind)}", now)
    return row


def list_works(session: Session, association: Association, most: int = 50) -> list[AssociationWork]:
    """Newest first."""
    wanted = select(AssociationWork).where(AssociationWork.association_id == association.id)
    return list(session.scalars(wanted.order_by(AssociationWork.day.desc(), AssociationWork.id.desc()).limit(most)))
