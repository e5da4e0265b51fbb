"""双公示 for upload to 信用中国: the sheets' own headings, codes as text, and only what may be shown today.

A delta holds what has changed since a receipt: new and revised records, and those that are public no more. An upload
says by its receipt up to which step of the archive's history it went.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.archive import ArchiveEvent
from models.archive_words import Subject
from models.audit import Act
from models.enterprise import Enterprise, Status
from models.importing import ExportReceipt, ImportKind
from models.record import Record, RecordType
from services.audit import Actor, record
from services.calendar.working_days import day_of, start_of
from services.credit import standing
from services.errors import UserError
from services.imports.words import KIND_WORDS
from services.papers.workbook import Table, make_xlsx

CODES = (
    "行政相对人代码_1（统一社会信用代码） 行政相对人代码_2（工商注册号） 行政相对人代码_3（组织机构代码） "
    "行政相对人代码_4（税务登记号） 行政相对人代码_5（事业单位证书号） 行政相对人代码_6（社会组织登记证号）"
)
PARTY = f"行政相对人名称 行政相对人类别 {CODES} 法定代表人 法定代表人证件类型 法定代表人证件号码 证件类型 证件号码"
# Heading → where it stands in a record: a column, or details.<key>. What is not named stays empty: this platform keeps
# neither the numbers nor the names of persons.
HEADINGS: dict[ImportKind, str] = {
    ImportKind.PENALTY: f"{PARTY} 行政处罚决定书文号 违法行为类型 违法事实 处罚依据 处罚类别 处罚内容 罚款金额（万元） "
    "没收违法所得、没收非法财物的金额（万元） 暂扣或吊销证照名称及编号 处罚决定日期 处罚有效期 公示截止期 处罚机关 "
    "处罚机关统一社会信用代码 数据来源单位 数据来源单位统一社会信用代码 备注",
    ImportKind.LICENCE: f"{PARTY} 行政许可决定文书名称 行政许可决定文书号 许可类别 许可证书名称 许可编号 许可内容 "
    "许可决定日期 有效期自 有效期至 许可机关 许可机关统一社会信用代码 当前状态 数据来源单位 "
    "数据来源单位统一社会信用代码 备注",
}
PLACES = {
    "行政处罚决定书文号": "document_number",
    "违法行为类型": "details.offence",
    "违法事实": "details.fact",
    "处罚依据": "legal_basis",
    "处罚类别": "details.penalty_kind",
    "处罚内容": "content",
    "罚款金额（万元）": "details.fine_wan",
    "没收违法所得、没收非法财物的金额（万元）": "details.confiscated_wan",
    "暂扣或吊销证照名称及编号": "details.revoked_licence",
    "处罚决定日期": "decided_on",
    "处罚有效期": "details.penalty_until",
    "公示截止期": "published_until",
    "处罚机关": "authority",
    "处罚机关统一社会信用代码": "details.authority_code",
    "行政许可决定文书名称": "details.document_name",
    "行政许可决定文书号": "document_number",
    "许可类别": "details.licence_kind",
    "许可证书名称": "details.certificate",
    "许可编号": "details.certificate_number",
    "许可内容": "content",
    "许可决定日期": "decided_on",
    "有效期自": "details.valid_from",
    "有效期至": "valid_until",
    "许可机关": "authority",
    "许可机关统一社会信用代码": "details.authority_code",
    "数据来源单位": "source_unit",
    "数据来源单位统一社会信用代码": "details.source_unit_code",
    "备注": "details.remark",
}
FOREVER = "2099-12-31"  # how these sheets say 长期
CREDIT_CODE_LENGTH = 18
ENDED_HEADINGS = "统一社会信用代码 行政相对人名称 文号 决定机关 处理 生效日期".split()
ENDED_WORDS = {"repaired": "信用修复，停止公示", "withdrawn": "撤回", "removed": "移出"}
LEGAL_PERSON = "法人及非法人组织"
MOST_ROWS = 500_000


@dataclass(frozen=True)
class Exported:
    """A file that goes out, and what its receipt says."""

    name: str
    content: bytes
    receipt: ExportReceipt


def export_records(
    session: Session, kind: ImportKind, actor: Actor, now: datetime, *, since: date | ExportReceipt | None = None
) -> Exported:
    """The file with its receipt, written down. `since`: a day or the receipt of an earlier file; None: everything."""
    if kind not in HEADINGS:
        raise UserError("只有行政处罚和行政许可有双公示上报模板")
    today = day_of(now)
    until = session.scalar(select(func.max(ArchiveEvent.id))) or 0
    start = first_event(session, since)
    headings = HEADINGS[kind].split()
    shown = list(find_shown(session, kind, start, today, is_whole=since is None))
    ended = list(find_ended(session, kind, start, today)) if since is not None else []
    if len(shown) > MOST_ROWS:
        raise UserError(f"有 {len(shown)} 条，超过一个文件的上限 {MOST_ROWS} 条，请按日期分次导出")
    tables = [Table(f"{KIND_WORDS[kind]}双公示", headings, (spell_row(headings, *row) for row in shown))]
    if ended:
        tables.append(Table("停止公示", ENDED_HEADINGS, ended))
    content = make_xlsx(tables)
    name = f"双公示-{KIND_WORDS[kind]}-{today:%Y%m%d}{'-增量' if since is not None else ''}.xlsx"
    receipt = ExportReceipt(
        kind=kind, name=name, sha256=hashlib.sha256(content).hexdigest(), since_event=start, until_event=until,
        row_count=len(shown), ended_count=len(ended), actor=actor.name[:80], made_at=now,
    )  # fmt: skip
    session.add(receipt)
    session.flush()
    details = {"行数": str(len(shown)), "停止公示": str(len(ended)), "SHA-256": receipt.sha256}
    record(session, actor, Act.RECORDS_EXPORTED, now, subject=f"{KIND_WORDS[kind]} 回执 {receipt.id}", details=details)
    return Exported(name, content, receipt)


def last_receipt(session: Session, kind: ImportKind) -> ExportReceipt | None:
    """Of the newest file of a kind: the next delta begins there."""
    wanted = select(ExportReceipt).where(ExportReceipt.kind == kind).order_by(ExportReceipt.id.desc()).limit(1)
    return session.scalar(wanted)


def first_event(session: Session, since: date | ExportReceipt | None) -> int:
    """The last step of the history that the receiver already knows."""
    if since is None:
        return 0
    if isinstance(since, ExportReceipt):
        return since.until_event
    begins = start_of(since)
    return session.scalar(select(func.max(ArchiveEvent.id)).where(ArchiveEvent.at < begins)) or 0


def changed_since(start: int) -> Select[Any]:
    """The records that have taken a step since."""
    return select(ArchiveEvent.subject_id).where(ArchiveEvent.subject == Subject.RECORD, ArchiveEvent.id > start)


def find_shown(
    session: Session, kind: ImportKind, start: int, today: date, *, is_whole: bool
) -> Iterator[tuple[Record, str, str]]:
    """Records that may be shown today, with their firms' names and codes."""
    wanted = (
        select(Record, Enterprise.name, Enterprise.credit_code)
        .join(Enterprise, Enterprise.id == Record.enterprise_id)
        .where(Record.type == RecordType(kind.value), Enterprise.status != Status.REMOVED)
        .order_by(Record.id)
    )
    if not is_whole:
        wanted = wanted.where(Record.id.in_(changed_since(start)))
    for row, name, code in session.execute(wanted.execution_options(yield_per=1000)):
        if standing.is_record_shown(row, today):
            yield row, name, code or ""


