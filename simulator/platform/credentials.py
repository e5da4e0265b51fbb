"""getAccessToken, getStableAccessToken and jsapi tickets."""

import secrets

from flask import request

from simulator.platform import limits, tokens
from simulator.platform.endpoint import Answer, Call, Endpoints
from simulator.platform.errors import WeChatError
from simulator.state import AccessToken

FORCED_A_DAY = 20
FORCED_APART = 30
RENEWED_BEFORE = 300

endpoints = Endpoints("credentials")


@endpoints.any("/cgi-bin/token", token=False)
def token(call: Call) -> Answer:
    """A new token each time; the last one lives on for five minutes."""
    if call.args.get("grant_type") != "client_credential":
        raise WeChatError(40002)
    tokens.check_app(call.world, call.args.get("appid", ""), call.args.get("secret", ""))
    tokens.check_address(call.world, request.remote_addr or "")
    limits.count(call.world, "/cgi-bin/token")
    issued = tokens.issue(call.world, "normal")
    return {"access_token": issued.value, "expires_in": tokens.LIFETIME}


@endpoints.post("/cgi-bin/stable_token", token=False)
def stable_token(call: Call) -> Answer:
    """The same token for all who ask, renewed five minutes before its end or by force."""
    if call.text("grant_type") != "client_credential":
        raise WeChatError(40002)
    tokens.check_app(call.world, call.text("appid"), call.text("secret"))
    tokens.check_address(call.world, request.remote_addr or "")
    limits.count(call.world, "/cgi-bin/stable_token")
    current = _forced(call) if call.body.get("force_refresh") is True else _shared(call)
    return {"access_token": current.value, "expires_in": int(current.expires_at - call.now)}


def _shared(call: Call) -> AccessToken:
    current = tokens.latest(call.world, "stable")
    if current is None or current.expires_at - call.now <= RENEWED_BEFORE:
        return tokens.issue(call.world, "stable")
    return current


def _forced(call: Call) -> AccessToken:
    """Force refresh: 20 a day, 30 s apart, and the last token ends at once."""
    state = call.world.state
    if call.now - state.force_refreshed_at < FORCED_APART:
        raise WeChatError(45011)
    used = limits.used_today(call.world, "force_refresh")
    if used >= FORCED_A_DAY:
        raise WeChatError(45009)
    state.calls_today["force_refresh"] = used + 1
    state.force_refreshed_at = call.now
    return tokens.issue(call.world, "stable", overlap=0)


@endpoints.get("/cgi-bin/ticket/getticket")
def ticket(call: Call) -> Answer:
    """The ticket that JS-SDK signatures are made with."""
    if call.args.get("type") not in {"jsapi", "wx_card"}:
        raise WeChatError(40097)
    state = call.world.state
    if state.ticket is None or call.now >= state.ticket.expires_at:
        value = secrets.token_urlsafe(64)[:86]
        state.ticket = AccessToken(value=value, kind="normal", expires_at=call.now + tokens.LIFETIME)
    left = int(state.ticket.expires_at - call.now)
    return {"errcode": 0, "errmsg": "ok", "ticket": state.ticket.value, "expires_in": left}
