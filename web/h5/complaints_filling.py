"""Filling in the form: every button and the page's script keep what was typed, in a draft on the server."""

from datetime import datetime

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from services.cases.docket import Docket
from services.cases.drafts import discard_draft, find_draft, load_draft, save_draft
from services.cases.intake import find_receipt
from services.enterprises.search import find
from services.evidence.keeping import erase_evidence
from web.h5.complaints_counter import DRAFT_COOKIE_SECONDS, ComplaintCounter, draw_key
from web.h5.complaints_evidence import remove_file, show_files, take_files
from web.h5.complaints_form import (
    KIND_WORDS,
    NOTICE_VERSION,
    Content,
    door_of,
    find_form_faults,
    paste_text,
    read_fields,
    settle_firm,
)
from web.h5.queries import clean_query


def add_form(pages: Blueprint, counter: ComplaintCounter) -> None:
    """/h5/complaints/form: the whole form on one page; every button keeps what was typed."""

    @pages.get("/h5/complaints/form")
    def form() -> str | AnyResponse:
        """As it was left."""
        key = counter.draft_key()
        with counter.database.read() as session:
            docket = counter.docket(session)
            if key and find_receipt(docket, key):
                return redirect(url_for("complaints.receipt"), 303)
            draft = load_draft(docket, key) if key else None
            if draft is None:
                return redirect(url_for("complaints.start"), 303)
            return show_form(counter, docket, key, draft.content, saved_at=draft.updated_at)

    @pages.post("/h5/complaints/form")
    def fill() -> str | AnyResponse | tuple[str, int]:
        """Keep it; then whatever the button says: save, find the firm, take files, or go on to the last look."""
        key, wanted = counter.draft_key() or draw_key(), wanted_by_button()
        with counter.database.write() as session:
            docket = counter.docket(session)
            if find_receipt(docket, key):
                return redirect(url_for("complaints.receipt"), 303)
            content = keep(counter, docket, key, read_fields(request.form) | read_pick())
            remove_file(session, find_draft(docket, key), request.form.get("remove", ""))
        troubles = take_files(counter, key) if request.files else []
        with counter.database.read() as session:
            docket = counter.docket(session)
            faults = find_form_faults(content, counter.desk.rules, counter.today()) if wanted == "check" else {}
            if wanted == "check" and not faults and not troubles:
                response: AnyResponse = redirect(url_for("complaints.check"), 303)
            else:
                page = show_form(
                    counter, docket, key, content, faults=faults, troubles=troubles, wanted=wanted, saved_at=docket.now
                )
                response = Response(page, 422 if faults or troubles else 200)
        counter.cookies.set(response, "draft", key, DRAFT_COOKIE_SECONDS)
        return response


def wanted_by_button() -> str:
    """Which button was pressed."""
    if {"pick", "remove"} & set(request.form):
        return "files" if "remove" in request.form else "save"
    return request.form.get("do", "check")


def read_pick() -> Content:
    """The firm of the list that was pressed, under its registered name."""
    return {"enterprise_id": request.form["pick"], "respondent_name": ""} if "pick" in request.form else {}


def keep(counter: ComplaintCounter, docket: Docket, key: str, changes: Content) -> Content:
    """The draft with these changes, written down."""
    draft = load_draft(docket, key)
    content = (draft.content if draft else {"channel": "h5"}) | changes | {"client_key": key}
    if request.form.get("notice_read"):
        content |= {"notice_version": NOTICE_VERSION, "notice_at": docket.now.isoformat()}
    if "respondent_name" in changes or "enterprise_id" in changes:
        settle_firm(docket.session, content)
    save_draft(docket, key, content, counter.follower(docket.session))
    return content


def show_form(
    counter: ComplaintCounter,
    docket: Docket,
    key: str,
    content: Content,
    *,
    faults: dict[str, str] | None = None,
    troubles: list[str] | None = None,
    wanted: str = "",
    saved_at: datetime | None = None,
) -> str:
    """The form with what is wrong beside each field."""
    typed = clean_query(str(content.get("respondent_name") or "")).text
    finding = find(docket.session, typed, counter.desk.index, counter.home) if wanted == "find" and typed else None
    draft = find_draft(docket, key)
    return render_template(
        "h5/complaint_form.html",
        key=key,
        content=content,
        faults=faults or {},
        troubles=troubles or [],
        wanted=wanted,
        finding=finding,
        files=show_files(counter, docket, draft) if draft else [],
        door=door_of(content, counter.desk.rules),
        paste=paste_text(content),
        kinds=KIND_WORDS,
        saved_at=saved_at,
        today=counter.today(),
        version=NOTICE_VERSION,
    )


def add_drafts(pages: Blueprint, counter: ComplaintCounter) -> None:
    """What the page's script saves while somebody types, and giving the draft up."""

    @pages.post("/h5/complaints/draft")
    def save() -> AnyResponse:
        """Only the fields that changed: two tabs do not undo one another."""
        key = counter.draft_key()
        if not key:
            return Response(status=400)
        with counter.database.write() as session:
            docket = counter.docket(session)
            if find_receipt(docket, key):
                return jsonify(done=url_for("complaints.receipt"))
            content = keep(counter, docket, key, read_fields(request.form))
        door = door_of(content, counter.desk.rules)
        return jsonify(
            saved=True,
            firm=content.get("enterprise_id"),
            door={"name": door.name, "how": door.how, "basis": door.basis} if door else None,
            paste=paste_text(content) if door else "",
        )

    @pages.post("/h5/complaints/discard")
    def discard() -> AnyResponse:
        """Give it up, with its files."""
        key = counter.draft_key()
        with counter.database.write() as session:
            docket = counter.docket(session)
            draft = find_draft(docket, key) if key else None
            if draft is not None:
                erase_evidence(session, draft)
                discard_draft(docket, key)
        response = redirect(url_for("complaints.start"), 303)
        counter.cookies.drop(response, "draft")
        return response
