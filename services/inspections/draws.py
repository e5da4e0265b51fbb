"""Draws of firms to be inspected: the pool by region and tag, weighted by class, written down to be drawn again."""

import secrets
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.inspections import InspectionRules
from models.archive import EnterpriseTag
from models.enterprise import Enterprise, Status
from models.inspection import InspectionDraw
from models.listing import Listing
from models.record import Record
from services.calendar.working_days import day_of
from services.credit.standing import judge_listing, judge_record
from services.errors import UserError
from services.inspections.classing import Classed, Mark, class_firm
from services.inspections.drawing import draw, hash_pool

MOST = 2_000
AT_ONCE = 500
CHANGED = "抽取之后，企业、信用记录或规则有了变动，不能原样重抽；种子、范围和名单的校验值都在记录里。"


@dataclass(frozen=True)
class Wanted:
    """What is to be drawn from, and how many."""

    plan: str
    many: int
    region: str = ""  # a city or the beginning of an address; empty: all
    tag: str = ""  # sector or 专题库


def read_marks(session: Session, ids: list[int], today: date) -> dict[int, list[Mark]]:
    """All that the rules look at, of these firms."""
    marks: dict[int, list[Mark]] = defaultdict(list)
    kinds = {row.id: row.kind or "" for row in session.scalars(select(Enterprise).where(Enterprise.id.in_(ids)))}
    for listing in session.scalars(select(Listing).where(Listing.enterprise_id.in_(ids))):
        why = judge_listing(listing, today).why
        name = f"listing {listing.id}"
        marks[listing.enterprise_id].append(Mark(name, listing.kind.value, "", listing.decided_on, why))
    for record in session.scalars(select(Record).where(Record.enterprise_id.in_(ids))):
        why = judge_record(record, today, kinds[record.enterprise_id]).why
        severity = record.severity.value if record.severity else ""
        mark = Mark(f"{record.type.value} {record.id}", record.type.value, severity, record.decided_on, why)
        marks[record.enterprise_id].append(mark)
    return marks


def class_of(session: Session, enterprise_id: int, rules: InspectionRules, today: date) -> Classed:
    """One firm's class today."""
    return class_firm(read_marks(session, [enterprise_id], today).get(enterprise_id, []), rules, today)


def find_pool(session: Session, wanted: Wanted) -> list[int]:
    """Ids of the firms in force that the draw is about."""
    query = select(Enterprise.id).where(Enterprise.status == Status.IN_FORCE)
    if wanted.region:
        begins = f"{wanted.region}%"
        query = query.where(
            Enterprise.city.like(begins)
            | Enterprise.province.like(begins)
            | Enterprise.address.like(f"%{wanted.region}%")
        )
    if wanted.tag:
        query = query.where(
            Enterprise.id.in_(select(EnterpriseTag.enterprise_id).where(EnterpriseTag.tag == wanted.tag))
        )
    return list(session.scalars(query))


def class_pool(session: Session, pool: list[int], rules: InspectionRules, today: date) -> dict[int, Classed]:
    """The class of each; only those of whom anything is recorded are looked at."""
    recorded = set(session.scalars(select(Record.enterprise_id).distinct()))
    recorded |= set(session.scalars(select(Listing.enterprise_id).distinct()))
    unrated = class_firm([], rules, today)
    classes = dict.fromkeys(pool, unrated)
    looked_at = [one for one in pool if one in recorded]
    for start in range(0, len(looked_at), AT_ONCE):
        for enterprise_id, marks in read_marks(session, looked_at[start : start + AT_ONCE], today).items():
            classes[enterprise_id] = class_firm(marks, rules, today)
    return classes


def make_draw(
    session: Session, wanted: Wanted, rules: InspectionRules, *, account_id: int, actor: str, now: datetime
) -> InspectionDraw:
    """Draw and write it down; UserError where there is nothing to draw from."""
    if not 1 <= wanted.many <= MOST:
        raise UserError(f"抽取数量须是 1 至 {MOST}")
    if not wanted.plan.strip():
        raise UserError("请写明这次抽查的名称")
    today = day_of(now)
    pool = find_pool(session, wanted)
    if not pool:
        raise UserError("没有符合范围的存续企业，请放宽地区或类别")
    classes = class_pool(session, pool, rules, today)
    weighted = [(enterprise_id, classes[enterprise_id].weight) for enterprise_id in pool]
    seed = secrets.token_hex(16)
    ids = draw(seed, weighted, wanted.many)
    firms = {firm.id: firm for firm in session.scalars(select(Enterprise).where(Enterprise.id.in_(ids)))}
    made = InspectionDraw(
        seed=seed,
        rules_version=rules.version,
        region=wanted.region,
        tag=wanted.tag,
        plan=wanted.plan.strip()[:120],
        pool_count=len(pool),
        pool_hash=hash_pool(weighted),
        picked=[
            {
                "id": one,
                "name": firms[one].name,
                "code": firms[one].credit_code or "",
                "class": classes[one].name,
                "weight": classes[one].weight,
            }
            for one in ids
        ],
        account_id=account_id,
        actor=actor,
        drawn_at=now,
    )
    session.add(made)
    session.flush()
    return made


def draw_again(session: Session, made: InspectionDraw, rules: InspectionRules | None) -> str:
    """In words: whether the same seed gives the same firms from the pool as it is now, by the rules of then."""
    if rules is None:
        return CHANGED
    pool = find_pool(session, Wanted(made.plan, len(made.picked), made.region, made.tag))
    classes = class_pool(session, pool, rules, day_of(made.drawn_at))
    weighted = [(one, classes[one].weight) for one in pool]
    if hash_pool(weighted) != made.pool_hash:
        return CHANGED
    same = draw(made.seed, weighted, len(made.picked)) == [one["id"] for one in made.picked]
    return "用同一个种子重抽，结果完全一致。" if same else "用同一个种子重抽，结果不一致，请立即报告！"
