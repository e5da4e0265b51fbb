"""The page of statistics: each chart is drawn from the table beside it, and all tables go out as XLSX."""

from datetime import date

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse
from wtforms import DateField, Form
from wtforms.validators import Optional

from models.audit import Act
from models.case import Case
from services.audit import record
from services.cases.docket import Docket
from services.cases.facts import Actor
from services.cases.listing import list_cases
from services.cases.statistics import Figures, Group, count_by, last_year
from services.papers.lists import list_cases as make_case_table
from services.papers.workbook import Cell, Table, make_xlsx
from services.staff.duties import Permission
from web.console.case_list import kept_of, read_wanted
from web.console.cases import actor_of, docket_of
from web.console.gate import Stage, serves
from web.console.office import Office, here
from web.saving import send_made

TITLES = {
    Group.MONTH: "按月份",
    Group.UNIT: "按承办单位",
    Group.CATEGORY: "按类别",
    Group.KIND: "按类型",
    Group.REGION: "按地区",
    Group.SCORE: "按满意度",
}
HEADINGS = ("", "收到", "受理", "不予受理", "已结", "在办", "按期率（%）", "平均满意度", "挽回金额（元）")
MOST_EXPORTED = 10_000


class PeriodForm(Form):
    """Which days."""

    first = DateField("从哪天", [Optional()])
    last = DateField("到哪天", [Optional()])


def add_case_statistics(pages: Blueprint, office: Office) -> None:
    """/console/cases/statistics and the exports."""

    @pages.get("/cases/statistics")
    @serves(Stage.INSIDE, Permission.READ_CASES)
    def case_statistics() -> str:
        """Tables with charts."""
        with office.database.read() as session:
            docket, actor = docket_of(office, session), actor_of(here())
            form, first, last = read_period(docket, request.args)
            whole = count_by(docket, actor, None, first, last)
            groups = {group: count_by(docket, actor, group, first, last) for group in Group}
        return render_template(
            "console/case_statistics.html", form=form, first=first, last=last, whole=whole[0] if whole else None,
            groups=groups, titles=TITLES, headings=HEADINGS, cells=spell_cells,
        )  # fmt: skip

    @pages.get("/cases/statistics.xlsx")
    @serves(Stage.INSIDE, Permission.READ_CASES)
    def export_statistics() -> Response:
        """All tables in one workbook."""
        with office.database.read() as session:
            docket, actor = docket_of(office, session), actor_of(here())
            _, first, last = read_period(docket, request.args)
            tables = [make_table(docket, actor, group, first, last) for group in Group]
        note_export(office, f"统计 {first} 至 {last}")
        return send_made(make_xlsx(tables), f"投诉举报统计{first:%Y%m%d}-{last:%Y%m%d}.xlsx")

    @pages.get("/cases/list.xlsx")
    @serves(Stage.INSIDE, Permission.READ_CASES)
    def export_cases() -> AnyResponse:
        """The work list as filtered; nothing of a citizen stands in it."""
        with office.database.read() as session:
            docket, actor, wanted = docket_of(office, session), actor_of(here()), read_wanted(request.args)
            found: list[Case] = [row.case for row in list_cases(docket, actor, wanted, count=MOST_EXPORTED).rows]
            content = make_xlsx([make_case_table(docket, found)])
        note_export(office, f"清单 {len(found)} 件，条件 {kept_of(wanted)}")
        return send_made(content, f"投诉举报清单{docket.today:%Y%m%d}.xlsx")


def read_period(docket: Docket, args: "MultiDict[str, str]") -> tuple[PeriodForm, date, date]:
    """The days asked for; without any, or turned round, the last twelve months."""
    first, last = last_year(docket)
    form = PeriodForm(args)
    if form.validate():
        first, last = form.first.data or first, form.last.data or last
    if first > last:
        first, last = last, first
    form.first.data, form.last.data = first, last
    form.first.raw_data = form.last.raw_data = None
    return form, first, last


def spell_cells(row: Figures) -> tuple[Cell, ...]:
    """A row of a table."""
    return (
        row.name, row.received, row.accepted, row.rejected, row.ended, row.running, row.kept_share, row.score,
        row.recovered_fen / 100,
    )  # fmt: skip


def make_table(docket: Docket, actor: Actor, group: Group, first: date, last: date) -> Table:
    """A worksheet."""
    rows = [spell_cells(row) for row in count_by(docket, actor, group, first, last)]
    headings = (TITLES[group].removeprefix("按"), *HEADINGS[1:])
    return Table(TITLES[group], headings, rows, {headings[0]: 26})


def note_export(office: Office, what: str) -> None:
    """Who takes what out, written before it is sent."""
    with office.database.write() as session:
        record(session, here().actor, Act.CASES_EXPORTED, office.clock(), details={"内容": what[:300]})
