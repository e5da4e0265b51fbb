"""Web authorisation: who opened this page, said once, by a code of five minutes."""

import re
import secrets
import urllib.parse

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from simulator.platform import tokens
from simulator.platform.endpoint import OK, Answer, Call, Endpoints, current_world
from simulator.platform.errors import WeChatError
from simulator.state import OAuthCode, OAuthToken, User
from simulator.world import World

COOKIE = "simulator_openid"
CODE_SECONDS = 300
TOKEN_SECONDS = 7200
REFRESH_SECONDS = 30 * 86400
SCOPES = {"snsapi_base", "snsapi_userinfo"}

endpoints = Endpoints("oauth")
pages = Blueprint("oauth_pages", __name__)


def _complaint(world: World) -> str:
    """What WeChat's own page says when the link is wrong."""
    address = urllib.parse.urlsplit(request.values.get("redirect_uri", ""))
    if request.values.get("appid") != world.config.app_id:
        return "AppID 参数错误，错误码：10013"
    if address.scheme not in {"http", "https"} or not address.netloc:
        return "redirect_uri 域名与后台配置不一致，错误码：10003"
    if request.values.get("scope") not in SCOPES:
        return "scope 参数错误或没有 scope 权限，错误码：10005"
    if request.values.get("response_type", "code") != "code":
        return "response_type 参数错误"
    return ""


@pages.route("/connect/oauth2/authorize", methods=["GET", "POST"])
def authorize() -> Response:
    """Send the reader back with a code; ask who, when unknown, and for consent, when it is needed."""
    world = current_world()
    complaint = _complaint(world)
    if complaint:
        return make_response(render_template("oauth_error.html", complaint=complaint), 400)
    users = world.state.users
    user = users.get(request.values.get("openid") or request.cookies.get(COOKIE, ""))
    asked = request.method == "POST"
    if user is None or (request.values["scope"] == "snsapi_userinfo" and not asked):
        return _ask(world, user)
    return _back(world, user)


def _ask(world: World, user: User | None) -> Response:
    hidden = {name: value for name, value in request.values.items() if name != "openid"}
    shown = [user] if user else list(world.state.users.values())
    page = render_template(
        "oauth_consent.html",
        account_name=world.config.account_name,
        users=shown,
        hidden=hidden,
        consent=request.values["scope"] == "snsapi_userinfo",
    )
    response = make_response(page)
    # Browsers hold the consent form's policy against the redirect that follows it.
    policy = f"default-src 'none'; style-src 'self'; form-action 'self' {_target_origin()}"
    response.headers["Content-Security-Policy"] = policy
    return response


def _target_origin() -> str:
    """Where the reader goes back to, as a source of a content security policy."""
    found = re.match(r"https?://[A-Za-z0-9.\-\[\]:]+(?=[/?#]|$)", request.values["redirect_uri"])
    return found.group() if found else ""


def _back(world: World, user: User) -> Response:
    code = secrets.token_urlsafe(24)[:32]
    with world.lock:
        world.state.codes[code] = OAuthCode(
            openid=user.openid, scope=request.values["scope"], created_at=world.clock.now()
        )
        world.touch()
    parts = urllib.parse.urlsplit(request.values["redirect_uri"])
    query = [*urllib.parse.parse_qsl(parts.query, keep_blank_values=True), ("code", code)]
    query.append(("state", request.values.get("state", "")))
    address = parts._replace(query=urllib.parse.urlencode(query), fragment="").geturl()
    return redirect(address)


def _answer(world: World, token: OAuthToken, value: str) -> Answer:
    left = int(token.expires_at - world.clock.now())
    answer = {
        "access_token": value,
        "expires_in": left,
        "refresh_token": token.refresh_token,
        "openid": token.openid,
        "scope": token.scope,
    }
    return answer | {"is_snapshotuser": 1} if token.snapshot else answer


@endpoints.any("/sns/oauth2/access_token", token=False)
def access_token(call: Call) -> Answer:
    """A page token for a code, once."""
    world = call.world
    tokens.check_app(world, call.args.get("appid", ""), call.args.get("secret", ""))
    if call.args.get("grant_type") != "authorization_code":
        raise WeChatError(40002)
    if not call.args.get("code"):
        raise WeChatError(41008)
    code = world.state.codes.get(call.args["code"])
    if code is None:
        raise WeChatError(40029)
    if code.used:
        raise WeChatError(40163)
    if call.now - code.created_at > CODE_SECONDS:
        raise WeChatError(42003)
    code.used = True
    snapshot = world.state.switches.snapshot_user
    value = secrets.token_urlsafe(64)
    world.state.page_tokens[value] = OAuthToken(
        openid="o" + secrets.token_urlsafe(27)[:27] if snapshot else code.openid,
        scope=code.scope,
        refresh_token=secrets.token_urlsafe(64),
        expires_at=call.now + TOKEN_SECONDS,
        refresh_until=call.now + REFRESH_SECONDS,
        snapshot=snapshot,
    )
    return _answer(world, world.state.page_tokens[value], value)


@endpoints.any("/sns/oauth2/refresh_token", token=False)
def refresh(call: Call) -> Answer:
    if call.args.get("appid") != call.world.config.app_id:
        raise WeChatError(40013)
    wanted = call.args.get("refresh_token", "")
    for value, token in call.world.state.page_tokens.items():
        if wanted and token.refresh_token == wanted:
            if call.now >= token.refresh_until:
                raise WeChatError(42002)
            token.expires_at = call.now + TOKEN_SECONDS
            return _answer(call.world, token, value)
    raise WeChatError(40030 if wanted else 41003)


def _page_token(call: Call) -> OAuthToken:
    token = call.world.state.page_tokens.get(call.args.get("access_token", ""))
    if token is None:
        raise WeChatError(40001 if call.args.get("access_token") else 41001)
    if call.now >= token.expires_at:
        raise WeChatError(42001)
    if call.args.get("openid") != token.openid:
        raise WeChatError(40003)
    return token


@endpoints.get("/sns/userinfo", token=False)
def userinfo(call: Call) -> Answer:
    token = _page_token(call)
    if token.scope != "snsapi_userinfo":
        raise WeChatError(48001)
    user = call.world.state.users.get(token.openid)
    return {
        "openid": token.openid,
        "nickname": user.name if user else "微信用户",
        "sex": 0,
        "province": "",
        "city": "",
        "country": "",
        "headimgurl": "",
        "privilege": [],
    }


@endpoints.get("/sns/auth", token=False)
def auth(call: Call) -> Answer:
    _page_token(call)
    return OK
