"""The archive at a glance: charts drawn from the tables beside them, and what waits, each number with its way there."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import NamedTuple

from flask import Blueprint, render_template, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.importing import ImportSource
from models.listing import Kind
from services.calendar.working_days import WorkCalendar, day_of
from services.calendar.years import load_calendar
from services.credit.figures import count_drafts, count_records, find_stale, last_months
from services.credit.objections import open_objections
from services.credit.public_lists import heads_of
from services.credit.questions import CHAT, H5, count_by_day
from services.credit.words import BLOCK_WORDS
from services.enterprises.finding import Verdict
from services.imports.faults import Quality
from services.imports.late import find_late
from services.imports.monthly import sum_up_months
from services.imports.quarantine import count_waiting
from services.staff.duties import Permission
from web.console.archive import QUEUES, READERS, ledger_of
from web.console.gate import Stage, serves
from web.console.import_late import USUAL_DAYS
from web.console.office import Office, here

DAYS = 30
KIND_NAMES = {Kind.RED: "守信名单", Kind.BLACK: "严重失信主体名单"}
ANSWERS = {
    (CHAT, Verdict.MATCH): "查到一家",
    (CHAT, Verdict.CHOOSE): "请市民选",
    (CHAT, Verdict.NONE): "没有查到",
    (H5, Verdict.MATCH): "网页查看",
}


class Sheet(NamedTuple):
    """A table and how its chart is drawn: upright by time, or lying by name."""

    code: str
    title: str
    headings: list[str]  # those that end with （%） are drawn as lines
    rows: list[tuple[str, list[int | str]]]
    by: str  # month, day or name
    about: str


class Waiting(NamedTuple):
    """A number of things that somebody has to see to."""

    name: str
    many: int
    link: str  # empty for those who may not go there
    note: str = ""
    is_late: bool = False


def add_archive_figures(pages: Blueprint, office: Office) -> None:
    """/console/archive/figures."""

    @pages.get("/archive/figures")
    @serves(Stage.INSIDE, *READERS)
    def archive_figures() -> str:
        """Rather looked at than read."""
        now = office.clock()
        with office.database.read() as session:
            calendar = load_calendar(session, now.year - 3)
            sheets = [
                show_records(session, office.today()),
                show_lists(session, office.today()),
                show_imports(session, calendar, now),
                show_questions(session, office.today()),
            ]
            waiting = [*find_waiting(office, session), *find_import_waiting(office, session, calendar)]
        return render_template("console/archive_figures.html", sheets=sheets, waiting=waiting)


def show_records(session: Session, today: date) -> Sheet:
    """By month of decision and type, the most frequent first; types without a record are left out."""
    counts = count_records(session, today)
    sums = Counter[str]()
    for (kind, _), count in counts.items():
        sums[kind] += count
    types = [kind for kind, _ in sums.most_common()]
    rows: list[tuple[str, list[int | str]]] = [
        (spell_month(month), [counts.get((kind, month), 0) for kind in types]) for month in last_months(today)
    ]
    headings = ["决定月份", *(BLOCK_WORDS[kind] for kind in types)]
    about = "最近十二个月作出决定的；一条只算最新一版，公示期满和已修复的也算，草稿不算。"
    return Sheet("records", "档案里的记录", headings, rows if types else [], "month", about)


def show_lists(session: Session, today: date) -> Sheet:
    """Who is on which list today, the longest first."""
    heads = sorted(heads_of(session, today), key=lambda head: -head.count)
    rows: list[tuple[str, list[int | str]]] = [
        (head.name, [head.count if head.kind is kind else 0 for kind in KIND_NAMES]) for head in heads
    ]
    about = "今天正在公示的条目，与市民看到的一致。"
    return Sheet("lists", "在列名单", ["名单", *KIND_NAMES.values()], rows, "name", about)


def show_imports(session: Session, calendar: WorkCalendar, now: datetime) -> Sheet:
    """Rows by what became of them, and the four qualities of the month."""
    months = sum_up_months(session, calendar, now)
    rows: list[tuple[str, list[int | str]]] = [
        (
            spell_month(one.month),
            [one.taken, one.refused, one.quarantined, *(mark.words.removesuffix("%") for mark in one.marks)],
        )
        for one in months
    ]
    has_any = any(one.taken or one.refused or one.quarantined for one in months)
    headings = ["导入月份", "入库", "退回", "待核实", *(f"{quality}（%）" for quality in Quality)]
    about = "按收到文件的月份，撤销的导入不算；时效性是许可和处罚七个工作日内公示的占多少。"
    return Sheet("imports", "导入和质量", headings, rows if has_any else [], "month", about)


def show_questions(session: Session, today: date) -> Sheet:
    """How questions for a firm were answered, by day."""
    days = [today - timedelta(days=ago) for ago in range(DAYS - 1, -1, -1)]
    counts = count_by_day(session, days[0], today)
    rows: list[tuple[str, list[int | str]]] = [
        (day.isoformat(), [counts.get((day, channel, verdict.value), 0) for channel, verdict in ANSWERS])
        for day in days
    ]
    about = "最近三十天：公众号里问企业的次数，按答复分；网页只算打开企业页的次数。不记谁问的、问的哪家。"
    return Sheet("questions", "市民查询", ["日期", *ANSWERS.values()], rows if counts else [], "day", about)


def spell_month(month: tuple[int, int]) -> str:
    """2026-11."""
    return f"{month[0]}-{month[1]:02}"


def find_waiting(office: Office, session: Session) -> list[Waiting]:
    """Drafts and objections."""
    drafts = count_drafts(session)
    archive = url_for("console.archive")
    objections = open_objections(ledger_of(office, session), office.desk.bureau.name)
    duties = [duty for _, _, duty in objections if duty]
    late = sum(duty.is_late for duty in duties)
    note = f"{late} 件超期" if late else f"最早 {duties[0].due_on:%m-%d} 到期" if duties else ""
    return [
        *(Waiting(title, drafts[life], f"{archive}#q-{life}") for life, title in QUEUES.items()),
        Waiting("异议", len(objections), keeper_link("console.objections"), note, bool(late)),
    ]


def find_import_waiting(office: Office, session: Session, calendar: WorkCalendar) -> list[Waiting]:
    """What came in and cannot stay as it is."""
    today = day_of(office.clock())
    late = sum(1 for _ in find_late(session, calendar, today - timedelta(days=USUAL_DAYS), today))
    stale = find_stale(session, today)
    names = "、".join(BLOCK_WORDS.get(block, "企业登记") for block in stale)
    failing = session.scalar(select(func.count()).select_from(ImportSource).where(ImportSource.fault_count > 0)) or 0
    imports = keeper_link("console.imports")
    return [
        Waiting("导入待核实", count_waiting(session), keeper_link("console.quarantine")),
        Waiting(f"{USUAL_DAYS} 天内迟报", late, keeper_link("console.late")),
        Waiting("数据逾期未更新", len(stale), imports, names, bool(stale)),
        Waiting("自动来源有故障", failing, imports, "", bool(failing)),
    ]


def keeper_link(endpoint: str) -> str:
    """The address of a page of those who keep the archive; empty for others."""
    return url_for(endpoint) if here().may(Permission.KEEP_ARCHIVE) else ""
