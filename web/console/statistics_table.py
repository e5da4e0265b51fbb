"""The 活动统计表: ten rows, each with its addends, changes with a reason, tables of other bureaus, documents."""

import hashlib

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.article import Article, Campaign
from models.audit import Act
from models.campaign_words import ArticleState, ArticleType
from services.counting.documents import MOST_BYTES, make_docx, make_xlsx, read_xlsx
from services.counting.reports import Material, make_summary
from services.counting.rows import ROWS, TITLE, spell
from services.counting.table import (
    Line,
    Sheet,
    TableError,
    change_number,
    history_of,
    line_of,
    load_cells,
    missing_units,
    own_sheet,
    read_table,
    roll_up,
    set_units,
    submissions_of,
    take_in,
)
from web.console.activity_room import BUREAU, campaigns_of, note
from web.console.association_room import key_here
from web.console.cases import names_of_staff
from web.console.gate import Stage, serves, takes
from web.console.office import Office
from web.console.staff import LARGEST_ID
from web.saving import send_made

ONE = f"/table/<int(max={LARGEST_ID}):campaign_id>"


def add_statistics_table(pages: Blueprint, office: Office) -> None:
    """/console/table."""
    rules = office.desk.taking_part.counting
    pages.add_app_template_global(spell, "spell_cell")

    @pages.get("/table")
    @serves(Stage.INSIDE, *BUREAU)
    def statistics_table() -> AnyResponse | str:
        """The latest campaign's."""
        with office.database.read() as session:
            campaigns = campaigns_of(session)
        if not campaigns:
            return render_template("console/table_none.html")
        begun = [one for one in campaigns if one.starts_on <= office.today()] or campaigns
        return redirect(url_for("console.campaign_table", campaign_id=begun[0].id), 303)

    @pages.get(ONE)
    @serves(Stage.INSIDE, *BUREAU)
    def campaign_table(campaign_id: int) -> str:
        """As it stands now, ours and with those handed in."""
        with office.database.read() as session:
            campaign = session.get(Campaign, campaign_id) or abort(404)
            lines, _ = read_table(session, campaign, rules, office.clock())
            own, handed = own_sheet(lines, campaign, office.desk.bureau.name), submissions_of(session, campaign.id)
            return render_template(
                "console/table.html", campaign=campaign, campaigns=campaigns_of(session), lines=lines, rows=ROWS,
                spans=row_spans(), whole=roll_up(own, handed), handed=handed, title=TITLE.format(year=campaign.year),
                missing=missing_units(session, campaign.id), names=names_of_staff(session),
                others={one.id: load_cells(one) for one in handed},
            )  # fmt: skip

    @pages.route(f"{ONE}/<code>", methods=["GET", "POST"])
    @serves(Stage.INSIDE, *BUREAU)
    def table_row(campaign_id: int, code: str) -> AnyResponse | str:
        """What a row is made of; a number may be put in place of the counted one."""
        with office.database.write() as session:
            campaign = session.get(Campaign, campaign_id) or abort(404)
            lines, addends = read_table(session, campaign, rules, office.clock())
            if code not in addends:
                abort(404)
            line = line_of(lines, code)
            if request.method == "POST":
                change(office, session, campaign, line)
                return redirect(url_for("console.table_row", campaign_id=campaign_id, code=code), 303)
            return render_template(
                "console/table_row.html", campaign=campaign, line=line, addends=addends[code],
                history=history_of(session, campaign.id, code), names=names_of_staff(session), links=link_of,
            )  # fmt: skip


def change(office: Office, session: Session, campaign: Campaign, line: Line) -> None:
    """As the form says; what is wrong is said, what was counted stays."""
    said, measure = request.form.get("value", "").strip().replace(",", ""), request.form.get("measure", "0")
    if said and not (said.isdecimal() and len(said) < 11):
        flash("请填数字。", "warn")
        return
    value = int(said) if said and request.form.get("do") != "back" else None
    if value is None and request.form.get("do") != "back":
        flash("请填新的数。", "warn")
        return
    try:
        place = int(measure) if measure.isdecimal() else 0
        row = change_number(
            session, line, campaign, place, value=value, reason=request.form.get("reason", ""), by=key_here(),
            now=office.clock(),
        )  # fmt: skip
    except TableError as error:
        flash(str(error), "warn")
        return
    words = f"{line.row.title} {row.counted} 改为 {'系统统计数' if value is None else value}"
    note(session, office, Act.TABLE_CHANGED, f"{campaign.year}年活动统计表", words, reason=row.reason)
    flash("已改回系统统计数。" if value is None else "已修改，系统统计数仍保留在旁边。")


