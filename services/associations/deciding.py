"""What the bureau decides of commitments and honours: approved, they are records of the archive for citizens."""

from datetime import datetime

from sqlalchemy.orm import Session

from config.archive import ArchiveRules
from models.archive_words import ArchiveAction, Life
from models.association import Association, AssociationHonour, Commitment
from models.campaign_words import Performance, Review
from models.enterprise import Enterprise
from models.record import Dataset, InfoClass, Polarity, Record, RecordType
from services.associations.home import AssociationError, write_down
from services.associations.statements import Statement
from services.audit import Actor
from services.calendar.working_days import day_of
from services.campaigns.wording import word_of
from services.cases.facts import SYSTEM
from services.credit.advance import advance
from services.credit.history import add_event
from services.credit.ledger import Ledger


def decide(
    session: Session, row: Statement, actor: Actor, by: str, *, is_approved: bool, reason: str, now: datetime
) -> None:
    """The bureau approves or returns; approved, it stands in the archive from this moment on."""
    session.refresh(row, with_for_update=True)
    if row.state is not Review.SUBMITTED:
        raise AssociationError("reason", "这一件已经办过了，请刷新页面")
    if not is_approved and len(reason.strip()) < 2:
        raise AssociationError("reason", "请写明退回的理由，商协会会看到")
    if row.added_by == by:
        raise AssociationError("reason", "提交的人不能审核自己提交的内容")
    row.state = Review.APPROVED if is_approved else Review.RETURNED
    row.reason, row.decided_by, row.decided_at = reason.strip(), by, now
    if is_approved:
        row.record_id = publish(session, row, by, now).id
    association = session.get(Association, row.association_id) if row.association_id else None
    session.flush()
    if association is not None:
        what = f"{'通过' if is_approved else '退回'}{title_of(row)}"
        firm = session.get_one(Enterprise, row.enterprise_id)
        write_down(session, actor, association, what, now, reason=reason, about=firm.name)


def title_of(row: Statement) -> str:
    """What it is called in the archive."""
    return row.title if isinstance(row, AssociationHonour) else word_of("commitments", row.kind)


def publish(session: Session, row: Statement, by: str, now: datetime) -> Record:
    """The record that citizens read: self-discipline, never a finding of an authority (R22)."""
    association = session.get(Association, row.association_id) if row.association_id else None
    source, today = association.name if association else "企业自主签署", day_of(now)
    is_honour = isinstance(row, AssociationHonour)
    record = Record(
        enterprise_id=row.enterprise_id,
        type=RecordType.ASSOCIATION_RATING if is_honour else RecordType.COMMITMENT,
        polarity=Polarity.POSITIVE,
        info_class=InfoClass.SELF_DISCIPLINE,
        title=title_of(row),
        content=content_of(row),
        document_number=row.document_number if isinstance(row, AssociationHonour) else None,
        legal_basis=row.basis if isinstance(row, AssociationHonour) else None,
        authority=source,
        source_unit=source,
        decided_on=row.decided_on if isinstance(row, AssociationHonour) else row.signed_on,
        valid_until=row.valid_until,
        published_from=today,
        data_on=today,
        details={},
        life=Life.PUBLISHED,
        drafted_by=row.added_by,
        approved_by=by,
    )
    session.add(record)
    session.flush()
    add_event(session, record, ArchiveAction.IMPORT, None, by, now=now, reason="商协会提交，主管部门审核通过")
    if session.get(Dataset, record.type) is None:
        session.add(Dataset(block=record.type, source_unit="商协会", data_on=today))
    return record


def content_of(row: Statement) -> str:
    """The text of a commitment, the level of an honour."""
    if isinstance(row, AssociationHonour):
        return word_of("honours", row.level)
    return row.text


def withdraw(
    session: Session, row: Statement, actor: Actor, *, reason: str, rules: ArchiveRules, now: datetime
) -> None:
    """Taken back: in the same moment it is gone from the archive."""
    if row.state is not Review.APPROVED:
        raise AssociationError("reason", "只有已通过的才能撤销")
    if len(reason.strip()) < 2:
        raise AssociationError("reason", "请写明撤销的理由")
    record = session.get(Record, row.record_id) if row.record_id else None
    if record is not None and record.life in {Life.PUBLISHED, Life.OBJECTED}:
        advance(Ledger(session, rules, now), record, ArchiveAction.WITHDRAW, SYSTEM, reason)
    row.state, row.reason, row.decided_at = Review.WITHDRAWN, reason.strip(), now
    session.flush()
    association = session.get(Association, row.association_id) if row.association_id else None
    if association is not None:
        firm = session.get_one(Enterprise, row.enterprise_id)
        write_down(session, actor, association, f"撤销{title_of(row)}", now, reason=reason, about=firm.name)


def note_performance(
    session: Session,
    row: Commitment,
    performance: Performance,
    actor: Actor,
    *,
    record_id: int | None,
    now: datetime,
) -> None:
    """履约状态; 未履行 only with a negative record of the same firm that shows it (R18)."""
    if performance is Performance.BROKEN:
        record = session.get(Record, record_id) if record_id else None
        if record is None or record.enterprise_id != row.enterprise_id or record.polarity is not Polarity.NEGATIVE:
            raise AssociationError("record", "未履行须关联这家企业的一条失信记录，请填写记录编号")
        row.broken_record_id = record.id
    else:
        row.broken_record_id = None
    row.performance = performance
    session.flush()
    association = session.get(Association, row.association_id) if row.association_id else None
    if association is not None:
        firm = session.get_one(Enterprise, row.enterprise_id)
        what = f"承诺履约：{word_of('performances', performance)}"
        write_down(session, actor, association, what, now, about=firm.name)
