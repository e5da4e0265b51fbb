"""Getting records in: the list of imports, the wizard from upload to result, undoing."""

from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.importing import ImportKind, ImportRun, ImportSource, RunState
from services.calendar.years import load_calendar
from services.errors import UserError
from services.imports.faults import Quality
from services.imports.quality import judge_quality
from services.imports.quarantine import count_waiting
from services.imports.reading import MOST_BYTES
from services.imports.running import read_returned
from services.imports.runs import describe, find_twin
from services.imports.undoing import undo_run
from services.imports.uploads import describe_file, drop_file, open_file, order_run, preview, take_file
from services.imports.words import KIND_WORDS, QUARANTINE_STATE_WORDS, QUARANTINE_WORDS, RUN_WORDS
from services.staff.duties import Permission
from web.console.gate import Stage, serves, takes
from web.console.office import Office, here
from web.console.staff import LARGEST_ID
from web.saving import send_made

KEEPER = Permission.KEEP_ARCHIVE
PAGE = 30
MULTIPART_BYTES = 64 * 1024
OPEN = {RunState.DRAFT, RunState.CHECKED}
GOING = {RunState.WAITING, RunState.RUNNING}


def add_import_words(pages: Blueprint) -> None:
    """The names of things, for templates."""

    @pages.app_context_processor
    def words() -> dict[str, Any]:
        """Kinds, states, reasons."""
        return {
            "KIND_WORDS": KIND_WORDS,
            "RUN_WORDS": RUN_WORDS,
            "QUARANTINE_WORDS": QUARANTINE_WORDS,
            "QUARANTINE_STATE_WORDS": QUARANTINE_STATE_WORDS,
        }


def add_imports(pages: Blueprint, office: Office) -> None:
    """/console/imports."""
    add_import_words(pages)

    @pages.get("/imports", endpoint="imports")
    @serves(Stage.INSIDE, KEEPER)
    def list_runs() -> str:
        """All runs, newest first, and how the sources are doing."""
        below = request.args.get("below", type=int) or LARGEST_ID
        with office.database.read() as session:
            wanted = select(ImportRun).where(ImportRun.id < below).order_by(ImportRun.id.desc()).limit(PAGE + 1)
            runs = list(session.scalars(wanted))
            calendar = load_calendar(session, office.today().year - 3)
            marks = {run.id: judge_quality(session, [run], calendar) for run in runs[:PAGE] if run.row_count}
            sources = list(session.scalars(select(ImportSource).order_by(ImportSource.code)))
            waiting = count_waiting(session)
        return render_template(
            "console/imports.html", runs=runs[:PAGE], more=len(runs) > PAGE, marks=marks, sources=sources,
            waiting=waiting, qualities=list(Quality),
        )  # fmt: skip

    @pages.route("/imports/new", methods=["GET", "POST"], endpoint="new_import")
    @serves(Stage.INSIDE, KEEPER)
    @takes(MOST_BYTES + MULTIPART_BYTES)
    def new_import() -> AnyResponse | str:
        """Choose file and kind."""
        if request.method == "POST":
            try:
                run = take_upload(office)
            except UserError as error:
                flash(str(error), "warn")
            else:
                return redirect(url_for("console.import_run", run_id=run.id), 303)
        return render_template("console/import_new.html", today=office.today(), most=MOST_BYTES >> 20)


def take_upload(office: Office) -> ImportRun:
    """The file of the form, kept; UserError says what is missing."""
    file, form = request.files.get("file"), request.form
    if file is None or not file.filename:
        raise UserError("请选择文件")
    if form.get("kind") not in set(ImportKind):
        raise UserError("请选择信息类别")
    content = file.stream.read(MOST_BYTES + 1)
    order = describe_file(file.filename, content, ImportKind(form["kind"]))
    data_on = read_day(form.get("data_on", ""))
    if data_on and data_on > office.today():
        raise UserError("数据日期不能在将来")
    order = replace(order, data_on=data_on, source_unit=form.get("source_unit", ""))
    return take_file(office.database, office.imports, content, order, actor=here().actor, now=office.clock())


def read_day(text: str) -> date | None:
    """Of the form's date field; None when it is empty. UserError for what is no date."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UserError("数据日期看不懂，如 2026-11-19") from None


def add_import_run(pages: Blueprint, office: Office) -> None:
    """/console/imports/<id>."""

    @pages.route(f"/imports/<int(max={LARGEST_ID}):run_id>", methods=["GET", "POST"])
    @serves(Stage.INSIDE, KEEPER)
    def import_run(run_id: int) -> AnyResponse | str:
        """Preview, progress or result; what to do with the file is posted here."""
        if request.method == "POST":
            try:
                act_on(office, run_id)
            except UserError as error:
                flash(str(error), "warn")
            return redirect(url_for("console.import_run", run_id=run_id), 303)
        template = "console/import_state.html" if "HX-Request" in request.headers else "console/import_run.html"
        return render_template(template, **tell_run(office, run_id))

    @pages.get(f"/imports/<int(max={LARGEST_ID}):run_id>/returned.xlsx")
    @serves(Stage.INSIDE, KEEPER)
    def import_returned(run_id: int) -> AnyResponse:
        """The rows that came back, each with its reason."""
        with office.database.read() as session:
            run = load_run(session, run_id)
        content = read_returned(office.database, office.imports, run)
        if content is None:
            abort(404)
        return send_made(content, f"退回-{run.name.rsplit('.', 1)[0]}-{run.id}.xlsx")


def load_run(session: Session, run_id: int) -> ImportRun:
    """The run, or 404."""
    run = session.get(ImportRun, run_id)
    if run is None:
        abort(404)
    return run


def tell_run(office: Office, run_id: int) -> dict[str, Any]:
    """What the page of a run shows."""
    with office.database.read() as session:
        run = load_run(session, run_id)
        calendar = load_calendar(session, office.today().year - 3)
        told: dict[str, Any] = {
            "run": run,
            "counts": describe(run),
            "marks": judge_quality(session, [run], calendar) if run.row_count else [],
            "twin": find_twin(session, run),
            "is_going": run.state in GOING,
            "preview": None,
            "full_lists": [one for one in office.sources.sources if one.is_full and one.kind == run.kind],
        }
    if run.state in OPEN and run.file_name:
        try:
            with open_file(office.database, office.imports, run) as source:
                told["preview"] = preview(source, run, office.clock())
        except UserError as error:
            told["lost"] = str(error)
    return told


def act_on(office: Office, run_id: int) -> None:
    """Check, import, throw away, or undo; UserError says why not."""
    wish = request.form.get("do", "")
    if wish in {"check", "import"}:
        is_whole = request.form.get("mode") == "whole"
        with office.database.write() as session:
            kind = load_run(session, run_id).kind
            full = office.sources.full_list(request.form.get("full") or None, kind)
            code = full.code if full else None
            order_run(session, run_id, is_whole=is_whole, is_rehearsal=wish == "check", source=code)
    elif wish == "drop":
        with office.database.write() as session:
            drop_file(session, office.imports, run_id)
        flash("文件已删除，没有写入任何数据。")
    elif wish == "undo":
        with office.database.write() as session:
            undo_run(session, run_id, here().actor, request.form.get("reason", ""), office.clock())
        flash("已撤销，这次导入的内容不再公示。")
