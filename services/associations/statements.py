"""Commitments and honours that associations hand in, or firms sign by themselves; the bureau decides (deciding.py)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.article import Campaign
from models.association import Association, AssociationHonour, Commitment
from models.campaign_words import CommitmentKind, HonourLevel, Performance, Review
from models.enterprise import Enterprise, Status
from services.associations.home import AssociationError, touch, write_down
from services.associations.members import is_member
from services.audit import Actor
from services.calendar.working_days import day_of
from services.campaigns.firms import find_negative_in_force
from services.campaigns.wording import word_of

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
