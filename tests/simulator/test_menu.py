"""The menu: WeChat's limits, its forms, and tapping it."""

from typing import Any

import pytest

from tests.simulator.practice import Phone
from tests.simulator.toy import Webhook

CLICK = {"type": "click", "name": "查询", "key": "K"}
VIEW = {"type": "view", "name": "网页", "url": "https://example.com/"}


def create(phone: Phone, *buttons: Any) -> int:
    return int(phone.call("/cgi-bin/menu/create", {"button": list(buttons)})["errcode"])


REFUSED: list[tuple[list[Any], int]] = [
    ([], 40016),
    ([CLICK] * 4, 40016),
    ([CLICK | {"type": "jump"}], 40017),
    ([CLICK | {"name": "名字太长了吧"}], 40018),
    ([CLICK | {"name": ""}], 40018),
    ([CLICK | {"key": ""}], 40019),
    ([CLICK | {"key": "k" * 129}], 40019),
    ([VIEW | {"url": "https://example.com/" + "a" * 1024}], 40020),
    ([VIEW | {"url": "javascript:1"}], 40054),
    ([{"name": "组", "sub_button": [CLICK] * 6}], 40023),
    ([{"name": "组", "sub_button": [{"name": "层", "sub_button": [CLICK]}]}], 40022),
    ([{"name": "组", "sub_button": [CLICK | {"type": "x"}]}], 40024),
    ([{"name": "组", "sub_button": [CLICK | {"name": "长" * 21}]}], 40025),
    ([{"name": "组", "sub_button": [CLICK | {"key": None}]}], 40026),
    ([{"name": "组", "sub_button": [VIEW | {"url": ""}]}], 40027),
]


@pytest.mark.parametrize(("buttons", "code"), REFUSED)
def test_bad_menus(buttons: list[Any], code: int, phone: Phone) -> None:
    assert create(phone, *buttons) == code


def test_a_menu_is_set_read_tapped_and_deleted(phone: Phone, webhook: Webhook) -> None:
    scan = {"type": "scancode_waitmsg", "name": "扫码", "key": "S"}
    assert create(phone, {"name": "组", "sub_button": [CLICK, VIEW, scan]}) == 0
    menu = phone.call("/cgi-bin/menu/get")["menu"]
    assert menu["button"][0]["sub_button"][0] == CLICK | {"sub_button": []}
    info = phone.call("/cgi-bin/get_current_selfmenu_info")
    assert info["selfmenu_info"]["button"][0]["sub_button"]["list"][0] == CLICK
    phone.send("menu", name="查询")
    assert (webhook.received[-1]["Event"], webhook.received[-1]["EventKey"]) == ("CLICK", "K")
    assert phone.send("menu", path=[0, 1])["open"] == "https://example.com/"
    assert webhook.received[-1]["Event"] == "VIEW"
    phone.send("menu", name="扫码", result="abc")
    assert webhook.received[-1]["ScanCodeInfo"]["ScanResult"] == "abc"
    assert phone.call("/cgi-bin/menu/delete")["errcode"] == 0
    assert phone.call("/cgi-bin/menu/get")["errcode"] == 46003


def test_tapping_what_is_not_there(phone: Phone) -> None:
    response = phone.client.post("/simulate/send", json={"user": phone.openid, "type": "menu", "name": "无"})
    assert response.status_code == 409
