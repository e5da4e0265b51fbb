"""What a person can do with the phone: follow, write, tap the menu, scan."""

import base64
import binascii
import dataclasses
import hashlib
from collections.abc import Callable

from simulator import delivery, messages, windows, wire
from simulator.journal import Delivery
from simulator.media import SILENCE
from simulator.state import Json, QrCode, User
from simulator.world import World

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
ACTIONS = {"click", "scancode_push", "scancode_waitmsg"}
STRANGERS = {"subscribe", "unsubscribe", "scan"}
SILENT_MENUS = {"media_id", "article_id", "article_view_limited"}


class PhoneError(ValueError):
    """Something a real phone would not let one do."""


@dataclasses.dataclass
class Sent:
    """The result of an action: the delivery, and the page the phone opens."""

    delivery: Delivery | None
    open: str | None = None


def follow(world: World, user: User, qrcode: QrCode | None = None) -> Sent:
    """Follow the account, perhaps through a parametric QR code."""
    if user.followed:
        raise PhoneError("该用户已经关注")
    with world.lock:
        user.followed = True
        user.followed_at = int(world.clock.now())
        user.subscribe_scene = "ADD_SCENE_QR_CODE" if qrcode else "ADD_SCENE_SEARCH"
        user.qr_scene = qrcode.scene if qrcode else ""
        windows.open_by_action(world, user)
        world.show(user, "system", "note", {"content": "你已关注该公众号"})
    spec: Json = {"type": "subscribe"}
    if qrcode:
        spec |= {"key": f"qrscene_{qrcode.scene}", "ticket": qrcode.ticket}
    return Sent(_push(world, user, spec))


def unfollow(world: World, user: User) -> Sent:
    """Stop following: windows and notice grants end with it."""
    if not user.followed:
        raise PhoneError("该用户没有关注")
    with world.lock:
        user.followed = False
        user.tags, user.grants = [], {}
        world.show(user, "system", "note", {"content": "你已取消关注该公众号"})
    return Sent(_push(world, user, {"type": "unsubscribe"}))


def send(world: World, user: User, spec: Json) -> Sent:
    """Do what the spec says and wait for the end of its delivery."""
    kind = str(spec.get("type", ""))
    if kind not in STRANGERS and not user.followed:
        raise PhoneError("请先关注公众号")
    if kind in _SPECIAL:
        return _SPECIAL[kind](world, user, spec)
    if kind in messages.MESSAGES:
        return Sent(_message(world, user, spec))
    if kind in ACTIONS:
        with world.lock:
            windows.open_by_action(world, user)
    opened = spec.get("url") if kind == "view" else None
    return Sent(_push(world, user, spec), opened)


def _push(world: World, user: User, spec: Json) -> Delivery:
    try:
        fields = messages.build(world.config.account_id, user.openid, world.clock.now(), spec)
    except ValueError as error:
        raise PhoneError(str(error)) from error
    return delivery.push(world, user, fields)


def _message(world: World, user: User, spec: Json) -> Delivery:
    """Store what is attached, show the user's own bubble, open the window, deliver."""
    spec = dict(spec)
    with world.lock:
        prepare = _ATTACH.get(spec["type"])
        if prepare:
            prepare(world, spec)
        if spec.get("bizmsgmenuid"):
            windows.open_by_action(world, user)
        else:
            windows.open_by_message(world, user)
        names = messages.MESSAGES[spec["type"]]
        values = messages.DEFAULTS.get(spec["type"], {}) | spec
        seen = {name: values[name] for name in names if name in values}
        world.show(user, "user", spec["type"], seen)
    return _push(world, user, spec)


def _decode(spec: Json, otherwise: bytes) -> bytes:
    """The attached file, given as base64 or as a data: URL."""
    text = str(spec.pop("data", "")).partition("base64,")
    try:
        return base64.b64decode(text[2] or text[0], validate=True) or otherwise
    except binascii.Error as error:
        raise PhoneError("data 不是 base64") from error


def _attach_image(world: World, spec: Json) -> None:
    media = world.media.add("image", _decode(spec, PIXEL), world.clock.now())
    spec.setdefault("media_id", media.media_id)
    spec.setdefault("pic_url", f"{world.config.base_url}/mmbiz/{media.media_id}")


