"""The archive at work in the demonstration: drafts, approvals, repairs, objections, tags; by the services."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.archive import ArchiveRules
from models.archive import ArchiveEvent, EnterpriseTag, Objection
from models.archive_words import ArchiveAction, Subject, TagKind
from models.enterprise import Enterprise, Status
from models.record import Record, RecordType, Severity
from models.role import Role
from models.staff import StaffAccount
from services.cases.facts import Actor
from services.credit import objecting
from services.credit.advance import advance, note_repair
from services.credit.drafting import draft_correction, draft_listing, draft_record
from services.credit.ledger import Ledger
from services.credit.objections import RELATIONS, ObjectionFiling, file_objection, find_objection
from services.credit.standing import judge_record

SOURCE = "示范市商务局"
SAID = (
    "处罚决定已经被行政复议机关撤销，复议决定书〔2026〕演示8号，请撤下。",
    "统一社会信用代码不是我们的，是同名的另一家企业。",
    "罚款已于当月缴清，公示内容写成了没有缴纳。",
    "列入前没有收到告知书，要求核查送达情况。",
)
SECTORS = {
    "餐饮": "住宿餐饮",
    "汽车": "二手车交易",
    "家政": "家政服务",
    "电子": "电子商务",
    "商贸": "流通",
    "家居": "批发零售",
}
TOPICS = {"酒": "酒类流通经营企业信息", "进出口": "外商投资企业信息"}


def load_demo_archive(session: Session, rules: ArchiveRules, now: datetime) -> None:
    """Once: an archive that has a history is left alone. Needs the register, the staff and the calendar."""
    if session.scalar(select(ArchiveEvent.id).limit(1)) is not None:
        return
    ledger = Ledger(session, rules, now)
    clerk, approver = find_actor(session, Role.ARCHIVE), find_actor(session, Role.REVIEWER)
    penalties = public_penalties(session, ledger.today)
    firms = list(session.scalars(select(Enterprise).where(Enterprise.status == Status.IN_FORCE).limit(40)))
    tag_firms(session)
    draft_lists(ledger, firms[-6:], clerk, approver)
    enter_records(ledger, firms[-12:-6], clerk, approver)
    end_some(ledger, penalties[:4], clerk, approver)
    object_to(ledger, penalties[4:8], clerk)


def find_actor(session: Session, role: Role) -> Actor:
    """The account of this role."""
    people = session.scalars(select(StaffAccount))
    account = next(one for one in people if role in one.roles)
    return Actor(frozenset({role}), f"staff:{account.id}", account.unit, account.name)


def public_penalties(session: Session, today: date) -> list[Record]:
    """General ones, a good while old, of invented firms."""
    wanted = select(Record).where(Record.type == RecordType.PENALTY, Record.severity == Severity.GENERAL)
    found = session.scalars(wanted.where(Record.decided_on <= today - timedelta(days=120)).order_by(Record.id.desc()))
    return [one for one in found if judge_record(one, today).is_shown][:12]


def tag_firms(session: Session) -> None:
    """专题库 and 重点领域 by what is in the name."""
    for kind, words in ((TagKind.SECTOR, SECTORS), (TagKind.TOPIC, TOPICS)):
        for word, tag in words.items():
            firms = session.scalars(select(Enterprise.id).where(Enterprise.name.contains(word)).limit(60))
            session.add_all(EnterpriseTag(enterprise_id=firm, kind=kind, tag=tag) for firm in firms)
    session.flush()


def entry_values(today: date, serial: int) -> dict[str, Any]:
    """A list entry with everything that it needs."""
    return {
        "document_number": f"示商失信〔{today.year}〕演示{serial}号",
        "authority": f"{SOURCE}（演示）",
        "source_unit": f"{SOURCE}（演示）",
        "reason": "停止经营后未退还预收款，经催告仍不履行",
        "decided_on": today - timedelta(days=3),
        "notified_on": today - timedelta(days=33),
        "objection_result": "告知期内未提出异议",
        "sector": "居民服务",
    }


def draft_lists(ledger: Ledger, firms: list[Enterprise], clerk: Actor, approver: Actor) -> None:
    """A draft that lacks something, two that wait for approval, an association's list, one sent back."""
    told = entry_values(ledger.today, 31)
    draft_listing(ledger, firms[0], "prepaid", told | {"notified_on": None, "objection_result": ""}, clerk)
    for number, firm in enumerate(firms[1:3], 32):
        waiting = draft_listing(ledger, firm, "prepaid", entry_values(ledger.today, number), clerk)
        advance(ledger, waiting, ArchiveAction.SUBMIT, clerk)
    honest = {
        "document_number": f"示餐协〔{ledger.today.year}〕演示6号",
        "authority": "示范市餐饮行业协会（演示）",
        "source_unit": "示范市餐饮行业协会（演示）",
        "reason": "按协会办法评定为诚信会员，公示无异议",
        "published_until": ledger.today + timedelta(days=700),
        "sector": "住宿餐饮",
    }
    published = draft_listing(ledger, firms[3], "association", told | honest, clerk)
    advance(ledger, published, ArchiveAction.SUBMIT, clerk)
    advance(ledger, published, ArchiveAction.APPROVE, approver)
    returned = draft_listing(ledger, firms[4], "honest", told | {"reason": "守信经营"}, clerk)
    advance(ledger, returned, ArchiveAction.SUBMIT, clerk)
    advance(ledger, returned, ArchiveAction.RETURN, approver, "事由写得太简单，请写明评选办法和公示情况")


