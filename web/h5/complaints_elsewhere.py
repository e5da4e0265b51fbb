"""A draft of the same follower begun in the chat or in another browser: it is gone on with here."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from models.case_words import Channel
from services.cases.docket import Docket
from services.cases.drafts import Draft, drafts_of, save_draft
from services.cases.intake import find_receipt
from web.h5.complaints_counter import DRAFT_COOKIE_SECONDS, DRAFT_KEY, ComplaintCounter
from web.h5.complaints_form import NOTICE_VERSION, Content

SAME = ("client_key", "kind", "enterprise_id", "credit_code", "facts", "place", "category", "requests", "name", "phone")


def drafts_elsewhere(docket: Docket, follower_id: int | None, key: str) -> list[Draft]:
    """The follower's drafts with something in them, but for the one of this browser."""
    if follower_id is None:
        return []
    found = drafts_of(docket, follower_id)
    return [one for one in found if one.content.get("client_key") not in {None, key} and has_content(one.content)]


def has_content(content: Content) -> bool:
    """Something would be lost, or typed twice."""
    return any(content.get(name) for name in ("respondent", "respondent_name", "facts", "phone"))


def carry_over(content: Content, now: str) -> Content:
    """What was told in the chat, as the fields of the page."""
    fen = content.get("amount_fen")
    return {name: content.get(name) for name in SAME if content.get(name)} | {
        "channel": "h5",
        "respondent_name": content.get("respondent", ""),
        "amount": f"{fen / 100:.2f}" if fen else "",
        "is_anonymous": bool(content.get("is_anonymous")),
        "notice_version": content.get("notice_version") or NOTICE_VERSION,
        "notice_at": content.get("notice_at") or now,
    }


def add_elsewhere(pages: Blueprint, counter: ComplaintCounter) -> None:
    """/h5/complaints/adopt."""

    @pages.post("/h5/complaints/adopt")
    def adopt() -> AnyResponse:
        """Go on here with a draft of one's own, with its files; nobody else's is found by its number."""
        wanted = request.form.get("draft", "")
        with counter.database.write() as session:
            docket = counter.docket(session)
            found = drafts_elsewhere(docket, counter.follower(session), "")
            draft = next((one for one in found if str(one.draft_id) == wanted), None)
            key = str(draft.content["client_key"]) if draft else ""
            if draft is None or not DRAFT_KEY.fullmatch(key) or find_receipt(docket, key):
                return redirect(url_for("complaints.start"), 303)
            if draft.content.get("channel") == Channel.CHAT:
                save_draft(docket, key, carry_over(draft.content, docket.now.isoformat()))
        response = redirect(url_for("complaints.form"), 303)
        counter.cookies.set(response, "draft", key, DRAFT_COOKIE_SECONDS)
        return response
