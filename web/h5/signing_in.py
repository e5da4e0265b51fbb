"""Knowing a citizen inside WeChat without asking: off to WeChat with a signed state, back with a code, once."""

import hmac
import json
import logging
import secrets
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from bot.oauth import OauthError, OauthTrouble
from models.case import Case
from models.case_file import CaseDraft
from models.vault import VaultError
from services import followers
from services.cases.secrets import hash_client_key
from web.h5.complaints_counter import ComplaintCounter
from web.h5.letters import local_path
from web.h5.visits import here, remember

FIELD = "h5.sign_in"
STATE_LASTS = timedelta(minutes=5)  # as long as WeChat's code
MOST_TRIES = 2
LONGEST_BACK = 300

log = logging.getLogger(__name__)


def should_sign_in(counter: ComplaintCounter) -> bool:
    """Inside WeChat, not known yet, and not sent back in vain a moment ago."""
    is_wechat = "MicroMessenger" in request.user_agent.string
    is_known = here().follower(counter.clock()) is not None
    return is_wechat and not is_known and "guest" not in request.args and bool(counter.login.app_id)


def can_sign_in(counter: ComplaintCounter) -> bool:
    """WeChat's page of authorisation opens inside WeChat only; the simulated one anywhere."""
    return "MicroMessenger" in request.user_agent.string or counter.login.is_practice


def add_signing_in(pages: Blueprint, counter: ComplaintCounter) -> None:
    """/h5/sign-in, where WeChat sends the browser back to, and signing out."""

    @pages.get("/h5/sign-in")
    def sign_in() -> AnyResponse | str:
        """To WeChat and afterwards to `back`; elsewhere straight to `back`."""
        back = local_path(request.args.get("back", ""))[:LONGEST_BACK]
        if here().follower(counter.clock()) is not None or not can_sign_in(counter):
            return redirect(back, 303)
        return leave_for_wechat(counter, back, tries=1)

    @pages.get("/h5/signed-in")
    def signed_in() -> AnyResponse | str | tuple[str, int]:
        """WeChat's answer; the state is this browser's, young, and used up by this request."""
        kept = read_state(counter)
        if here().follower(counter.clock()) is not None:  # the page was loaded a second time
            return redirect(local_path(kept.get("back", "")), 303)
        sent, code = request.args.get("state", ""), request.args.get("code", "")
        if not kept or not hmac.compare_digest(sent.encode(), sign_state(counter, kept["nonce"]).encode()):
            return fail(counter, OauthTrouble.STALE, "/h5/complaints")
        if not code:  # refused on WeChat's page
            return fail(counter, OauthTrouble.FAILED, kept["back"])
        try:
            openid = counter.login.recognise(code)
        except OauthError as error:
            log.info("a page in WeChat was not recognised: %s", error)
            if error.trouble is OauthTrouble.STALE and kept["tries"] < MOST_TRIES:
                return leave_for_wechat(counter, kept["back"], kept["tries"] + 1)
            return fail(counter, error.trouble, kept["back"])
        with counter.database.write() as session:
            follower_id = followers.recognise(session, openid, counter.clock()).id
            is_others = is_of_another(counter, session, follower_id)
        remember(follower_id, counter.clock())
        response = redirect(local_path(kept["back"]), 303)
        if is_others:
            counter.cookies.drop(response, "draft")
        counter.cookies.drop(response, "sign-in")
        return response


def is_of_another(counter: ComplaintCounter, session: Session, follower_id: int) -> bool:
    """The draft or the receipt in this browser is somebody else's, who used it before."""
    key_hash = hash_client_key(counter.draft_key())
    draft = session.scalar(select(CaseDraft.follower_id).where(CaseDraft.client_key_hash == key_hash))
    case = session.scalar(select(Case.follower_id).where(Case.client_key_hash == key_hash))
    return not {draft, case} <= {None, follower_id}


def leave_for_wechat(counter: ComplaintCounter, back: str, tries: int) -> AnyResponse:
    """With a state that only this browser can bring back."""
    nonce = secrets.token_hex(16)
    until = int((counter.clock() + STATE_LASTS).timestamp())
    kept = json.dumps({"nonce": nonce, "until": until, "back": back, "tries": tries})
    target = counter.desk.link(url_for("complaints.signed_in"))
    response = redirect(counter.login.address(target, sign_state(counter, nonce)), 303)
    sealed = counter.database.vault.seal(kept, FIELD).hex()
    counter.cookies.set(response, "sign-in", sealed, int(STATE_LASTS.total_seconds()))
    return response


def sign_state(counter: ComplaintCounter, nonce: str) -> str:
    """64 letters and digits, as WeChat wants them."""
    return hmac.digest(counter.database.vault.signing_key, b"sign-in " + nonce.encode(), "sha256").hex()


def read_state(counter: ComplaintCounter) -> dict[str, Any]:
    """What this browser took along when it left; nothing when that is too long ago."""
    try:
        kept: dict[str, Any] = json.loads(
            counter.database.vault.open(bytes.fromhex(counter.cookies.get("sign-in")), FIELD)
        )
    except (ValueError, VaultError):
        return {}
    return kept if kept["until"] > counter.clock().timestamp() else {}


def fail(counter: ComplaintCounter, trouble: OauthTrouble, back: str) -> AnyResponse:
    """Why, and how to go on without."""
    page = render_template("h5/complaint_not_known.html", trouble=str(trouble), back=local_path(back))
    response = AnyResponse(page, 403 if trouble is OauthTrouble.SNAPSHOT else 400, mimetype="text/html")
    counter.cookies.drop(response, "sign-in")
    return response
