"""Files of evidence: sent whole by a form or in pieces by a script, shown back, taken back while nothing is filed."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, jsonify, request, url_for
from sqlalchemy import delete
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from models.case import Case
from models.case_file import CaseDraft, CaseEvidence
from models.database import vault_of
from services.cases.docket import Docket
from services.cases.drafts import find_draft
from services.evidence.keeping import Owner, evidence_of
from services.evidence.serving import follow_link, make_link, name_file, serve_original, serve_view
from services.evidence.store import ORIGINAL, VIEW
from services.evidence.trouble import WORDS, EvidenceError, Trouble
from services.evidence.uploads import MOST_PIECE_BYTES
from web.files import send_original, show_copy
from web.h5.complaints_counter import ComplaintCounter
from web.h5.visits import here

ADDED_BY = "citizen"
TOKEN = "X-Upload"  # noqa: S105 - a header's name; addresses stand in logs, headers do not


@dataclass(frozen=True)
class ShownFile:
    """A file of evidence on a page."""

    evidence_id: int
    kind: str
    name: str
    size_bytes: int
    view: str  # address of the copy to look at or listen to; "" where there is none
    view_mime: str
    original: str


def show_files(counter: ComplaintCounter, docket: Docket, owner: Owner) -> list[ShownFile]:
    """What was handed in, with links for this browser."""
    return [show_file(counter, docket.session, row) for row in evidence_of(docket.session, owner)]


def show_file(counter: ComplaintCounter, session: Session, row: CaseEvidence) -> ShownFile:
    """One of them."""

    def link(part: str) -> str:
        return url_for("complaints.evidence", link=make_link(vault_of(session), row, part, viewer(), counter.clock()))

    view = link(VIEW) if row.view_mime else ""
    return ShownFile(
        row.id, WORDS["kinds"][row.kind], name_file(session, row), row.size_bytes, view, row.view_mime, link(ORIGINAL)
    )


def viewer() -> str:
    """Links hold for this browser only."""
    return f"citizen {here().token}"


def take_files(counter: ComplaintCounter, key: str) -> list[str]:
    """Files that came whole with a form; what is wrong with those that were not taken."""
    troubles = []
    for file in request.files.getlist("files"):
        content = file.read()
        if not file.filename and not content:
            continue
        try:
            with counter.database.write() as session:
                owner = find_target(counter, session, key)
                token = counter.uploads.begin(session, owner, len(content), file.filename or "", added_by=ADDED_BY)
            for start in range(0, len(content), MOST_PIECE_BYTES):
                counter.uploads.put(token, start, content[start : start + MOST_PIECE_BYTES])
            counter.uploads.finish(token)
        except EvidenceError as error:
            troubles.append(f"{file.filename}：{error}")
    return troubles


def find_target(counter: ComplaintCounter, session: Session, key: str) -> Owner:
    """The draft that is being filled in, or the case of this browser that is being supplemented."""
    if number := request.headers.get("X-Case") or (request.view_args or {}).get("number", ""):
        case = counter.admit(session, number).case
        if case is None:
            abort(404)
        return case
    draft = find_draft(counter.docket(session), key) if key else None
    if draft is None:
        raise EvidenceError(Trouble.TOO_LATE)
    return draft


def add_evidence_pages(pages: Blueprint, counter: ComplaintCounter) -> None:
    """/h5/complaints/uploads and /h5/complaints/evidence."""
    add_uploads(pages, counter)

    @pages.errorhandler(EvidenceError)
    def explain(error: EvidenceError) -> AnyResponse:
        """To the script; `offset` says where to go on."""
        answer = jsonify(error=str(error.trouble), words=str(error), offset=error.values.get("offset"))
        answer.status_code = 404 if error.trouble in {Trouble.LINK_EXPIRED, Trouble.MISSING} else 422
        return answer

    @pages.get("/h5/complaints/evidence/<link>")
    def evidence(link: str) -> Response:
        """A file of a draft or case of this browser."""
        with counter.database.read() as session:
            row, part = follow_link(session, link, viewer(), counter.clock())
            require_own(counter, session, row)
            served = (serve_view if part == VIEW else serve_original)(session, counter.store, row)
        return show_copy(served) if part == VIEW else send_original(served)

    @pages.post("/h5/complaints/evidence/remove")
    def remove() -> AnyResponse:
        """Take a file back; of a submitted case nothing is taken away."""
        key = counter.draft_key()
        with counter.database.write() as session:
            draft = find_draft(counter.docket(session), key) if key else None
            remove_file(session, draft, request.form.get("evidence_id", ""))
        return jsonify(removed=True)


def remove_file(session: Session, draft: CaseDraft | None, wanted: str) -> None:
    """Drop the row of a draft's file; its content goes with the sweep."""
    if draft is not None and wanted.isdecimal() and len(wanted) < 10:
        mine = (CaseEvidence.draft_id == draft.id, CaseEvidence.id == int(wanted))
        session.execute(delete(CaseEvidence).where(*mine))


def require_own(counter: ComplaintCounter, session: Session, row: CaseEvidence) -> None:
    """A link is not enough: the case or draft must still be this browser's."""
    case = session.get(Case, row.case_id) if row.case_id else None
    draft = session.get(CaseDraft, row.draft_id) if row.draft_id else None
    if case is not None and counter.admit(session, case.number).case is not None:
        return
    key = counter.draft_key()
    mine = find_draft(counter.docket(session), key) if key else None
    if draft is None or mine is None or mine.id != draft.id:
        raise EvidenceError(Trouble.LINK_EXPIRED)


def add_uploads(pages: Blueprint, counter: ComplaintCounter) -> None:
    """A file in pieces: begun, sent, gone on with after a lost connection, finished."""

    @pages.post("/h5/complaints/uploads")
    def begin_upload() -> AnyResponse:
        """`size` in bytes and `title` as JSON; the token by which the pieces are sent."""
        wish = request.get_json(silent=True) or {}
        size, title = wish.get("size"), wish.get("title")
        if not isinstance(size, int) or not isinstance(title, str):
            abort(400)
        with counter.database.write() as session:
            owner = find_target(counter, session, counter.draft_key())
            token = counter.uploads.begin(session, owner, size, title, added_by=ADDED_BY)
        return jsonify(token=token, offset=0)

    @pages.get("/h5/complaints/uploads/offset")
    def offset() -> AnyResponse:
        """How many bytes are here."""
        return jsonify(offset=counter.uploads.received(upload_token()))

    @pages.put("/h5/complaints/uploads/piece")
    def piece() -> AnyResponse:
        """The body is a piece that begins at X-Offset."""
        request.max_content_length = MOST_PIECE_BYTES
        start = request.headers.get("X-Offset", "")
        if not start.isdecimal() or len(start) > 10:
            abort(400)
        return jsonify(offset=counter.uploads.put(upload_token(), int(start), request.get_data()))

    @pages.post("/h5/complaints/uploads/finish")
    def finish() -> AnyResponse:
        """What the file has become; asked again, the same."""
        row = counter.uploads.finish(upload_token())
        with counter.database.read() as session:
            return jsonify(vars(show_file(counter, session, row)))


def upload_token() -> str:
    """Of this upload."""
    return request.headers.get(TOKEN, "")
