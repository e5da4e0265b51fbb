"""Associations: whose staff somebody is, what the bureau keeps of each, and the overview of all."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.article import Article
from models.association import Association, AssociationHonour, AssociationMember, Commitment
from models.audit import Act
from models.campaign_words import ArticleState, AssociationKind, Level, Review
from models.database import vault_of
from models.staff import LONGEST_UNIT, StaffAccount
from services.audit import Actor, record
from services.calendar.working_days import day_of
from services.errors import UserError

CONTACT = "associations.contact"


@dataclass(frozen=True)
class Contact:
    """Who is to be called; only the bureau reads it."""

    name: str = ""
    phone: str = ""


@dataclass(frozen=True)
class AssociationWords:
    """What the bureau says of an association."""

    name: str
    level: Level
    kind: AssociationKind
    region: str = ""
    about: str = ""
    website: str = ""
    is_pilot: bool = False
    contact: Contact = Contact()


@dataclass(frozen=True)
class Standing:
    """One line of the overview."""

    association: Association
    member_count: int
    commitment_count: int
    honour_count: int
    article_count: int
    waiting_count: int  # commitments and honours that wait for the bureau
    days: int  # since it last entered anything
    is_stale: bool


class AssociationError(UserError):
    """What is wrong with a field, in words for beside it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def find_own(session: Session, unit: str) -> Association | None:
    """The association for which staff with this unit work; None: the bureau has not entered it, or it was closed."""
    if not unit:
        return None
    return session.scalar(select(Association).where(Association.name == unit, Association.closed_at.is_(None)))


def save_association(
    session: Session, association: Association | None, said: AssociationWords, actor: Actor, now: datetime
) -> Association:
    """Add or change one; AssociationError names the field. Staff whose unit is its name keep working for it."""
    check_words(session, association, said)
    is_new = association is None
    row = association or Association(created_at=now, updated_at=now)
    if association and association.name != said.name:
        for account in session.scalars(select(StaffAccount).where(StaffAccount.unit == association.name)):
            account.unit = said.name
    row.name, row.level, row.kind = said.name, said.level, said.kind
    row.region, row.about, row.website, row.is_pilot = said.region, said.about, said.website, said.is_pilot
    row.contact_sealed = seal_contact(session, said.contact)
    session.add(row)
    session.flush()
    write_down(session, actor, row, "新增商协会" if is_new else "修改资料", now)
    return row


def check_words(session: Session, association: Association | None, said: AssociationWords) -> None:
    """AssociationError for what cannot be kept."""
    if not said.name or not said.name.isprintable():
        raise AssociationError("name", "请填写商协会的全称，和登记的一致")
    if len(said.name) > LONGEST_UNIT:
        raise AssociationError("name", f"最多 {LONGEST_UNIT} 个字")
    if said.website and not said.website.startswith(("https://", "http://")):
        raise AssociationError("website", "网址以 https:// 开头，例：https://www.example.org.cn")
    same = session.scalar(select(Association).where(Association.name == said.name))
    if same is not None and same is not association:
        raise AssociationError("name", f"已有“{said.name}”，不能重复")


def seal_contact(session: Session, contact: Contact) -> bytes | None:
    """As the row keeps it."""
    if not (contact.name or contact.phone):
        return None
    return vault_of(session).seal(json.dumps(vars(contact), ensure_ascii=False), CONTACT)


def contact_of(session: Session, association: Association) -> Contact:
    """Opened."""
    if association.contact_sealed is None:
        return Contact()
    return Contact(**json.loads(vault_of(session).open(association.contact_sealed, CONTACT)))


def close_association(session: Session, association: Association, actor: Actor, reason: str, now: datetime) -> None:
    """It no longer takes part: its staff reach nothing, what was published stays."""
    if len(reason.strip()) < 2:
        raise AssociationError("reason", "请写明原因")
    association.closed_at = association.closed_at or now
    write_down(session, actor, association, "停止参与", now, reason=reason)


def touch(association: Association, now: datetime) -> None:
    """It entered something just now."""
    association.updated_at = now


def write_down(
    session: Session,
    actor: Actor,
    association: Association,
    what: str,
    now: datetime,
    *,
    reason: str = "",
    about: str = "",
) -> None:
    """The audit log's entry; last in the transaction."""
    details = {"做了什么": what} | ({"对象": about} if about else {})
    record(session, actor, Act.ASSOCIATION_CHANGED, now, subject=association.name, reason=reason, details=details)


def is_stale(updated_at: datetime, now: datetime, stale_days: int) -> bool:
    """Nothing was entered for more than so many days (pure): red on the 91st."""
    return days_idle(updated_at, now) > stale_days


def days_idle(updated_at: datetime, now: datetime) -> int:
    """Whole days in China since it last entered anything."""
    return (day_of(now) - day_of(updated_at)).days


@dataclass(frozen=True)
class Wanted:
    """Which associations to show; None: all."""

    level: Level | None = None
    kind: AssociationKind | None = None
    is_pilot: bool | None = None
    is_stale: bool | None = None


def list_standings(session: Session, wanted: Wanted, now: datetime, stale_days: int) -> list[Standing]:
    """The overview: those that were silent longest first."""
    query = select(Association).where(Association.closed_at.is_(None)).order_by(Association.updated_at, Association.id)
    for column, value in (
        (Association.level, wanted.level),
        (Association.kind, wanted.kind),
        (Association.is_pilot, wanted.is_pilot),
    ):
        if value is not None:
            query = query.where(column == value)
    found = standings_of(session, session.scalars(query).all(), now, stale_days)
    return [one for one in found if wanted.is_stale is None or one.is_stale is wanted.is_stale]


def standings_of(session: Session, found: Sequence[Association], now: datetime, stale_days: int) -> list[Standing]:
    """Each with its figures, in five queries."""
    today = day_of(now)
    members = count_members(session, today)
    commitments = count_rows(session, Commitment, Review.APPROVED)
    honours = count_rows(session, AssociationHonour, Review.APPROVED)
    waiting = [count_rows(session, table, Review.SUBMITTED) for table in (Commitment, AssociationHonour)]
    wanted = select(Article.association_id, func.count()).where(Article.state == ArticleState.APPROVED)
    articles = {row[0]: row[1] for row in session.execute(wanted.group_by(Article.association_id))}
    return [
        Standing(
            association=one,
            member_count=members.get(one.id, 0),
            commitment_count=commitments.get(one.id, 0),
            honour_count=honours.get(one.id, 0),
            article_count=articles.get(one.id, 0),
            waiting_count=sum(counts.get(one.id, 0) for counts in waiting),
            days=days_idle(one.updated_at, now),
            is_stale=is_stale(one.updated_at, now, stale_days),
        )
        for one in found
    ]


def count_members(session: Session, today: date) -> dict[int, int]:
    """Of each association, those who have not left."""
    row = AssociationMember
    is_in = row.left_on.is_(None) | (row.left_on > today)
    wanted = select(row.association_id, func.count()).where(is_in).group_by(row.association_id)
    return {found[0]: found[1] for found in session.execute(wanted)}


def count_rows(session: Session, table: type[Commitment] | type[AssociationHonour], state: Review) -> dict[int, int]:
    """Of each association, those in one state."""
    wanted = select(table.association_id, func.count()).where(table.state == state).group_by(table.association_id)
    return {found[0]: found[1] for found in session.execute(wanted) if found[0] is not None}
