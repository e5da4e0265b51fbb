"""The sheet of a screening: one row for each line in its order, what is found read at this moment, and a cover."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.enterprise import Enterprise
from models.listing import Listing
from models.record import Dataset, Record
from models.screening import Outcome, Screening, ScreeningRow
from services.calendar.working_days import SHANGHAI, day_of
from services.credit import standing
from services.credit.standing import SHOWN
from services.credit.words import BLOCK_WORDS, STATUS_WORDS
from services.papers.workbook import Cell, Table
from services.screening.rules import ADVERSE, Fact, Verdict, counts, judge

AT_ONCE = 500
OUTCOME_WORDS = {
    Outcome.FOUND: "已匹配",
    Outcome.SEVERAL: "有几家可能，请核对后用代码再查",
    Outcome.NONE: "未查到这家企业",
    Outcome.REFUSED: "不是企业名称或代码，没有核查",
}
VERDICT_WORDS = {
    Verdict.CLEAN: "在已归集的数据中未查到",
    Verdict.NOT_CLEAN: "有",
    Verdict.UNKNOWN: "有的数据未归集，不能判断",
}
SHOWN_BLOCKS = ("black", "penalty", "abnormal", "court", "red", "honour", "demonstration")
HEADINGS = (
    "序号", "提交的名称或代码", "结果", "企业名称", "统一社会信用代码", "登记状态", "可能的企业", "三年内不良信用记录",
    *(BLOCK_WORDS[block] for block in SHOWN_BLOCKS),
)  # fmt: skip
RULE = (
    "三年内不良信用记录：本日往前三年内（含当天）作出决定的行政处罚、严重失信主体名单、经营异常名录、失信被执行人；"
    "已修复、撤回、更正的和轻微的不计，投诉数量不计。"
)
CAUTION = "本表依据截至数据日期已归集的数据，不代表对企业信用的全面评价；“未查到”不等于没有，也不表示信用好。"


@dataclass(frozen=True)
class Told:
    """One record as the sheet tells it."""

    fact: Fact
    words: str


def read_facts(session: Session, ids: list[int], today: date) -> dict[int, list[Told]]:
    """All records and entries of these firms, judged on this day."""
    told: dict[int, list[Told]] = defaultdict(list)
    kinds = {
        row.id: row.kind
        for row in session.execute(select(Enterprise.id, Enterprise.kind).where(Enterprise.id.in_(ids)))
    }
    for listing in session.scalars(select(Listing).where(Listing.enterprise_id.in_(ids))):
        why = standing.judge_listing(listing, today).why
        named = f"{listing.list_name}（{listing.legal_basis}）"
        words = f"{listing.decided_on} {named}{listing.document_number} {listing.authority}"
        told[listing.enterprise_id].append(Told(Fact(listing.kind.value, listing.decided_on, why), words))
    for record in session.scalars(select(Record).where(Record.enterprise_id.in_(ids))):
        why = standing.judge_record(record, today, kinds[record.enterprise_id]).why
        words = f"{record.decided_on} {record.title} {record.document_number or ''} {record.authority}"
        told[record.enterprise_id].append(Told(Fact(record.type.value, record.decided_on, why), words))
    return told


def describe_block(told: list[Told], block: str, today: date, *, only_public: bool) -> str:
    """What is public, newest first; of what is not public any more but counts, only how many."""
    own = [one for one in told if one.fact.block == block]
    shown = sorted((one for one in own if one.fact.why in SHOWN), key=lambda one: one.fact.decided_on, reverse=True)
    hidden = sum(one.fact.why not in SHOWN and counts(one.fact, today, only_public=only_public) for one in own)
    lines = [one.words for one in shown]
    if hidden:
        lines.append(f"三年内另有 {hidden} 条，已过公示期")
    return "\n".join(lines)


def write_rows(session: Session, screening: Screening, today: date) -> Iterator[list[Cell]]:
    """The rows, some hundred firms at a time."""
    only_public = screening.association_id is not None
    collected = list(session.scalars(select(Dataset.block)))
    wanted = select(ScreeningRow).where(ScreeningRow.screening_id == screening.id).order_by(ScreeningRow.position)
    rows = list(session.scalars(wanted))
    for start in range(0, len(rows), AT_ONCE):
        piece = rows[start : start + AT_ONCE]
        ids = {row.enterprise_id for row in piece if row.enterprise_id} | {
            one for row in piece for one in row.candidate_ids
        }
        firms = {firm.id: firm for firm in session.scalars(select(Enterprise).where(Enterprise.id.in_(ids)))}
        told = read_facts(session, [row.enterprise_id for row in piece if row.enterprise_id], today)
        for row in piece:
            yield write_row(row, firms, told, collected, today, only_public=only_public)


def write_row(
    row: ScreeningRow,
    firms: dict[int, Enterprise],
    told: dict[int, list[Told]],
    collected: Iterable[str],
    today: date,
    *,
    only_public: bool,
) -> list[Cell]:
    """One line of the sheet."""
    head: list[Cell] = [row.position, row.text, OUTCOME_WORDS[row.outcome] if row.outcome else "尚未核查"]
    firm = firms.get(row.enterprise_id or 0)
    if firm is None:
        named = [firms[one] for one in row.candidate_ids if one in firms]
        offered = "\n".join(f"{one.name} {one.credit_code or '无代码'} {one.city or one.province}" for one in named)
        return [*head, "", "", "", offered, "", *("" for _ in SHOWN_BLOCKS)]
    own = told.get(firm.id, [])
    verdict = judge((one.fact for one in own), collected, today, only_public=only_public)
    blocks = [describe_block(own, block, today, only_public=only_public) for block in SHOWN_BLOCKS]
    identity = [firm.name, firm.credit_code or "", STATUS_WORDS[firm.status], ""]
    return [*head, *identity, VERDICT_WORDS[verdict], *blocks]


def number_of(screening: Screening) -> str:
    """HC20261121-000012."""
    return f"HC{screening.created_at.astimezone(SHANGHAI):%Y%m%d}-{screening.id:06d}"


def compose_tables(session: Session, screening: Screening, bureau: str, now: datetime) -> tuple[list[Table], str]:
    """Cover and rows, and the rows' SHA-256, which the cover bears and the audit log keeps."""
    today = day_of(now)
    rows = list(write_rows(session, screening, today))
    digest = hashlib.sha256("\n".join("\t".join(map(str, row)) for row in rows).encode()).hexdigest()
    outcomes = [row[2] for row in rows]
    datasets = {dataset.block: dataset.data_on for dataset in session.scalars(select(Dataset))}
    dates = [(BLOCK_WORDS[block], str(datasets.get(block) or "未归集")) for block in sorted(ADVERSE)]
    cover: list[tuple[str, str]] = [
        ("编号", number_of(screening)),
        ("单位", bureau),
        ("提交", f"{screening.actor} {screening.created_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"),
        ("用途", screening.purpose),
        ("生成", f"{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"),
        ("行数", str(len(rows))),
        *((word, str(outcomes.count(word))) for word in OUTCOME_WORDS.values()),
        *((f"数据日期：{word}", day) for word, day in dates),
        ("规则", RULE),
        ("范围", "只含依法公开的信息" if screening.association_id else "含已过公示期的条数（内部使用，不得外传）"),
        ("说明", CAUTION),
        ("内容校验值", digest),
    ]
    widths = {"提交的名称或代码": 34, "企业名称": 34, "统一社会信用代码": 22, "可能的企业": 48, "结果": 18}
    tables = [
        Table("说明", ("项目", "内容"), cover, {"项目": 30, "内容": 48}),
        Table("核查结果", HEADINGS, rows, widths | dict.fromkeys((BLOCK_WORDS[one] for one in SHOWN_BLOCKS), 40)),
    ]
    return tables, digest
