"""Screening: many firms looked up at once, for clerks and associations."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import Select, false, select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.audit import Act
from models.screening import Screening, ScreeningState
from services import audit
from services.associations.home import find_own
from services.errors import UserError
from services.papers.workbook import make_xlsx
from services.screening.lines import MOST_BYTES, MOST_LINES, read_file, read_lines
from services.screening.running import order_screening
from services.screening.sheet import compose_tables, number_of
from services.staff.duties import Permission
from web.console.association_room import is_outsider
from web.console.gate import Stage, serves, takes
from web.console.office import Office, here
from web.console.staff import LARGEST_ID
from web.saving import send_made

PAGE = 30


def add_screening(pages: Blueprint, office: Office) -> None:
    """/console/screenings: the form with the lists of this account's side, and each sheet."""

    @pages.route("/screenings", methods=["GET", "POST"], endpoint="screenings")
    @serves(Stage.INSIDE, Permission.SCREEN)
    @takes(MOST_BYTES * 2)
    def screenings() -> AnyResponse | str:
        """Paste or upload; the lists so far with their progress."""
        if request.method == "POST":
            try:
                order(office)
            except UserError as error:
                flash(str(error), "warn")
            else:
                return redirect(url_for("console.screenings"), 303)
        with office.database.read() as session:
            rows = list(session.scalars(own_screenings(session).order_by(Screening.id.desc()).limit(PAGE)))
        is_part = "HX-Request" in request.headers
        template = "console/screening_rows.html" if is_part else "console/screenings.html"
        return render_template(
            template, rows=rows, number_of=number_of, State=ScreeningState, most=MOST_LINES, typed=request.form
        )

    @pages.get(f"/screenings/<int(max={LARGEST_ID}):screening_id>.xlsx")
    @serves(Stage.INSIDE, Permission.SCREEN)
    def screening_sheet(screening_id: int) -> AnyResponse:
        """The sheet, as the records are at this moment."""
        with office.database.write() as session:
            screening = session.scalar(own_screenings(session).where(Screening.id == screening_id))
            if screening is None or screening.state is not ScreeningState.DONE:
                abort(404)
            number = number_of(screening)
            tables, digest = compose_tables(session, screening, office.desk.bureau.name, office.clock())
            details = {"编号": number, "行数": str(screening.row_count), "内容校验值": digest}
            audit.record(
                session, here().actor, Act.FIRMS_SCREENED, office.clock(), reason=screening.purpose, details=details
            )
        return send_made(make_xlsx(tables), f"信用核查-{number}.xlsx")


def order(office: Office) -> None:
    """What was pasted or uploaded, written down for the jobs process; UserError says what is wrong."""
    file = request.files.get("file")
    if file and file.filename:
        lines = read_file(file.stream.read(MOST_BYTES + 1))
    else:
        lines = read_lines(request.form.get("lines", ""))
    visit = here()
    with office.database.write() as session:
        screening = order_screening(
            session,
            lines,
            purpose=request.form.get("purpose", ""),
            account_id=visit.account_id,
            actor=visit.actor.name,
            association_id=own_association_id(session),
            now=office.clock(),
        )
        number = number_of(screening)
    flash(f"已提交 {len(lines)} 行，编号 {number}。完成后在下面下载。")


def own_association_id(session: Session) -> int | None:
    """Of a visit from an association its association, None for the bureau; UserError where the bureau lacks it."""
    if not is_outsider(here()):
        return None
    own = find_own(session, here().unit)
    if own is None:
        raise UserError("主管部门还没有登记您的商协会，请先联系主管部门")
    return own.id


def own_screenings(session: Session) -> Select[Screening]:
    """What these eyes may see: an association its own, staff of the bureau the bureau's."""
    if not is_outsider(here()):
        return select(Screening).where(Screening.association_id.is_(None))
    own = find_own(session, here().unit)
    return select(Screening).where(Screening.association_id == own.id if own else false())
