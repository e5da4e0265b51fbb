"""Official forms of a case: numbered, then saved as DOCX or PDF."""

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from models.audit import Act
from models.paper import Form, IssuedPaper
from services.audit import record
from services.cases.docket import Docket
from services.cases.sight import Field, Sight, sight_of
from services.cases.view import viewer_of
from services.errors import UserError
from services.papers.issuing import Press, issue_form, open_paper
from services.papers.pdf import make_pdf
from services.papers.word import make_docx
from services.staff.duties import Permission
from web.console.cases import actor_of, docket_of, load_case
from web.console.gate import Stage, serves
from web.console.office import Office, here
from web.console.staff import LARGEST_ID
from web.saving import send_made

MAKERS = {"docx": make_docx, "pdf": make_pdf}


def add_case_papers(pages: Blueprint, office: Office) -> None:
    """/console/cases/<number>/papers."""

    @pages.post("/cases/<number>/papers")
    @serves(Stage.INSIDE, Permission.READ_CASES)
    def issue_paper(number: str) -> AnyResponse:
        """Number a form and keep it; it names the complainant, so the look is written."""
        wanted = request.form.get("form", "")
        form = Form(wanted) if wanted in set(Form) else abort(404)
        try:
            with office.database.write() as session:
                docket, actor = docket_of(office, session), actor_of(here())
                case = load_case(docket, number, actor)
                paper = issue_form(
                    Press(docket, office.desk.bureau, actor), case, form, request.form.get("paper_number", "")
                )
                details = {"文号": paper.number}
                record(session, here().actor, Act.PAPER_ISSUED, docket.now, subject=number, details=details)
                flash(f"已制作 {paper.number}，可以下载。")
        except UserError as error:
            flash(str(error), "warn")
        return redirect(url_for("console.case_page", number=number) + "#papers", 303)

    @pages.get(f"/cases/<number>/papers/<int(max={LARGEST_ID}):paper_id>/<kind>")
    @serves(Stage.INSIDE, Permission.READ_CASES)
    def case_paper(number: str, paper_id: int, kind: str) -> AnyResponse:
        """The form as it was issued."""
        with office.database.read() as session:
            docket, actor = docket_of(office, session), actor_of(here())
            case = load_case(docket, number, actor)
            if sight_of(viewer_of(case, actor), Field.IDENTITY) is Sight.HIDDEN:
                abort(403)
            paper = session.get(IssuedPaper, paper_id)
            if paper is None or paper.case_id != case.id:
                abort(404)
            return send_paper(docket, paper, kind)


def send_paper(docket: Docket, paper: IssuedPaper, kind: str) -> Response:
    """DOCX to be edited, PDF to be printed."""
    if kind not in MAKERS:
        abort(404)
    try:
        sheet = open_paper(docket, paper)
    except UserError as error:
        abort(404, str(error))
    return send_made(MAKERS[kind](sheet, paper.issued_at), f"{sheet.title}{paper.number}.{kind}")
