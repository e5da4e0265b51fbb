"""Commitments and honours that associations hand in: the bureau decides, citizens then read them in the archive."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.archive import ArchiveRules
from models.archive_words import ArchiveAction, Life
from models.article import Campaign
from models.association import Association, AssociationHonour, Commitment
from models.campaign_words import CommitmentKind, HonourLevel, Performance, Review
from models.enterprise import Enterprise, Status
from models.record import Dataset, InfoClass, Polarity, Record, RecordType
from services.associations.home import AssociationError, touch, write_down
from services.associations.members import is_member
from services.audit import Actor
from services.calendar.working_days import day_of
from services.campaigns.firms import find_negative_in_force
from services.campaigns.wording import word_of
from services.cases.facts import SYSTEM
from services.credit.advance import advance
from services.credit.history import add_event
from services.credit.ledger import Ledger

Statement = Commitment | AssociationHonour
LONGEST_TEXT = 2000


@dataclass(frozen=True)
class Promise:
    """What a firm signs."""

    enterprise_id: int
    kind: CommitmentKind
    text: str
    signed_on: date
    valid_until: date | None = None
    campaign_id: int | None = None
    file_id: int | None = None


@dataclass(frozen=True)
class Praise:
    """What an association awards."""

    enterprise_id: int
    title: str
    basis: str
    decided_on: date
    level: HonourLevel | None = None
    document_number: str = ""
    valid_until: date | None = None
    file_id: int | None = None


def hand_in_commitment(
    session: Session, association: Association, said: Promise, actor: Actor, by: str, *, now: datetime
) -> Commitment:
    """A signed commitment of a member; AssociationError names the field. It waits for the bureau."""
    firm = require_member(session, association, said.enterprise_id, day_of(now))
    if not said.text.strip():
        raise AssociationError("text", "请填写承诺的内容")
    if len(said.text) > LONGEST_TEXT:
        raise AssociationError("text", f"最多 {LONGEST_TEXT} 个字")
    if said.file_id is None:
        raise AssociationError("file", "请上传签字盖章的承诺书（照片或 PDF）")
    check_days(said.signed_on, said.valid_until, day_of(now), "signed_on")
    row = sign(session, firm, said, by, association_id=association.id, now=now)
    touch(association, now)
    write_down(session, actor, association, f"提交{word_of('commitments', said.kind)}", now, about=firm.name)
    return row


def sign(
    session: Session, firm: Enterprise, said: Promise, by: str, *, association_id: int | None, now: datetime
) -> Commitment:
    """The row of a commitment, for whoever signs; one credit code signs once for a campaign (R46).

    AssociationError where the firm has signed, or has no code of its own. The door of the wall calls this too.
    """
    if not firm.credit_code:
        raise AssociationError("firm", "这家企业没有统一社会信用代码，不能签署")
    if said.campaign_id is not None and session.get(Campaign, said.campaign_id) is None:
        raise AssociationError("campaign", "没有这个宣传活动")
    row = find_signed(session, said.campaign_id, firm.credit_code)
    if row is not None and row.state in {Review.SUBMITTED, Review.APPROVED}:
        raise AssociationError("firm", f"“{firm.name}”在这次活动中已经签署过，每家只签一次")
    row = row or Commitment(credit_code=firm.credit_code, enterprise_id=firm.id, campaign_id=said.campaign_id)
    row.association_id, row.kind, row.text = association_id, said.kind, said.text.strip()
    row.signed_on, row.valid_until, row.file_id = said.signed_on, said.valid_until, said.file_id
    row.state, row.performance = Review.SUBMITTED, Performance.KEEPING
    row.added_by, row.added_at, row.record_id, row.reason = by, now, None, ""
    session.add(row)
    session.flush()
    return row


def find_signed(session: Session, campaign_id: int | None, credit_code: str) -> Commitment | None:
    """What a firm signed for a campaign; nothing where there is no campaign."""
    if campaign_id is None:
        return None
    return session.scalar(
        select(Commitment).where(Commitment.campaign_id == campaign_id, Commitment.credit_code == credit_code)
    )


def hand_in_honour(
    session: Session, association: Association, said: Praise, actor: Actor, by: str, *, now: datetime
) -> AssociationHonour:
    """An honour for a member; AssociationError names the field. It waits for the bureau."""
    firm = require_member(session, association, said.enterprise_id, day_of(now))
    for field, words, hint in (("title", said.title, "荣誉名称"), ("basis", said.basis, "评价办法的名称")):
        if not words.strip():
            raise AssociationError(field, f"请填写{hint}")
    check_days(said.decided_on, said.valid_until, day_of(now), "decided_on")
    if find_negative_in_force(session, {firm.id}, day_of(now)):
        raise AssociationError("firm", f"“{firm.name}”有正在公示的失信记录，现在不能授予诚信荣誉")
    row = AssociationHonour(
        association_id=association.id, **vars(said), state=Review.SUBMITTED, added_by=by, added_at=now
    )
    session.add(row)
    touch(association, now)
    session.flush()
    write_down(session, actor, association, f"提交荣誉“{said.title}”", now, about=firm.name)
    return row


def require_member(session: Session, association: Association, enterprise_id: int, today: date) -> Enterprise:
    """The firm; AssociationError unless it is in the register and a member (R18)."""
    firm = session.get(Enterprise, enterprise_id)
    if firm is None or firm.status is Status.REMOVED:
        raise AssociationError("firm", "没有这家企业，请重新选择")
    if not is_member(session, association, enterprise_id, today):
        raise AssociationError("firm", f"“{firm.name}”不是本会会员，请先登记会员")
    return firm


def check_days(first: date, last: date | None, today: date, field: str) -> None:
    """AssociationError for days that cannot be."""
    if first > today:
        raise AssociationError(field, "日期不能晚于今天")
    if last is not None and last < first:
        raise AssociationError("valid_until", "有效期早于签署日期")


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


def list_commitments(session: Session, association_id: int | None, state: Review | None = None) -> list[Commitment]:
    """Those of an association, or all; newest first."""
    wanted = select(Commitment).order_by(Commitment.id.desc())
    if association_id is not None:
        wanted = wanted.where(Commitment.association_id == association_id)
    if state is not None:
        wanted = wanted.where(Commitment.state == state)
    return list(session.scalars(wanted.limit(500)))


def list_honours(session: Session, association_id: int | None, state: Review | None = None) -> list[AssociationHonour]:
    """The same for honours."""
    wanted = select(AssociationHonour).order_by(AssociationHonour.id.desc())
    if association_id is not None:
        wanted = wanted.where(AssociationHonour.association_id == association_id)
    if state is not None:
        wanted = wanted.where(AssociationHonour.state == state)
    return list(session.scalars(wanted.limit(500)))


def names_of(session: Session, enterprise_ids: Collection[int]) -> dict[int, str]:
    """The names of firms by their id."""
    wanted = select(Enterprise.id, Enterprise.name).where(Enterprise.id.in_(enterprise_ids))
    return {row[0]: row[1] for row in session.execute(wanted)} if enterprise_ids else {}
