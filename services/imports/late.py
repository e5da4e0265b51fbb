"""七个工作日内网上公示: which licences and penalties came late, by the real calendar (晋政办发, R6)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.archive_words import Life
from models.enterprise import Enterprise
from models.record import Record, RecordType
from services.calendar.working_days import Due, WorkCalendar
from services.papers.workbook import Table

WORKING_DAYS = 7
HEADINGS = "类别 企业 统一社会信用代码 文号 决定机关 决定日期 应公示日 实际公示日 迟报工作日 备注".split()
WIDTHS = {"企业": 34, "统一社会信用代码": 22, "文号": 26, "决定机关": 22, "备注": 30}
KINDS = {RecordType.PENALTY: "行政处罚", RecordType.LICENCE: "行政许可"}
PROVISIONAL = "次年放假安排未公布，应公示日为暂定"


class Published(NamedTuple):
    """A licence or penalty and the day on which it became public."""

    id: int
    type: RecordType
    enterprise_id: int
    name: str
    credit_code: str | None
    document_number: str | None
    authority: str
    decided_on: date
    published_from: date


@dataclass(frozen=True)
class Late:
    """One that came late."""

    what: Published
    due: Due
    days: int  # working days after the last one in time


def due_date(decided_on: date, calendar: WorkCalendar) -> Due:
    """The last day in time: the seventh working day after the decision."""
    return calendar.add(decided_on, WORKING_DAYS)


def is_late(decided_on: date, published_from: date, calendar: WorkCalendar) -> bool:
    """Published after the last day in time."""
    return published_from > due_date(decided_on, calendar).on


def find_late(session: Session, calendar: WorkCalendar, first: date, last: date, authority: str = "") -> Iterator[Late]:
    """Decisions of these days that were published late, the latest decisions first; versions count once."""
    wanted = (
        select(
            Record.id, Record.type, Record.enterprise_id, Enterprise.name, Enterprise.credit_code,
            Record.document_number, Record.authority, Record.decided_on, Record.published_from,
        )
        .join(Enterprise, Enterprise.id == Record.enterprise_id)
        .where(
            Record.type.in_(KINDS), Record.decided_on.between(first, last), Record.version == 1,
            Record.life.in_([Life.PUBLISHED, Life.OBJECTED, Life.CORRECTED]),
        )
        .order_by(Record.decided_on.desc(), Record.id)
    )  # fmt: skip
    if authority:
        wanted = wanted.where(Record.authority == authority)
    dues: dict[date, Due] = {}
    for row in session.execute(wanted.execution_options(yield_per=1000)):
        what = Published(*row)
        due = dues.setdefault(what.decided_on, due_date(what.decided_on, calendar))
        if what.published_from > due.on:
            yield Late(what, due, calendar.count(due.on, what.published_from))


def late_table(found: Iterable[Late]) -> Table:
    """For XLSX."""
    rows = (
        (
            KINDS[one.what.type], one.what.name, one.what.credit_code, one.what.document_number, one.what.authority,
            one.what.decided_on.isoformat(), one.due.on.isoformat(), one.what.published_from.isoformat(), one.days,
            PROVISIONAL if one.due.is_provisional else "",
        )
        for one in found
    )  # fmt: skip
    return Table("迟报清单", HEADINGS, rows, WIDTHS)
