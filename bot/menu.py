"""The account's menu from config/menu.toml, checked against WeChat's limits before it is pushed."""

import tomllib
from pathlib import Path
from typing import Any

from bot.gateway import Gateway

MENU_FILE = Path(__file__).parent.parent / "config" / "menu.toml"
MAX_BUTTONS, MAX_SUB_BUTTONS = 3, 5
MAX_NAME_CHARACTERS, MAX_SUB_NAME_CHARACTERS = 4, 8
MAX_KEY_BYTES, MAX_URL_BYTES = 128, 1024
# What each type needs beside its name.
NEEDS = {
    "click": {"key"},
    "view": {"url"},
    "scancode_push": {"key"},
    "scancode_waitmsg": {"key"},
    "pic_sysphoto": {"key"},
    "pic_photo_or_album": {"key"},
    "pic_weixin": {"key"},
    "location_select": {"key"},
    "miniprogram": {"url", "appid", "pagepath"},
    "media_id": {"media_id"},
    "article_id": {"article_id"},
    "article_view_limited": {"article_id"},
}


class MenuError(Exception):
    """menu.toml breaks one of WeChat's limits; the text names the item, in Chinese."""


def load_menu(public_url: str, path: Path = MENU_FILE) -> dict[str, Any]:
    """The menu as WeChat's menu/create wants it, addresses made absolute; MenuError when it would refuse."""
    try:
        buttons = tomllib.loads(path.read_text(encoding="utf-8")).get("button", [])
    except tomllib.TOMLDecodeError as error:
        raise MenuError(f"{path.name} 格式有误：{error}") from None
    if not isinstance(buttons, list) or not all(isinstance(button, dict) for button in buttons):
        raise MenuError(f"{path.name}：菜单要写成 [[button]]")
    if not 1 <= len(buttons) <= MAX_BUTTONS:
        raise MenuError(f"一级菜单要有 1 至 {MAX_BUTTONS} 个，现在是 {len(buttons)} 个")
    return {"button": [make_button(button, public_url) for button in buttons]}


def make_button(button: dict[str, Any], public_url: str) -> dict[str, Any]:
    """A first-level button: with sub-buttons, or one that acts itself."""
    if "sub_button" not in button:
        return make_item(button, public_url, MAX_NAME_CHARACTERS)
    name = check_name(button, MAX_NAME_CHARACTERS)
    items = button["sub_button"]
    if not isinstance(items, list) or not 1 <= len(items) <= MAX_SUB_BUTTONS:
        raise MenuError(f"“{name}”的子菜单要有 1 至 {MAX_SUB_BUTTONS} 个")
    if extra := set(button) - {"name", "sub_button"}:
        raise MenuError(f"“{name}”有子菜单，不能再有 {'、'.join(sorted(extra))}")
    return {
        "name": name,
        "sub_button": [make_item(item, public_url, MAX_SUB_NAME_CHARACTERS) for item in items],
    }


def make_item(item: dict[str, Any], public_url: str, max_characters: int) -> dict[str, Any]:
    """A button that acts."""
    name = check_name(item, max_characters)
    kind = item.get("type")
    if kind not in NEEDS:
        raise MenuError(f"“{name}”的 type “{kind}”不是微信的菜单类型")
    values = {key: value for key, value in item.items() if key not in {"name", "type"}}
    if set(values) != NEEDS[kind]:
        raise MenuError(f"“{name}”（{kind}）应当且只应有 {'、'.join(sorted(NEEDS[kind]))}")
    if not all(isinstance(value, str) and value for value in values.values()):
        raise MenuError(f"“{name}”的每个值都要是非空的文字")
    if str(values.get("url", "")).startswith("/"):
        values["url"] = public_url + values["url"]
    check_limits(name, values)
    return {"name": name, "type": kind, **values}


def check_name(item: dict[str, Any], max_characters: int) -> str:
    """The name that is shown; longer ones WeChat cuts or refuses."""
    name = item.get("name") if isinstance(item, dict) else None
    if not isinstance(name, str) or not name.strip():
        raise MenuError("有一项菜单没有 name")
    # WeChat counts bytes (16 and 60) and shows 4 and 8 Chinese characters: two letters take one's place.
    width = sum(1 if character.isascii() else 2 for character in name)
    if width > 2 * max_characters:
        raise MenuError(f"“{name}”太长：最多显示 {max_characters} 个汉字")
    return name


def check_limits(name: str, values: dict[str, str]) -> None:
    """Key and address within WeChat's bytes; an address that a phone can open."""
    if len(values.get("key", "").encode()) > MAX_KEY_BYTES:
        raise MenuError(f"“{name}”的 key 超过 {MAX_KEY_BYTES} 字节")
    url = values.get("url", "")
    if len(url.encode()) > MAX_URL_BYTES:
        raise MenuError(f"“{name}”的 url 超过 {MAX_URL_BYTES} 字节")
    if url and not url.startswith(("https://", "http://")):
        raise MenuError(f"“{name}”的 url 要以 https:// 或 / 开头")


def push_menu(gateway: Gateway, menu: dict[str, Any]) -> None:
    """Replace the account's menu; followers see it within minutes. GatewayError when WeChat refuses."""
    gateway.create_menu(menu)