def find_ended(session: Session, kind: ImportKind, start: int, today: date) -> Iterator[Sequence[str]]:
    """What the receiver may still hold and must show no more; of a repaired record nothing but what identifies it."""
    wanted = (
        select(Record, Enterprise.name, Enterprise.credit_code)
        .join(Enterprise, Enterprise.id == Record.enterprise_id)
        .where(Record.type == RecordType(kind.value), Record.id.in_(changed_since(start)))
        .order_by(Record.id)
    )
    for row, name, code in session.execute(wanted.execution_options(yield_per=1000)):
        if row.life in ENDED_WORDS and not standing.is_record_shown(row, today):
            day = row.withdrawn_on.isoformat() if row.withdrawn_on else today.isoformat()
            yield code or "", name, row.document_number or "", row.authority, ENDED_WORDS[row.life], day


def spell_row(headings: Sequence[str], row: Record, name: str, code: str) -> list[str]:
    """The cells, all text."""
    return [spell_cell(heading, row, name, code) for heading in headings]


def spell_cell(heading: str, row: Record, name: str, code: str) -> str:
    """One cell; the code goes where its form says."""
    if heading == "行政相对人名称":
        return name
    if heading == "行政相对人类别":
        return str(row.details.get("subject_kind") or LEGAL_PERSON)
    if heading.startswith("行政相对人代码_1"):
        return code if len(code) == CREDIT_CODE_LENGTH else ""
    if heading.startswith("行政相对人代码_2"):
        return code if len(code) != CREDIT_CODE_LENGTH else ""
    if heading == "当前状态":
        return "1"  # 有效: others are not shown
    return spell_place(heading, row)


def spell_place(heading: str, row: Record) -> str:
    """What the record says under a heading."""
    place = PLACES.get(heading, "")
    value = row.details.get(place.removeprefix("details.")) if "." in place else getattr(row, place, None)
    if heading == "公示截止期":
        value = standing.window_end(row)
    if value is None or value == "":
        return FOREVER if heading == "有效期至" else ""
    return value.isoformat() if isinstance(value, date) else str(value)