def _attach_voice(world: World, spec: Json) -> None:
    media = world.media.add("voice", _decode(spec, SILENCE), world.clock.now())
    spec.setdefault("media_id", media.media_id)
    if not world.state.switches.speech_recognition:
        spec.pop("recognition", None)


def _attach_video(world: World, spec: Json) -> None:
    now = world.clock.now()
    video = world.media.add("video", _decode(spec, b"\x00\x00\x00\x18ftypmp42" + bytes(12)), now)
    spec.setdefault("media_id", video.media_id)
    spec.setdefault("thumb_media_id", world.media.add("thumb", PIXEL, now).media_id)


def _attach_file(world: World, spec: Json) -> None:  # noqa: ARG001 - one shape for all
    data = _decode(spec, b"")
    if data:
        spec["file_md5"] = hashlib.md5(data, usedforsecurity=False).hexdigest()
        spec["file_total_len"] = len(data)


_ATTACH: dict[str, Callable[[World, Json], None]] = {
    "image": _attach_image,
    "voice": _attach_voice,
    "video": _attach_video,
    "shortvideo": _attach_video,
    "file": _attach_file,
}


def find_qrcode(world: World, spec: Json) -> QrCode | None:
    """The parametric code meant by a ticket, by its URL or by a scene."""
    wanted = str(spec.get("ticket") or spec.get("result") or "").strip().rpartition("/")[2]
    scene = str(spec.get("scene", ""))
    now = world.clock.now()
    for code in world.state.qrcodes.values():
        if code.ticket == wanted or (scene and code.scene == scene):
            if code.expires_at is not None and now >= code.expires_at:
                raise PhoneError("二维码已过期")
            return code
    return QrCode(ticket="gQ" + wire.nonce(), scene=scene) if scene else None


def scan(world: World, user: User, spec: Json) -> Sent:
    """Scan a code: this account's own gives SCAN or subscribe, a web address is opened."""
    code = find_qrcode(world, spec)
    if code is None:
        result = str(spec.get("result", ""))
        if not result.startswith(("http://", "https://")):
            raise PhoneError("扫到的不是本公众号的二维码，也不是网址")
        return Sent(None, result)
    if not user.followed:
        return follow(world, user, code)
    with world.lock:
        windows.open_by_action(world, user)
    return Sent(_push(world, user, {"type": "scan", "key": code.scene, "ticket": code.ticket}))


def find_button(world: World, spec: Json) -> Json:
    """The menu button meant by its name or by its path, such as [0, 2]."""
    buttons = (world.state.menu or {}).get("button", [])
    if "path" in spec:
        button: Json = {"sub_button": buttons}
        try:
            for index in spec["path"]:
                button = button["sub_button"][index]
        except (IndexError, KeyError, TypeError) as error:
            raise PhoneError("菜单里没有这个位置") from error
        return button
    flat = [b for top in buttons for b in (top.get("sub_button") or [top])]
    found: Json | None = next((b for b in flat if b.get("name") == spec.get("name")), None)
    if found is None:
        raise PhoneError(f"菜单里没有“{spec.get('name', '')}”")
    return found


def tap_menu(world: World, user: User, spec: Json) -> Sent:
    """Tap a button of the menu the account has set."""
    button = find_button(world, spec)
    kind = button.get("type", "")
    if not kind:
        raise PhoneError("这个按钮只展开子菜单")
    if kind in SILENT_MENUS:
        with world.lock:
            world.show(user, "account", "note", {"content": f"（{button['name']}）"})
        return Sent(None)
    event = {"type": "view_miniprogram" if kind == "miniprogram" else kind}
    event |= {name: button[name] for name in ("key", "url") if name in button}
    if kind == "miniprogram":
        event["url"] = button.get("pagepath", "")
    return send(world, user, {k: v for k, v in spec.items() if k not in {"type", "path", "name"}} | event)


def send_raw(world: World, user: User, spec: Json) -> Sent:
    """Push any XML at all, properly signed: how servers take what WeChat never sends."""
    return Sent(delivery.push(world, user, {"MsgType": "raw_xml"}, xml=str(spec.get("xml", ""))))


_SPECIAL: dict[str, Callable[[World, User, Json], Sent]] = {
    "subscribe": lambda world, user, spec: follow(world, user, find_qrcode(world, spec)),
    "unsubscribe": lambda world, user, _: unfollow(world, user),
    "scan": scan,
    "menu": tap_menu,
    "raw_xml": send_raw,
}
