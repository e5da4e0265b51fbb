"""Rows whose firm is not known for certain: candidates from the finder, and the clerk's decision."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from models.importing import ImportRun, QuarantinedRow, QuarantineState
from services.enterprises.search import suggest
from services.errors import UserError
from services.imports.fields import word_of
from services.imports.quarantine import count_waiting, find_candidates, list_rows, open_cells, refuse, resolve
from web.console.gate import Stage, serves
from web.console.imports import KEEPER
from web.console.office import Office, here
from web.console.staff import LARGEST_ID

PAGE = 50


def add_quarantine(pages: Blueprint, office: Office) -> None:
    """/console/imports/quarantine."""

    @pages.get("/imports/quarantine", endpoint="quarantine")
    @serves(Stage.INSIDE, KEEPER)
    def list_quarantine() -> str:
        """Rows that wait, oldest first."""
        state = request.args.get("state", QuarantineState.WAITING.value)
        state = QuarantineState(state) if state in set(QuarantineState) else QuarantineState.WAITING
        after, run_id = request.args.get("after", type=int) or 0, request.args.get("run", type=int)
        with office.database.read() as session:
            rows = list_rows(session, state, PAGE + 1, after, run_id)
            waiting = count_waiting(session)
        return render_template(
            "console/quarantine.html", rows=rows[:PAGE], more=len(rows) > PAGE, state=state, waiting=waiting,
            run_id=run_id,
        )  # fmt: skip

    @pages.route(f"/imports/quarantine/<int(max={LARGEST_ID}):row_id>", methods=["GET", "POST"])
    @serves(Stage.INSIDE, KEEPER)
    def quarantined(row_id: int) -> AnyResponse | str:
        """One row: what it says, which firms it could mean."""
        if request.method == "POST":
            try:
                flash(decide(office, row_id))
            except UserError as error:
                flash(str(error), "warn")
                return redirect(url_for("console.quarantined", row_id=row_id), 303)
            return redirect(next_page(office, row_id), 303)
        typed = request.args.get("name", "").strip()[:100]
        with office.database.read() as session:
            row = session.get(QuarantinedRow, row_id) or abort(404)
            cells = {word_of(one, row.kind): cell for one, cell in open_cells(session, row).items()}
            home, index = office.desk.bureau.city or office.desk.bureau.province, office.desk.index
            candidates = (
                suggest(session, typed, index, 8, home) if typed else find_candidates(session, row, index, home)
            )
            run = session.get_one(ImportRun, row.run_id)
        return render_template(
            "console/quarantined.html", row=row, cells=cells, candidates=candidates, run=run, typed=typed
        )


def decide(office: Office, row_id: int) -> str:
    """The clerk's word; what became of the row."""
    reason, now = request.form.get("reason", ""), office.clock()
    with office.database.write() as session:
        if request.form.get("do") == "refuse":
            refuse(session, row_id, reason, actor=here().actor, now=now)
            return "已记下：不予入档。"
        chosen = request.form.get("enterprise", type=int)
        if chosen is None:
            raise UserError("请先选择一家企业")
        said = resolve(session, row_id, chosen, reason, actor=here().actor, now=now, rules=office.archive_rules)
        return f"{said}。"


def next_page(office: Office, row_id: int) -> str:
    """The next row that waits, else the list."""
    with office.database.read() as session:
        following = list_rows(session, QuarantineState.WAITING, 1, row_id)
    if following:
        return url_for("console.quarantined", row_id=following[0].id)
    return url_for("console.quarantine")
