"""Evidence of a case: pictures redrawn to be looked at, everything as it came to be saved."""

from flask import Blueprint, Response, abort

from models.audit import Act
from models.case_file import CaseEvidence
from services.audit import record
from services.cases.docket import Docket
from services.cases.sight import Field, Sight, sight_of
from services.cases.view import viewer_of
from services.evidence.serving import serve_original, serve_view
from services.evidence.store import ORIGINAL, VIEW
from services.evidence.trouble import EvidenceError
from services.staff.duties import Permission
from web.console.cases import actor_of, docket_of, load_case
from web.console.gate import Stage, serves
from web.console.office import Office, here
from web.console.staff import LARGEST_ID
from web.files import send_original, show_copy


def add_case_evidence(pages: Blueprint, office: Office) -> None:
    """/console/cases/<number>/evidence/<id>/view or original."""

    @pages.get(f"/cases/<number>/evidence/<int(max={LARGEST_ID}):evidence_id>/<part>")
    @serves(Stage.INSIDE, Permission.READ_CASES)
    def case_evidence(number: str, evidence_id: int, part: str) -> Response:
        """The harmless copy on the page, or the file as it came, to be saved; opening the original is written down."""
        if part not in {VIEW, ORIGINAL}:
            abort(404)
        with (office.database.read if part == VIEW else office.database.write)() as session:
            row = load_evidence(docket_of(office, session), number, evidence_id)
            try:
                served = (serve_view if part == VIEW else serve_original)(session, office.evidence, row)
            except EvidenceError as error:
                abort(404, str(error))
            if part != VIEW:
                details = {"文件": f"第 {row.id} 号"}
                record(session, here().actor, Act.EVIDENCE_OPENED, office.clock(), subject=number, details=details)
        return show_copy(served) if part == VIEW else send_original(served)


def load_evidence(docket: Docket, number: str, evidence_id: int) -> CaseEvidence:
    """The row of this case, for who may see evidence; else 403 or 404."""
    actor = actor_of(here())
    case = load_case(docket, number, actor)
    if sight_of(viewer_of(case, actor), Field.EVIDENCE) is Sight.HIDDEN:
        abort(403)
    row = docket.session.get(CaseEvidence, evidence_id)
    if row is None or row.case_id != case.id:
        abort(404)
    return row
