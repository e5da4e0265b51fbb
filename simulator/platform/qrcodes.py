"""Parametric QR codes: scanning one on the phone gives SCAN or subscribe."""

import html
import secrets

from flask import Blueprint, Response, abort, request

from simulator.platform.endpoint import Answer, Call, Endpoints, current_world
from simulator.platform.errors import WeChatError
from simulator.state import Json, QrCode

TEMPORARY_MOST = 2_592_000
TEMPORARY_DEFAULT = 60
PERMANENT_MOST = 100_000
CARD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="430" height="430" viewBox="0 0 430 430">'
    '<rect width="430" height="430" fill="#fff"/>'
    '<g fill="none" stroke="#111" stroke-width="16">'
    '<rect x="38" y="38" width="84" height="84"/><rect x="308" y="38" width="84" height="84"/>'
    '<rect x="38" y="308" width="84" height="84"/></g>'
    '<g font-family="sans-serif" text-anchor="middle" fill="#111">'
    '<text x="215" y="200" font-size="24">{scene}</text>'
    '<text x="215" y="236" font-size="15" fill="#666">在练习机的“扫一扫”里粘贴</text>'
    '<text x="215" y="262" font-size="12" fill="#576b95">{url}</text></g></svg>'
)

endpoints = Endpoints("qrcodes")
pages = Blueprint("qrcode_pages", __name__)


def _scene(action: str, info: Json) -> str:
    scene = info.get("scene")
    scene = scene if isinstance(scene, dict) else {}
    if action.endswith("STR_SCENE"):
        text = str(scene.get("scene_str") or "")
        if not 1 <= len(text) <= 64:
            raise WeChatError(40053)
        return text
    number = scene.get("scene_id")
    most = 2**32 - 1 if action == "QR_SCENE" else PERMANENT_MOST
    if not isinstance(number, int) or not 1 <= number <= most:
        raise WeChatError(40053)
    return str(number)


@endpoints.post("/cgi-bin/qrcode/create")
def create(call: Call) -> Answer:
    action = call.text("action_name")
    if action not in {"QR_SCENE", "QR_STR_SCENE", "QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE"}:
        raise WeChatError(40053)
    info = call.body.get("action_info")
    scene = _scene(action, info if isinstance(info, dict) else {})
    seconds: int | None = None
    if "LIMIT" not in action:
        seconds = min(call.number("expire_seconds", TEMPORARY_DEFAULT), TEMPORARY_MOST)
    code = QrCode(
        ticket="gQ" + secrets.token_urlsafe(68),
        scene=scene,
        expires_at=None if seconds is None else call.now + seconds,
    )
    call.world.state.qrcodes[code.ticket] = code
    answer: Json = {"ticket": code.ticket}
    if seconds is not None:
        answer["expire_seconds"] = seconds
    return answer | {"url": address(code)}


def address(code: QrCode) -> str:
    """What the picture contains."""
    return f"http://weixin.qq.com/q/{code.ticket}"


@pages.get("/cgi-bin/showqrcode")
def show() -> Response:
    """A card in place of the picture: what it contains can be pasted into the phone's scanner."""
    code = current_world().state.qrcodes.get(request.args.get("ticket", ""))
    if code is None:
        abort(404)
    card = CARD.format(scene=html.escape(code.scene), url=html.escape(address(code))[:52])
    return Response(card, content_type="image/svg+xml")
