"""Case lists as tables for XLSX; nothing of a citizen stands in them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from models.case import Case
from models.case_clock import CaseDeadline
from services.calendar.telling import date_words
from services.calendar.working_days import SHANGHAI
from services.cases.docket import Docket
from services.cases.timing import told_deadlines
from services.cases.wording import name_of
from services.papers.workbook import Cell, Table

LIST_HEADINGS = (
    "编号 类型 类别 状态 紧急程度 来源 来源编号 被反映单位 统一社会信用代码 单位电话 涉及金额（元） 承办单位 "
    "收到时间 受理时间 办结时间 当前期限 结果 退赔金额（元） 满意度"
).split()
WIDTHS = {"编号": 26, "被反映单位": 32, "统一社会信用代码": 22, "当前期限": 18, "类别": 20}


def list_cases(docket: Docket, cases: Iterable[Case]) -> Table:
    """One row a case, in the order given; who may see which case is decided before."""
    listed = list(cases)
    due = told_deadlines(docket.session, listed)
    rows = (spell_case(docket, one, due.get(one.id)) for one in listed)
    return Table("投诉举报清单", LIST_HEADINGS, rows, WIDTHS)


def spell_case(docket: Docket, one: Case, due: CaseDeadline | None) -> Sequence[Cell]:
    """The cells: codes, telephones and times are text, amounts and marks are numbers."""
    category = docket.rules.category(one.category)
    return (
        one.number,
        name_of("kinds", one.kind),
        category.name if category else one.category,
        name_of("states", one.state),
        name_of("urgencies", one.urgency),
        name_of("channels", one.channel),
        one.source_number,
        one.respondent_name,
        one.credit_code,
        one.respondent_phone,
        spell_yuan(one.amount_fen),
        one.unit,
        spell_moment(one.submitted_at),
        spell_moment(one.accepted_at),
        spell_moment(one.closed_at),
        date_words(due.due_on) if due else "",
        name_of("results", one.result),
        spell_yuan(one.recovered_fen),
        one.score,
    )


def spell_yuan(fen: int | None) -> float | None:
    """Fen as yuan."""
    return int(fen) / 100 if fen is not None else None


def spell_moment(moment: datetime | None) -> str:
    """2026-11-20 10:00, in China."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if moment else ""
