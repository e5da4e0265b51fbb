"""投诉、举报、咨询 in the browser: where one begins, after emergencies were turned away and the notice was shown."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from models.case_words import CaseKind
from models.enterprise import Enterprise, Status
from services.cases.docket import Docket
from services.cases.drafts import load_draft, save_draft
from services.cases.intake import find_receipt
from web.h5.complaints_counter import DRAFT_COOKIE_SECONDS, ComplaintCounter, add_seal, draw_key
from web.h5.complaints_data import add_my_data
from web.h5.complaints_elsewhere import add_elsewhere, drafts_elsewhere
from web.h5.complaints_evidence import add_evidence_pages
from web.h5.complaints_filling import add_drafts, add_form
from web.h5.complaints_form import KIND_WORDS, NOTICE_VERSION, Content, settle_firm
from web.h5.complaints_progress import add_progress
from web.h5.complaints_submitting import add_submission
from web.h5.following import add_following
from web.h5.objections import add_objections
from web.h5.signing_in import add_signing_in, can_sign_in, should_sign_in

LONGEST_ANSWER_NUMBER = 40


def create_complaints(counter: ComplaintCounter) -> Blueprint:
    """All pages on which citizens file and follow their cases; every form in them is sealed."""
    pages = Blueprint("complaints", __name__)
    add_seal(pages, counter)
    add_start(pages, counter)
    add_begin(pages, counter)
    add_form(pages, counter)
    add_drafts(pages, counter)
    add_elsewhere(pages, counter)
    add_submission(pages, counter)
    add_evidence_pages(pages, counter)
    add_progress(pages, counter)
    add_my_data(pages, counter)
    add_objections(pages, counter)
    add_following(pages, counter)
    add_signing_in(pages, counter)
    return pages


def add_start(pages: Blueprint, counter: ComplaintCounter) -> None:
    """/h5/complaints: what kind, emergencies first, the notice before any question about a person."""

    @pages.get("/h5/complaints")
    def start() -> str | AnyResponse:
        """Choose a kind, read the notice; `firm` and `answer` come from a credit page."""
        if should_sign_in(counter):
            return redirect(url_for("complaints.sign_in", back=request.full_path.rstrip("?")), 303)
        with counter.database.read() as session:
            docket = counter.docket(session)
            key = counter.draft_key()
            draft = load_draft(docket, key) if key and not find_receipt(docket, key) else None
            firm = find_firm(docket, request.args.get("firm", ""))
            follower_id = counter.follower(session)
            elsewhere = drafts_elsewhere(docket, follower_id, key)
        return render_template(
            "h5/complaint_start.html",
            draft=draft,
            firm=firm,
            answer=request.args.get("answer", "")[:LONGEST_ANSWER_NUMBER],
            kinds=KIND_WORDS,
            version=NOTICE_VERSION,
            elsewhere=elsewhere,
            is_known=follower_id is not None,
            can_sign_in=can_sign_in(counter),
            asked=request.args.get("kind", ""),
        )


def add_begin(pages: Blueprint, counter: ComplaintCounter) -> None:
    """Where the notice leads."""

    @pages.post("/h5/complaints/begin")
    def begin() -> AnyResponse:
        """The notice was read: a draft with its version and moment."""
        key = draw_key()
        with counter.database.write() as session:
            docket = counter.docket(session)
            kind = request.form.get("kind", "")
            content: Content = {
                "channel": "h5",
                "client_key": key,
                "kind": kind if kind in set(CaseKind) else "",
                "notice_version": NOTICE_VERSION,
                "notice_at": counter.clock().isoformat(),
                "answer_number": request.form.get("answer", "")[:LONGEST_ANSWER_NUMBER],
                "enterprise_id": request.form.get("firm", ""),
            }
            settle_firm(session, content)
            save_draft(docket, key, content, counter.follower(session))
        response = redirect(url_for("complaints.form"), 303)
        counter.cookies.set(response, "draft", key, DRAFT_COOKIE_SECONDS)
        return response


def find_firm(docket: Docket, text: str) -> Enterprise | None:
    """The firm of a link."""
    found = docket.session.get(Enterprise, int(text)) if text.isdecimal() and len(text) < 10 else None
    return found if found is not None and found.status is not Status.REMOVED else None
