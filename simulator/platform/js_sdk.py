"""The practice JS-SDK: its script, the check of a page's signature, the pop-up of <wx-open-subscribe>."""

import hashlib
import hmac
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request

from simulator import subscribing
from simulator.platform.endpoint import current_world, to_json
from simulator.platform.oauth import COOKIE
from simulator.state import Json, User
from simulator.world import World

UNKNOWN_TEMPLATE = 20001

pages = Blueprint("js_sdk", __name__, url_prefix="/open/js")


def _is_signed(world: World) -> bool:
    """By whoever holds the ticket: no other page can play with the simulator."""
    form, ticket = request.form, world.state.ticket
    if ticket is None or form.get("appId") != world.config.app_id or world.clock.now() >= ticket.expires_at:
        return False
    given = {name: form.get(name, "") for name in ("nonceStr", "timestamp", "url")}
    text = f"jsapi_ticket={ticket.value}&noncestr={given['nonceStr']}&timestamp={given['timestamp']}&url={given['url']}"
    wanted = hashlib.sha1(text.encode()).hexdigest()  # noqa: S324 - WeChat's choice
    is_its_own = request.headers.get("Origin") == "{0.scheme}://{0.netloc}".format(urlsplit(given["url"]))
    return is_its_own and hmac.compare_digest(wanted, form.get("signature", ""))


def _answer(data: Json) -> Response:
    """To a page of another origin."""
    response = to_json(data)
    response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "null")
    response.headers["Access-Control-Allow-Credentials"] = "true"
    return response


@pages.get("/jweixin-1.6.0.js")
def script() -> Response:
    return current_app.send_static_file("jweixin.js")


@pages.post("/config")
def config() -> Response:
    """What wx.config asks."""
    if _is_signed(current_world()):
        return _answer({"errcode": 0, "errmsg": "ok"})
    return _answer({"errcode": 63002, "errmsg": "invalid signature"})


@pages.post("/subscribe")
def subscribe() -> Response:
    """The reader's answer in the pop-up; the event goes to the account."""
    world = current_world()
    if not _is_signed(world):
        return _answer({"errcode": 63002, "errmsg": "invalid signature"})
    try:
        user: User = world.state.users.get(request.cookies.get(COOKIE, "")) or next(iter(world.state.users.values()))
        subscribing.answer(world, user, request.form.get("template_id", ""), request.form.get("status", ""))
    except subscribing.SubscribingError:
        return _answer({"errcode": UNKNOWN_TEMPLATE, "errmsg": "no such subscription notice"})
    return _answer({"errcode": 0, "errmsg": "ok"})
