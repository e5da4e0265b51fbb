"""Versions of the class rules: what is in force, a draft by one person, approval by another, told in words."""

from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.inspections import ClassRule, Condition, InspectionRules
from models.inspection import ClassRules, RulesState
from services.credit.words import BLOCK_WORDS, SEVERITY_WORDS
from services.errors import UserError

# What a condition may look at: records that somebody answers for. Complaints are not proven and never here.
BLOCKS = ("black", "penalty", "court", "abnormal", "red", "honour", "demonstration", "commitment")


def rules_in_force(session: Session, shipped: InspectionRules) -> InspectionRules:
    """The newest approved version; the file's where that is newer, or nothing was approved here yet."""
    newest = session.scalar(
        select(ClassRules).where(ClassRules.state == RulesState.APPROVED).order_by(ClassRules.version.desc()).limit(1)
    )
    if newest is None or newest.version <= shipped.version:
        return shipped
    return InspectionRules.model_validate(newest.rules)


def rules_of_version(session: Session, version: int, shipped: InspectionRules) -> InspectionRules | None:
    """As they were when something was classed by them; None for a version of the file that is gone."""
    if version == shipped.version:
        return shipped
    kept = session.get(ClassRules, version)
    return InspectionRules.model_validate(kept.rules) if kept and kept.state is RulesState.APPROVED else None


def find_draft(session: Session) -> ClassRules | None:
    """The version that waits for a second person."""
    return session.scalar(select(ClassRules).where(ClassRules.state == RulesState.DRAFT).limit(1))


def list_versions(session: Session) -> list[ClassRules]:
    """All that were decided, newest first."""
    decided = select(ClassRules).where(ClassRules.state != RulesState.DRAFT)
    return list(session.scalars(decided.order_by(ClassRules.version.desc())))


def draft_rules(
    session: Session, told: dict[str, object], reason: str, shipped: InspectionRules, *,
    account_id: int, actor: str, now: datetime,
) -> ClassRules:  # fmt: skip
    """The draft, new or changed; UserError says what is wrong with it."""
    if not reason.strip():
        raise UserError("请写明为什么修改")
    row = find_draft(session)
    version = row.version if row else next_version(session, shipped)
    rules = check_rules(told | {"version": version})
    if row is None:
        row = ClassRules(version=version, state=RulesState.DRAFT)
        session.add(row)
    row.rules, row.reason = rules.model_dump(mode="json"), reason.strip()[:500]
    row.drafted_by, row.drafter, row.drafted_at = account_id, actor[:80], now
    session.flush()
    return row


def next_version(session: Session, shipped: InspectionRules) -> int:
    """After all there were."""
    newest = session.scalar(select(func.max(ClassRules.version))) or 0
    return max(newest, shipped.version) + 1


def check_rules(told: dict[str, object]) -> InspectionRules:
    """As the bureau's file would be checked; UserError with the class and what is wrong."""
    try:
        rules = InspectionRules.model_validate(told)
    except ValidationError as error:
        raise UserError(explain(error)) from None
    if not rules.classes:
        raise UserError("至少要有一个类别")
    names = [one.name for one in rules.classes]
    if len({*names, rules.unrated}) < len(names) + 1:
        raise UserError("类别的名称不能重复，也不能与“未评定”的名称相同")
    if any(condition.block not in BLOCKS for one in rules.classes for condition in one.when):
        raise UserError("条件只能用名单、处罚、名录、荣誉等信息；投诉不能作为条件")
    return rules


def explain(error: ValidationError) -> str:
    """The first fault in words."""
    place = error.errors()[0]["loc"]
    number = next((int(part) + 1 for part in place if isinstance(part, int)), 0)
    words = {"name": "名称", "about": "说明", "weight": "抽中机会", "when": "条件", "unrated": "未评定的名称",
             "at_least": "条数", "months": "月数", "unrated_weight": "未评定的抽中机会"}  # fmt: skip
    named = next((words[str(part)] for part in reversed(place) if str(part) in words), "内容")
    return f"{f'第 {number} 类' if number else ''}{named}没有填对，请检查"


def decide_rules(
    session: Session, version: int, *, is_approved: bool, account_id: int, actor: str, now: datetime
) -> ClassRules:
    """Approve by somebody else than who wrote it, or drop; UserError says why not."""
    row = session.get(ClassRules, version, with_for_update=True)
    if row is None or row.state is not RulesState.DRAFT:
        raise UserError("这个版本已经办过了，请刷新后再看")
    if is_approved and row.drafted_by == account_id:
        raise UserError("起草的人不能自己批准，请另一人批准")
    row.state = RulesState.APPROVED if is_approved else RulesState.DROPPED
    row.decided_by, row.decider, row.decided_at = account_id, actor[:80], now
    session.flush()
    return row


def tell_rule(rule: ClassRule) -> str:
    """What gives the class, in words."""
    told = "；或".join(tell_condition(one) for one in rule.when)
    return f"三年内无不良信用记录，并且{told}" if rule.is_clean else told


def tell_condition(one: Condition) -> str:
    """12 个月内有 3 条以上一般行政处罚, 有公示中的严重失信主体名单."""
    many = f" {one.at_least} 条以上" if one.at_least > 1 else ""
    what = f"{SEVERITY_WORDS.get(one.severity, '')}{BLOCK_WORDS[one.block]}"
    return f"{one.months} 个月内有{many}{what}" if one.months else f"有{many}公示中的{what}"
