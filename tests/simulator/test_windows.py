"""When customer-service messages may be sent: 5 in 48 h after a message, 3 in a minute after an act."""

from typing import Any

import pytest

from tests.simulator.practice import FrozenClock, Phone

DAY = 86400


def test_five_messages_after_one_of_the_user(phone: Phone, clock: FrozenClock) -> None:
    clock.now += 61
    phone.send("text", content="你好")
    assert [phone.custom_text() for _ in range(6)] == [0, 0, 0, 0, 0, 45047]


def test_the_window_of_a_message_ends_after_48_hours(phone: Phone, clock: FrozenClock) -> None:
    phone.send("text", content="你好")
    clock.now += 2 * DAY - 1
    assert phone.custom_text() == 0
    clock.now += 1
    assert phone.custom_text() == 45015


def test_a_new_message_fills_the_window_again(phone: Phone, clock: FrozenClock) -> None:
    clock.now += 61
    for _ in range(2):
        phone.send("text", content="你好")
        assert [phone.custom_text() for _ in range(5)] == [0] * 5


ACTS: list[tuple[str, dict[str, Any]]] = [
    ("click", {"key": "K"}),
    ("scancode_waitmsg", {"key": "K", "result": "x"}),
    ("scan", {"scene": "hall"}),
    ("text", {"content": "一", "bizmsgmenuid": "1"}),
]


@pytest.mark.parametrize(("kind", "spec"), ACTS, ids=[kind for kind, _ in ACTS])
def test_three_messages_within_a_minute_of_an_act(
    kind: str, spec: dict[str, Any], phone: Phone, clock: FrozenClock
) -> None:
    clock.now += 61
    phone.send(kind, **spec)
    assert [phone.custom_text() for _ in range(4)] == [0, 0, 0, 45047]
    clock.now += 60
    assert phone.custom_text() == 45015


def test_a_view_tap_opens_no_window(phone: Phone, clock: FrozenClock) -> None:
    clock.now += 61
    phone.send("view", url="https://example.com/")
    assert phone.custom_text() == 45015


def test_following_allows_three(phone: Phone) -> None:
    assert [phone.custom_text() for _ in range(4)] == [0, 0, 0, 45047]


def test_after_unfollowing_nothing_may_be_sent(phone: Phone) -> None:
    phone.send("text", content="你好")
    phone.post(f"/users/{phone.openid}/unfollow")
    assert phone.custom_text() == 45015


def test_what_is_refused_uses_up_nothing(phone: Phone) -> None:
    def send(**body: Any) -> int:
        whole = {"touser": phone.openid} | body
        return int(phone.call("/cgi-bin/message/custom/send", whole)["errcode"])

    article = {"title": "a", "url": "https://example.com/"}
    assert send(msgtype="text", text={"content": "中" * 683}) == 45002
    assert send(msgtype="text", text={"content": ""}) == 44004
    assert send(msgtype="news", news={"articles": [article, article]}) == 45008
    assert send(msgtype="image", image={"media_id": "nope"}) == 40007
    assert send(msgtype="html", html={}) == 40008
    assert send(touser="oNobody", msgtype="text", text={"content": "x"}) == 40003
    assert [phone.custom_text() for _ in range(4)] == [0, 0, 0, 45047]


def test_all_kinds_are_shown(phone: Phone) -> None:
    phone.send("text", content="你好")
    menu = {
        "head_content": "满意吗",
        "list": [{"id": "1", "content": "满意"}],
        "tail_content": "谢谢",
    }
    news = {"articles": [{"title": "活动", "url": "https://example.com/"}]}
    for kind, part in (("msgmenu", menu), ("news", news), ("music", {"title": "歌"})):
        body = {"touser": phone.openid, "msgtype": kind, kind: part}
        assert phone.call("/cgi-bin/message/custom/send", body)["errcode"] == 0
    assert [entry["kind"] for entry in phone.chat()[-3:]] == ["msgmenu", "news", "music"]


def test_typing_shows_until_a_message_comes(phone: Phone) -> None:
    phone.send("text", content="你好")
    body = {"touser": phone.openid, "command": "Typing"}
    assert phone.call("/cgi-bin/message/custom/typing", body)["errcode"] == 0
    assert phone.call("/cgi-bin/message/custom/typing", body)["errcode"] == 45081
    phone.custom_text()
    assert phone.get(f"/users/{phone.openid}")["typing"] is False
