"""The repair guide: for each record that speaks against a firm today, when and where to apply, and what is missing."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from config.archive import RepairDoor
from models.archive_words import Subject
from models.enterprise import Enterprise, Status
from services.credit.blocks import Item, items_in_force
from services.credit.ledger import Row, load_row
from services.credit.reminders import remind
from services.credit.repair import ADVERSE, RepairPlan, plan_repair

REMINDER = (
    "您请我们今天提醒：您关注的一条公示信息，从今天起可以申请信用修复。\n"
    "还要履行完处罚决定的义务，公开作出信用承诺。到“{site}”申请：{url}\n"
    "发“信用修复”可以看现在的情况。"
)


@dataclass(frozen=True)
class Guidance:
    """One record in force and its plan."""

    item: Item
    block: str
    plan: RepairPlan


def guide(session: Session, enterprise_id: int, today: date) -> list[Guidance]:
    """What speaks against the firm in public today, newest first; empty also for a firm that is not shown."""
    enterprise = session.get(Enterprise, enterprise_id)
    if enterprise is None or enterprise.status is Status.REMOVED:
        return []
    found = [
        Guidance(item, block, plan_of(session, item, block, today))
        for (_, block), items in items_in_force(session, enterprise_id, today, enterprise.kind or "").items()
        if block in ADVERSE
        for item in items
    ]
    return sorted(found, key=lambda one: one.item.decided_on, reverse=True)


def plan_of(session: Session, item: Item, block: str, today: date) -> RepairPlan:
    """The plan of an item that is shown."""
    row: Row | None = load_row(session, item.subject, item.subject_id)
    if row is None:
        raise ValueError("an item without its row")
    return plan_repair(block, item.severity or None, row, item.published_until, today)


def find_guidance(session: Session, subject: Subject, subject_id: int, today: date) -> Guidance | None:
    """The guide of one record; None where it is not (any more) public."""
    row = load_row(session, subject, subject_id)
    found = guide(session, row.enterprise_id, today) if row else []
    return next((one for one in found if (one.item.subject, one.item.subject_id) == (subject, subject_id)), None)


def keep_reminder(session: Session, found: Guidance, follower_id: int, door: RepairDoor, now: datetime) -> bool:
    """提醒我, once; False when it was asked before. The words do not repeat the record: it may be gone by then."""
    on, text = found.plan.earliest_on, REMINDER.format(site=door.apply_at, url=door.apply_url)
    if on is None:
        return False
    return remind(session, found.item.subject, found.item.subject_id, follower_id, on=on, text=text, now=now)