def add_table_files(pages: Blueprint, office: Office) -> None:
    """Documents out."""

    @pages.get(f"{ONE}/<any(own, whole):which>.<any(xlsx, docx):kind>")
    @serves(Stage.INSIDE, *BUREAU)
    def table_file(campaign_id: int, which: str, kind: str) -> Response:
        """To be sent up."""
        with office.database.write() as session:
            campaign = session.get(Campaign, campaign_id) or abort(404)
            own, whole = sheets_of(office, session, campaign)
            sheet = own if which == "own" else whole
            name = f"{campaign.year}年诚信兴商宣传月活动统计表{'（汇总）' if which == 'whole' else ''}.{kind}"
            note(session, office, Act.TABLE_CHANGED, name, "导出")
        content = make_xlsx(sheet) if kind == "xlsx" else make_docx(sheet, office.clock())
        return send_made(content, name)

    @pages.get(f"{ONE}/summary.docx")
    @serves(Stage.INSIDE, *BUREAU)
    def summary_report(campaign_id: int) -> Response:
        """The skeleton with the figures in it."""
        with office.database.write() as session:
            campaign = session.get(Campaign, campaign_id) or abort(404)
            _, whole = sheets_of(office, session, campaign)
            material = Material(
                office.desk.bureau.name,
                whole,
                examples_of(session, campaign.id),
                tuple(missing_units(session, campaign.id)),
            )
            content = make_summary(session, campaign, material, office.clock())
            name = f"{campaign.year}年{campaign.name}活动总结.docx"
            note(session, office, Act.TABLE_CHANGED, name, "导出总结报告")
        return send_made(content, name)


def add_table_hand_in(pages: Blueprint, office: Office) -> None:
    """Tables of other bureaus."""

    @pages.post(f"{ONE}/hand-in")
    @serves(Stage.INSIDE, *BUREAU)
    @takes(MOST_BYTES + (1 << 20))
    def take_table(campaign_id: int) -> AnyResponse:
        """A county's file."""
        sent = request.files.get("file")
        content = sent.read() if sent else b""
        try:
            with office.database.write() as session:
                campaign = session.get(Campaign, campaign_id) or abort(404)
                row = take_in(
                    session,
                    campaign,
                    read_xlsx(content),
                    hashlib.sha256(content).digest(),
                    key_here(),
                    now=office.clock(),
                )
                note(session, office, Act.TABLE_CHANGED, f"{campaign.year}年活动统计表", f"收到 {row.unit} 的统计表")
                flash(f"已收到 {row.unit} 的统计表。")
        except TableError as error:
            flash(str(error), "warn")
        return redirect(url_for("console.campaign_table", campaign_id=campaign_id), 303)

    @pages.post(f"{ONE}/units")
    @serves(Stage.INSIDE, *BUREAU)
    def set_reporting_units(campaign_id: int) -> AnyResponse:
        """Who has to hand in."""
        with office.database.write() as session:
            campaign = session.get(Campaign, campaign_id) or abort(404)
            set_units(session, campaign.id, request.form.get("units", "")[:20_000].splitlines())
            note(session, office, Act.TABLE_CHANGED, f"{campaign.year}年活动统计表", "修改应报送单位")
        flash("已保存应报送的单位。")
        return redirect(url_for("console.campaign_table", campaign_id=campaign_id), 303)


def sheets_of(office: Office, session: Session, campaign: Campaign) -> tuple[Sheet, Sheet]:
    """Ours, and the whole."""
    lines, _ = read_table(session, campaign, office.desk.taking_part.counting, office.clock())
    own = own_sheet(lines, campaign, office.desk.bureau.name)
    return own, roll_up(own, submissions_of(session, campaign.id))


def examples_of(session: Session, campaign_id: int) -> tuple[str, ...]:
    """Titles of published good examples."""
    wanted = select(Article.title).where(
        Article.campaign_id == campaign_id,
        Article.state == ArticleState.APPROVED,
        Article.type == ArticleType.GOOD_CASE,
    )
    return tuple(session.scalars(wanted.order_by(Article.published_at).limit(10)))


def row_spans() -> dict[int, list[tuple[str, int, int]]]:
    """For each of the ten rows the merged headings that begin there: words, rows, columns."""
    spans: dict[int, list[tuple[str, int, int]]] = {place: [] for place in range(len(ROWS))}
    for place, row in enumerate(ROWS):
        before = ROWS[place - 1] if place else None
        if before is None or before.group != row.group:
            count = sum(one.group == row.group for one in ROWS)
            spans[place].append((row.group, count, 1 if row.subgroup else 2))
        if row.subgroup and (before is None or before.subgroup != row.subgroup):
            spans[place].append((row.subgroup, sum(one.subgroup == row.subgroup for one in ROWS), 1))
    return spans


def link_of(source: str, campaign_id: int) -> str:
    """The page of an addend; "" for none."""
    kind, _, number = source.partition(":")
    if kind == "activity":
        return url_for("console.activity", activity_id=int(number))
    if kind == "article":
        return url_for("console.article", article_id=int(number))
    if kind == "row":
        return url_for("console.table_row", campaign_id=campaign_id, code=number)
    return url_for("console.publicity") if kind == "entry" else ""
