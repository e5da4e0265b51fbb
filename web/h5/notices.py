"""订阅通知: the page on which a citizen inside WeChat agrees to one notice; elsewhere it says how to get there."""

from enum import StrEnum
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, render_template, request

from bot.js_sdk import JsSdk
from models.follower_choice import NoticeTemplate
from web.h5.complaints_counter import ComplaintCounter
from web.h5.signing_in import can_sign_in

# WeChat's tag brings its styles inside the page; its script comes from WeChat, and only here.
POLICY = (
    "default-src 'none'; script-src 'self' {js}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self' {js}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


class Offer(StrEnum):
    """What the page can do here and now."""

    READY = "ready"
    OUTSIDE = "outside"  # not in WeChat
    LATER = "later"  # no ticket at the moment
    OFF = "off"  # the bureau offers no notice


def add_notices(pages: Blueprint, counter: ComplaintCounter, js: JsSdk) -> None:
    """/h5/notices."""

    @pages.get("/h5/notices")
    def notices() -> Response:
        """The button, or plain words."""
        with counter.database.read() as session:
            template = session.get(NoticeTemplate, js.template_id) if js.template_id else None
        address = counter.desk.link(request.full_path.rstrip("?"))
        signed = js.sign(address) if template is not None and can_sign_in(counter) else None
        if template is None:
            offer = Offer.OFF
        elif not can_sign_in(counter):
            offer = Offer.OUTSIDE
        else:
            offer = Offer.READY if signed is not None else Offer.LATER
        page = render_template("h5/notices.html", template=template, signed=signed, offer=offer, js=js)
        response = make_response(page)
        if offer is Offer.READY:
            parts = urlsplit(js.js_url)
            response.headers["Content-Security-Policy"] = POLICY.format(js=f"{parts.scheme}://{parts.netloc}")
        return response
