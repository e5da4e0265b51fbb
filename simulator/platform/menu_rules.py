"""The limits WeChat checks when a menu is set."""

from collections.abc import Callable
from typing import Any

from simulator.platform.errors import WeChatError
from simulator.state import Json

KEYED = {
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
}
LINKED = {"view", "miniprogram"}
TYPES = KEYED | LINKED | {"media_id", "article_id", "article_view_limited", "view_limited"}
NAME_BYTES, SUB_NAME_BYTES = 16, 60
KEY_BYTES, URL_BYTES = 128, 1024
TOP_CODES = {"type": 40017, "name": 40018, "key": 40019, "url": 40020, "domain": 40054}
SUB_CODES = {"type": 40024, "name": 40025, "key": 40026, "url": 40027, "domain": 40055}


def check(buttons: Any) -> None:
    """Raise the code WeChat would answer for these buttons."""
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        raise WeChatError(40016)
    for button in buttons:
        if not isinstance(button, dict):
            raise WeChatError(47001)
        _check_name(button, NAME_BYTES, TOP_CODES["name"])
        subs = button.get("sub_button") or []
        if subs:
            _check_subs(subs)
        else:
            _check_action(button, TOP_CODES)


def _check_subs(subs: Any) -> None:
    if not isinstance(subs, list) or len(subs) > 5:
        raise WeChatError(40023)
    for sub in subs:
        if not isinstance(sub, dict):
            raise WeChatError(47001)
        if sub.get("sub_button"):
            raise WeChatError(40022)
        _check_name(sub, SUB_NAME_BYTES, SUB_CODES["name"])
        _check_action(sub, SUB_CODES)


def _size(value: Any) -> int:
    return len(str(value or "").encode())


def _check_name(button: Json, limit: int, code: int) -> None:
    if not 1 <= _size(button.get("name")) <= limit:
        raise WeChatError(code)


def _check_action(button: Json, codes: dict[str, int]) -> None:
    kind = button.get("type")
    if kind not in TYPES:
        raise WeChatError(codes["type"])
    _CHECKS.get(str(kind), _check_key if kind in KEYED else _check_media)(button, codes)


def _check_key(button: Json, codes: dict[str, int]) -> None:
    if not 1 <= _size(button.get("key")) <= KEY_BYTES:
        raise WeChatError(codes["key"])


def _check_url(button: Json, codes: dict[str, int]) -> None:
    if not 1 <= _size(button.get("url")) <= URL_BYTES:
        raise WeChatError(codes["url"])
    if not str(button["url"]).startswith(("http://", "https://")):
        raise WeChatError(codes["domain"])


def _check_miniprogram(button: Json, codes: dict[str, int]) -> None:
    _check_url(button, codes)
    if not button.get("appid") or not button.get("pagepath"):
        raise WeChatError(40035)


def _check_media(button: Json, codes: dict[str, int]) -> None:  # noqa: ARG001 - one shape for all checks
    if not (button.get("media_id") or button.get("article_id")):
        raise WeChatError(40007)


_CHECKS: dict[str, Callable[[Json, dict[str, int]], None]] = {
    "view": _check_url,
    "miniprogram": _check_miniprogram,
}
