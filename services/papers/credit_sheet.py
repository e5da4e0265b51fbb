"""The words of 信用查询结果 as it is printed: blocks by information class, each with source and data date; pure."""

import io
from typing import Any

import segno

from services.calendar.telling import date_words
from services.calendar.working_days import SHANGHAI
from services.credit.answers import Answer
from services.credit.blocks import Block, BlockState, Item
from services.credit.report import Report
from services.credit.words import NAME_WORDS

NOT_FOUND = "在本平台已归集的数据中未查到"
NOT_COLLECTED = "本平台未归集，没有查"
ADVERSE = frozenset({"black", "penalty", "abnormal", "court"})


def fill_credit_sheet(report: Report, answer: Answer, organ: str, link: str) -> dict[str, Any]:
    """All texts of the sheet; `link` is the full address of the check page."""
    at = answer.issued_at.astimezone(SHANGHAI)
    return {
        "organ": organ,
        "number": answer.number,
        "code": answer.code_words,
        "time": f"{date_words(at.date())}{at:%H:%M}",
        "day": date_words(at.date()),
        "link": link,
        "qr": draw_qr(link),
        "name": report.name,
        "warning": report.status_note if report.status not in {"in_force", "unknown"} else "",
        "facts": [[word, value] for word, value in facts_of(report) if value],
        "register_source": source_words(report.register_source or "企业登记资料", date_words(report.register_data_on)),
        "sections": [
            {"word": section.word, "blocks": [fill_block(block) for block in section.blocks]}
            for section in report.sections
        ],
        "disclaimer": report.disclaimer,
    }


def facts_of(report: Report) -> list[tuple[str, str]]:
    """What the register holds."""
    return [
        (report.code_word, report.credit_code or "登记数据中没有"),
        ("登记状态", report.status_word),
        *((NAME_WORDS[other.kind], other.name) for other in report.other_names),
        ("所属企业", report.parent_name),
        ("类型", report.kind),
        ("成立日期", date_words(report.registered_on)),
        ("注册资本", report.capital),
        ("地区", report.region),
        ("注册地址", report.address),
        ("经营范围", report.scope),
    ]


def fill_block(block: Block) -> dict[str, Any]:
    """One kind of information; what was not searched is told apart from what was not found."""
    states = {BlockState.NOT_FOUND: NOT_FOUND, BlockState.NOT_COLLECTED: NOT_COLLECTED}
    stale = "（数据较旧，可能已变化）" if block.is_stale else ""
    return {
        "word": block.word,
        "state": states.get(block.state, f"{block.count} 条") + stale,
        "source": source_words(block.source_unit, date_words(block.data_on)) if block.data_on else "",
        "items": [fill_item(item, block.key) for item in block.items],
    }


def fill_item(item: Item, key: str) -> dict[str, Any]:
    """One record or entry of a list."""
    until = date_words(item.published_until) or "长期"
    rows = [
        ("内容", item.content),
        ("文号", item.document_number),
        ("作出单位", item.authority),
        ("日期", date_words(item.decided_on)),
        ("依据", item.legal_basis),
        *item.details,
        ("有效至", date_words(item.valid_until)),
        ("公示至", until if key in ADVERSE else ""),
        ("移出条件", item.removal_condition),
        ("异议", "有关单位正在核查对这条信息的异议" if item.is_objected else ""),
    ]
    return {"title": item.title, "rows": [[word, value] for word, value in rows if value]}


def source_words(unit: str, day: str) -> str:
    """Source unit and data date."""
    return f"来源：{unit}　数据截至{day}"


def draw_qr(address: str) -> str:
    """An SVG without border."""
    stream = io.BytesIO()
    segno.make(address, error="m").save(stream, kind="svg", border=0, svgns=True, xmldecl=False)
    return stream.getvalue().decode()