def enter_records(ledger: Ledger, firms: list[Enterprise], clerk: Actor, approver: Actor) -> None:
    """A minor breach that is public with its reason, a penalty that waits, an honour of a 专题库."""
    decided = ledger.today - timedelta(days=20)
    penalty = {
        "type": RecordType.PENALTY,
        "severity": Severity.MINOR,
        "title": "未按规定公示促销内容",
        "content": "警告，责令改正",
        "document_number": f"示商罚〔{decided.year}〕演示41号",
        "legal_basis": "《零售商促销行为管理办法》第二十三条",
        "authority": f"{SOURCE}（演示）",
        "source_unit": f"{SOURCE}（演示）",
        "decided_on": decided,
        "details": {"penalty_kind": "警告", "offence": "未按规定公示促销内容"},
        "minor_shown_reason": "节前同类问题多发，经负责人批准提示消费者",
    }
    minor = draft_record(ledger, firms[0], penalty, clerk)
    general = {
        "severity": Severity.GENERAL,
        "minor_shown_reason": None,
        "document_number": f"示商罚〔{decided.year}〕演示42号",
    }
    waiting = draft_record(
        ledger,
        firms[1],
        penalty | general,
        clerk,
    )
    honour = draft_record(
        ledger,
        firms[2],
        {
            "type": RecordType.HONOUR,
            "title": f"{decided.year}年度示范市诚信经营先进单位（演示）",
            "content": "",
            "document_number": f"示商发〔{decided.year}〕演示9号",
            "authority": f"{SOURCE}（演示）",
            "source_unit": f"{SOURCE}（演示）",
            "decided_on": decided,
            "valid_until": ledger.today + timedelta(days=1000),
            "details": {"level": "市级"},
            "topic": "企业表彰奖励信息",
        },
        clerk,
    )
    for row in (minor, waiting, honour):
        advance(ledger, row, ArchiveAction.SUBMIT, clerk)
    for row in (minor, honour):
        advance(ledger, row, ArchiveAction.APPROVE, approver)


def end_some(ledger: Ledger, penalties: list[Record], clerk: Actor, approver: Actor) -> None:
    """Repaired with its conditions, withdrawn, corrected; one whose conditions are noted and not yet repaired."""
    repaired, withdrawn, corrected, ready = penalties
    for row in (repaired, ready):
        done, promised = row.decided_on + timedelta(days=12), row.decided_on + timedelta(days=30)
        note_repair(ledger, row, clerk, duties_done_on=done, promised_on=promised)
    advance(ledger, repaired, ArchiveAction.REPAIR, clerk, "“信用中国”受理编号演示2026-118，条件齐全")
    advance(
        ledger, withdrawn, ArchiveAction.WITHDRAW, clerk, "处罚决定被行政复议机关撤销", document="示复决〔2026〕演示8号"
    )
    newer = draft_correction(
        ledger, corrected, {"content": f"{corrected.content}（罚款已缴清）"}, clerk, "补充缴纳情况"
    )
    advance(ledger, newer, ArchiveAction.SUBMIT, clerk)
    advance(ledger, newer, ArchiveAction.APPROVE, approver)


def object_to(ledger: Ledger, penalties: list[Record], clerk: Actor) -> None:
    """One just filed, one late for its mark, one forwarded, one dismissed."""
    for number, (row, said) in enumerate(zip(penalties, SAID, strict=True)):
        then = replace(ledger, now=ledger.now - timedelta(days=(0, 5, 2, 9)[number], hours=1))
        filing = ObjectionFiling(
            Subject.RECORD,
            row.id,
            name="演示申请人",
            phone=f"1390000000{number}",
            relation=RELATIONS[number % 3],
            said=said,
            channel="h5",
            agrees=True,
        )
        receipt = file_objection(then, filing, f"demonstration objection {number}")
        found = find_objection(then, receipt.number)
        if found is not None and number >= 2:
            take_on(then, found, clerk, row, is_decided=number == 3)


def take_on(then: Ledger, found: Objection, clerk: Actor, row: Record, *, is_decided: bool) -> None:
    """Marked, and forwarded or decided a day later."""
    objecting.mark(then, found, clerk)
    later = replace(then, now=then.now + timedelta(days=1))
    if is_decided:
        objecting.decide_objection(
            later, found, clerk, is_upheld=False, answer="经核查，处罚决定现行有效，公示内容与决定书一致。"
        )
    else:
        objecting.forward(later, found, clerk, row.source_unit)
