"""The practice JS-SDK: only a page signed with the ticket may ask, from its own origin."""

import hashlib

import pytest

from tests.simulator.practice import CONFIG, FrozenClock, Phone
from tests.simulator.toy import Webhook

PAGE = "http://127.0.0.1:18000/h5/notices"
ORIGIN = "http://127.0.0.1:18000"


def call(phone: Phone, path: str, *, ticket: str = "", origin: str = ORIGIN, **more: str) -> int:
    ticket = ticket or str(phone.call("/cgi-bin/ticket/getticket", type="jsapi")["ticket"])
    text = f"jsapi_ticket={ticket}&noncestr=n&timestamp=1&url={PAGE}"
    form = {"appId": CONFIG.app_id, "nonceStr": "n", "timestamp": "1", "url": PAGE}
    form["signature"] = hashlib.sha1(text.encode()).hexdigest()  # noqa: S324 - WeChat's choice
    answer = phone.client.post(f"/open/js/{path}", data=form | more, headers={"Origin": origin})
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    return int(answer.get_json()["errcode"])


def test_a_signed_page_may_ask_the_reader(phone: Phone, webhook: Webhook) -> None:
    template = next(one for one in phone.world.state.templates.values() if one.title == "活动开始提醒")
    assert phone.client.get("/open/js/jweixin-1.6.0.js").status_code == 200
    assert call(phone, "config") == 0
    phone.client.set_cookie("simulator_openid", phone.openid)
    assert call(phone, "subscribe", template_id=template.template_id, status="accept") == 0
    assert webhook.received[-1]["FromUserName"] == phone.openid
    assert webhook.received[-1]["SubscribeMsgPopupEvent"]["List"]["SubscribeStatusString"] == "accept"
    assert call(phone, "subscribe", template_id="none", status="accept") == 20001


@pytest.mark.parametrize("path", ["config", "subscribe"])
def test_others_are_refused(phone: Phone, clock: FrozenClock, path: str) -> None:
    ticket = str(phone.call("/cgi-bin/ticket/getticket", type="jsapi")["ticket"])
    assert call(phone, path, ticket="guessed") == 63002
    assert call(phone, path, origin="https://evil.example") == 63002
    clock.now += 7201
    assert call(phone, path, ticket=ticket) == 63002
