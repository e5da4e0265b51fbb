"""The audit log for reading: filtered, verified, exported."""

import csv
import io
from collections.abc import Iterator

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.audit import Act, AuditEntry
from services import audit
from services.audit import Wanted
from services.calendar.working_days import SHANGHAI
from services.staff.accounts import list_accounts
from services.staff.duties import Permission
from services.staff.words import ACT_WORDS
from web.console.forms import AuditForm, ReasonForm, choose_person, filled
from web.console.gate import Stage, serves
from web.console.office import Office, here
from web.saving import save_as

PAGE_ROWS = 50
MOST_EXPORTED = 100_000
HEADINGS = ("序号", "时间", "人员", "操作", "对象", "原因", "详情", "网络地址", "印记")


def add_audit_pages(pages: Blueprint, office: Office) -> None:
    """/console/audit and what it leads to."""
    add_audit_export(pages, office)

    @pages.get("/audit", endpoint="audit")
    @serves(Stage.INSIDE, Permission.READ_AUDIT)
    def audit_log() -> str:
        """Entries by person, act and day, newest first."""
        with office.database.read() as session:
            form = read_form(session)
            wanted = wanted_of(form)
            below = request.args.get("below", type=int)
            rows = audit.read_page(session, wanted, PAGE_ROWS + 1, below) if form.validate() else []
        name = "console/audit_rows.html" if "HX-Request" in request.headers else "console/audit.html"
        kept = {key: value for key, value in request.args.items() if key != "below" and value}
        more = rows[PAGE_ROWS - 1].number if len(rows) > PAGE_ROWS else None
        return render_template(name, form=form, rows=rows[:PAGE_ROWS], more=more, kept=kept, below=below)

    @pages.post("/audit/verify")
    @serves(Stage.INSIDE, Permission.READ_AUDIT)
    def verify_audit() -> AnyResponse:
        """Walk the chain; that it was walked is an entry as well."""
        with office.database.read() as session:
            proof = audit.verify(session)
        words = f"第 {proof.broken_at} 条：{proof.fault}" if proof.broken_at else "完好"
        with office.database.write() as session:
            details = {"条数": str(proof.count), "结果": words}
            audit.record(session, here().actor, Act.AUDIT_VERIFIED, office.clock(), details=details)
        if proof.broken_at:
            flash(f"核对发现问题，{words}。请立即告诉系统管理员和分管领导，并保留数据库备份。", "warn")
        else:
            flash(f"核对完毕：共 {proof.count} 条，首尾相连，没有被改动。印记 {proof.seal[:16]}")
        return redirect(url_for("console.audit"), 303)


def add_audit_export(pages: Blueprint, office: Office) -> None:
    """/console/audit/export."""

    @pages.route("/audit/export", methods=["GET", "POST"])
    @serves(Stage.INSIDE, Permission.READ_AUDIT)
    def export_audit() -> AnyResponse | str | tuple[str, int]:
        """What is filtered, as a file for Excel; asks why."""
        form = filled(ReasonForm)
        with office.database.read() as session:
            wanted = wanted_of(read_form(session))
        if request.method == "GET":
            return render_template("console/export.html", form=form, most=MOST_EXPORTED)
        if not form.validate():
            return render_template("console/export.html", form=form, most=MOST_EXPORTED), 422
        with office.database.write() as session:
            rows = list(write_rows(audit.read_page(session, wanted, MOST_EXPORTED)))
            details = {"条数": str(len(rows) - 1)} | {key: value for key, value in request.args.items() if value}
            reason = str(form.reason.data)
            audit.record(session, here().actor, Act.AUDIT_EXPORTED, office.clock(), reason=reason, details=details)
        return send_sheet(rows, f"操作记录-{office.today():%Y%m%d}.csv")


def read_form(session: Session) -> AuditForm:
    """The filter of the address; its list of people is everybody."""
    form = AuditForm(request.args)
    form.person.choices = choose_person(list_accounts(session))
    return form


def wanted_of(form: AuditForm) -> Wanted:
    """The filter, where it is well filled in; a day before another is put right."""
    form.validate()
    known = {name: None if field.errors else field.data or None for name, field in form._fields.items()}
    first, last = known["since"], known["until"]
    if first and last and first > last:
        first, last = last, first
    return Wanted(
        account_id=int(known["person"]) if known["person"] else None,
        act=Act(known["act"]) if known["act"] else None,
        first_day=first,
        last_day=last,
    )


def write_rows(entries: list[AuditEntry]) -> Iterator[list[str]]:
    """Headings, then one row for each entry."""
    yield list(HEADINGS)
    for entry in entries:
        moment = entry.at.astimezone(SHANGHAI)
        details = "；".join(f"{key}：{value}" for key, value in entry.details.items())
        words = (ACT_WORDS[entry.act], entry.subject, entry.reason, details, entry.address)
        yield [str(entry.number), f"{moment:%Y-%m-%d %H:%M:%S}", entry.actor, *words, entry.seal.hex()]


def send_sheet(rows: list[list[str]], name: str) -> Response:
    """A CSV file that Excel opens as it is, and in which no cell is a formula."""
    text = io.StringIO()
    csv.writer(text).writerows([disarm(cell) for cell in row] for row in rows)
    response = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    save_as(response, name)
    return response


def disarm(cell: str) -> str:
    """A cell that begins like a formula gets an apostrophe before it (CWE-1236)."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
