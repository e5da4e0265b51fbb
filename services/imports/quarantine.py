"""Rows whose firm nobody knows for certain: a clerk names the firm, or says why the row stays out."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.archive import ArchiveRules
from models.archive_words import Life, Subject
from models.audit import Act
from models.database import vault_of
from models.enterprise import Enterprise, Status
from models.importing import ImportRun, QuarantinedRow, QuarantineReason, QuarantineState
from services.audit import Actor, record
from services.calendar.working_days import day_of
from services.enterprises.codes import corrections
from services.enterprises.finding import Candidate
from services.enterprises.index import NameIndex
from services.enterprises.search import suggest
from services.errors import UserError
from services.imports.applying import ROW_FIELD, Writer
from services.imports.drafts import Terms, columns_of, find_missing, spell, write_new
from services.imports.entries import LISTS, Entry, Sheetwide
from services.imports.fields import Field
from services.imports.known import Verdict, identity_of, judge, last_sequences, load_known
from services.imports.planning import Added, Older
from services.imports.runs import actor_key
from services.imports.understanding import understand

MOST_CANDIDATES = 6
SAYS = {
    Verdict.UNCHANGED: "档案中已有同样的记录，未重复入档",
    Verdict.ENDED_BEFORE: "档案中这条记录已修复、撤回或移出，没有恢复公示",
    Verdict.NEVER_HERE: "这条记录在来源处已修复或撤销，未入档",
    Verdict.OUTDATED: "档案中的数据更新，未采用",
}


def count_waiting(session: Session) -> int:
    """Rows that wait for a clerk."""
    wanted = select(func.count()).select_from(QuarantinedRow).where(QuarantinedRow.state == QuarantineState.WAITING)
    return session.scalar(wanted) or 0


def list_rows(
    session: Session, state: QuarantineState, count: int, after: int = 0, run_id: int | None = None
) -> Sequence[QuarantinedRow]:
    """Rows in one state, in the order of their coming."""
    wanted = select(QuarantinedRow).where(QuarantinedRow.state == state, QuarantinedRow.id > after)
    if run_id is not None:
        wanted = wanted.where(QuarantinedRow.run_id == run_id)
    return session.scalars(wanted.order_by(QuarantinedRow.id).limit(count)).all()


def open_cells(session: Session, row: QuarantinedRow) -> dict[Field, str]:
    """What the row says, by field."""
    told = json.loads(vault_of(session).open(row.row_sealed, ROW_FIELD))
    return {Field[name]: cell for name, cell in told.items()}


def find_candidates(session: Session, row: QuarantinedRow, index: NameIndex, home: str = "") -> list[Candidate]:
    """Firms that could be meant: of this code or one a slip away, and those of a like name; the clerk decides."""
    codes = [row.code, *(corrections(row.code)[:500] if row.reason is QuarantineReason.CODE_WRONG else [])]
    owners = select(Enterprise).where(Enterprise.credit_code.in_(codes), Enterprise.status != Status.REMOVED)
    by_code = [
        Candidate(one.id, one.name, one.credit_code, one.province or "", one.city or "", one.status, 1.0)
        for one in session.scalars(owners.limit(MOST_CANDIDATES))
    ]
    known = {one.enterprise_id for one in by_code}
    by_name = [
        one for one in suggest(session, row.name, index, MOST_CANDIDATES, home) if one.enterprise_id not in known
    ]
    return (by_code + by_name)[:MOST_CANDIDATES]


def hold(session: Session, row_id: int, reason: str) -> QuarantinedRow:
    """The row, locked, while it waits; UserError when another was faster."""
    row = session.get(QuarantinedRow, row_id, with_for_update=True)
    if row is None or row.state is not QuarantineState.WAITING:
        raise UserError("这一行已由别人处理")
    if not reason.strip():
        raise UserError("请写明理由")
    return row


def resolve(
    session: Session, row_id: int, enterprise_id: int, reason: str, *, actor: Actor, now: datetime, rules: ArchiveRules
) -> str:
    """Enter the row under the firm that the clerk names; what became of it in words."""
    row = hold(session, row_id, reason)
    firm = session.get(Enterprise, enterprise_id)
    if firm is None or firm.status is Status.REMOVED:
        raise UserError("请从候选中选一家，或用名称、代码查到企业后再选")
    said = write_resolved(session, row, firm.id, now, rules)
    row.state, row.enterprise_id = QuarantineState.RESOLVED, firm.id
    row.decided_at, row.decided_by, row.decision_reason = now, actor.name[:80], reason.strip()
    details = {"企业": firm.name, "结果": said}
    record(session, actor, Act.QUARANTINE_DECIDED, now, subject=f"待核实行 {row.id}", reason=reason, details=details)
    return said


def write_resolved(
    session: Session, row: QuarantinedRow, enterprise_id: int, now: datetime, rules: ArchiveRules
) -> str:
    """As the import would have done, had it known the firm."""
    run = session.get_one(ImportRun, row.run_id)
    cells, today = open_cells(session, row), day_of(now)
    terms = Terms(run.id, run.kind, run.data_on, today, run.source_unit, actor_key(run), publishes=False, rules=rules)
    entry = understand(row.row_number, cells, Sheetwide(run.kind, today, is_new=Field.CERTIFICATE in cells))
    known = load_known(session, run.kind, [enterprise_id])
    held = known.get(identity_of(enterprise_id, entry.said))
    verdict = judge(entry, held, run.data_on)
    if verdict is Verdict.OBJECTED:
        raise UserError("档案中这条记录正在异议处理中，办结后再核实")
    writer = Writer(session, terms, actor_key(run), now)
    older = None
    if held:
        subject = Subject.LISTING if run.kind in LISTS else Subject.RECORD
        sequence = last_sequences(session, subject, [held.row.id]).get(held.row.id, 0)
        older = Older(held.row.id, enterprise_id, held.life, sequence, entry.end)
    if verdict is Verdict.END and older:
        writer.end([older])
        return "已停止公示"
    if verdict not in {Verdict.ADD, Verdict.REVISE}:
        return SAYS[verdict]
    return add_resolved(writer, entry, enterprise_id, held.row._asdict() if held else None, older)


def add_resolved(
    writer: Writer, entry: Entry, enterprise_id: int, before: dict[str, object] | None, older: Older | None
) -> str:
    """A new record or version."""
    terms = writer.terms
    made = write_new(entry, terms, enterprise_id, before)
    is_draft = made["life"] is Life.DRAFT
    reason = f"缺：{'、'.join(find_missing(made, terms.rules))}" if is_draft else ""
    writer.add([Added(enterprise_id, made["life"], spell(made, columns_of(terms.kind)), older, reason)])
    writer.note_blocks([entry.type or terms.kind.value])
    return f"已存为草稿，{reason}" if is_draft else "已入档"


def refuse(session: Session, row_id: int, reason: str, *, actor: Actor, now: datetime) -> None:
    """The row stays out, and is not asked about again."""
    row = hold(session, row_id, reason)
    row.state, row.decided_at = QuarantineState.REFUSED, now
    row.decided_by, row.decision_reason = actor.name[:80], reason.strip()
    details = {"结果": "不予入档"}
    record(session, actor, Act.QUARANTINE_DECIDED, now, subject=f"待核实行 {row.id}", reason=reason, details=details)
