"""Late publications, and files for 信用中国."""

from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from models.importing import ExportReceipt, ImportKind
from services.calendar.years import load_calendar
from services.errors import UserError
from services.imports.exporting import HEADINGS, export_records, last_receipt
from services.imports.late import Late, find_late, late_table
from services.papers.workbook import make_xlsx
from web.console.gate import Stage, serves
from web.console.imports import KEEPER, read_day
from web.console.office import Office, here
from web.saving import send_made

MOST_SHOWN = 300
USUAL_DAYS = 90


def add_late(pages: Blueprint, office: Office) -> None:
    """/console/imports/late."""

    @pages.get("/imports/late", endpoint="late")
    @serves(Stage.INSIDE, KEEPER)
    def list_late() -> AnyResponse | str:
        """Decisions of a span of days that were published after their seventh working day."""
        first, last, authority = read_span(office)
        found = gather(office, first, last, authority)
        if "xlsx" in request.args:
            return send_made(make_xlsx([late_table(found)]), f"迟报清单-{first:%Y%m%d}-{last:%Y%m%d}.xlsx")
        return render_template(
            "console/late.html", found=found[:MOST_SHOWN], count=len(found), first=first, last=last,
            authority=authority, most=MOST_SHOWN,
        )  # fmt: skip


def read_span(office: Office) -> tuple[date, date, str]:
    """From the address; by itself the last ninety days."""
    today = office.today()
    try:
        first, last = read_day(request.args.get("first", "")), read_day(request.args.get("last", ""))
    except UserError as error:
        flash(str(error), "warn")
        first = last = None
    return first or today - timedelta(days=USUAL_DAYS), last or today, request.args.get("authority", "").strip()


def gather(office: Office, first: date, last: date, authority: str) -> list[Late]:
    """What came late."""
    with office.database.read() as session:
        return list(find_late(session, load_calendar(session, first.year), first, last, authority))


def add_exports(pages: Blueprint, office: Office) -> None:
    """/console/imports/exports."""

    @pages.route("/imports/exports", methods=["GET", "POST"], endpoint="record_exports")
    @serves(Stage.INSIDE, KEEPER)
    def exports() -> AnyResponse | str:
        """Receipts of what went out; a new file is made by POST."""
        if request.method == "POST":
            try:
                return make_export(office)
            except UserError as error:
                flash(str(error), "warn")
                return redirect(url_for("console.record_exports"), 303)
        with office.database.read() as session:
            receipts = list(session.scalars(select(ExportReceipt).order_by(ExportReceipt.id.desc()).limit(50)))
        return render_template("console/record_exports.html", receipts=receipts, kinds=list(HEADINGS))


def make_export(office: Office) -> AnyResponse:
    """The file; UserError for a kind without a sheet."""
    kind = request.form.get("kind", "")
    if kind not in set(ImportKind):
        raise UserError("请选择信息类别")
    with office.database.write() as session:
        since = last_receipt(session, ImportKind(kind)) if request.form.get("scope") == "delta" else None
        made = export_records(session, ImportKind(kind), here().actor, office.clock(), since=since)
    return send_made(made.content, made.name)
