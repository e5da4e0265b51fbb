"""Template messages and subscription notices."""

from typing import Any

from tests.simulator.practice import FrozenClock, Phone
from tests.simulator.toy import Webhook


def template_id(phone: Phone, kind: str) -> str:
    return next(t.template_id for t in phone.world.state.templates.values() if t.kind == kind)


def fill(**values: str) -> dict[str, Any]:
    return {name: {"value": value} for name, value in values.items()}


PROGRESS = fill(thing1="投诉", character_string2="TS1", phrase3="已受理", time4="2026-11-20 10:00")


def send_template(phone: Phone, **changes: Any) -> dict[str, Any]:
    body = {"touser": phone.openid, "template_id": template_id(phone, "template"), "data": PROGRESS} | changes
    answer = phone.call("/cgi-bin/message/template/send", body)
    phone.post("/settle")
    return answer


def test_a_template_message_is_shown_and_reported(phone: Phone, webhook: Webhook) -> None:
    answer = send_template(phone, url="https://example.com/")
    card = phone.chat()[-1]
    assert (card["kind"], card["data"]["rows"][2]) == ("template", {"name": "状态", "value": "已受理"})
    event = webhook.received[-1]
    assert (event["Event"], event["Status"]) == ("TEMPLATESENDJOBFINISH", "success")
    assert int(event["MsgID"]) == answer["msgid"]


def test_client_msg_id_sends_once_in_ten_minutes(phone: Phone, clock: FrozenClock) -> None:
    first = send_template(phone, client_msg_id="n1")
    assert send_template(phone, client_msg_id="n1")["msgid"] == first["msgid"]
    assert phone.get("/counters")["counters"]["template_messages"] == 1
    clock.now += 600
    send_template(phone, client_msg_id="n1")
    assert phone.get("/counters")["counters"]["template_messages"] == 2


def test_what_a_template_refuses(phone: Phone) -> None:
    assert send_template(phone, template_id="x")["errcode"] == 40037
    assert send_template(phone, touser="x")["errcode"] == 40003
    too_long = PROGRESS | fill(phrase3="超过五个字了")
    refused = send_template(phone, data=too_long)
    assert refused["errcode"] == 47003
    assert "data.phrase3.value" in refused["errmsg"]
    phone.post(f"/users/{phone.openid}/unfollow")
    assert send_template(phone)["errcode"] == 43004


def test_templates_are_listed(phone: Phone) -> None:
    listed = phone.call("/cgi-bin/template/get_all_private_template")["template_list"]
    assert [t["template_id"] for t in listed] == [template_id(phone, "template")]
    assert {t["type"] for t in phone.call("/wxaapi/newtmpl/gettemplate")["data"]} == {2, 3}


RESULT = fill(thing1="投诉", phrase2="已办结", time3="2026-11-20")
CHANGE = fill(thing1="某公司", thing2="新增处罚", time3="2026-11-20")


def send_notice(phone: Phone, kind: str) -> int:
    data = RESULT if kind == "once" else CHANGE
    body = {"touser": phone.openid, "template_id": template_id(phone, kind), "data": data}
    return int(phone.call("/cgi-bin/message/subscribe/bizsend", body)["errcode"])


def answer(phone: Phone, kind: str, status: str) -> None:
    phone.post(f"/users/{phone.openid}/subscriptions", template_id=template_id(phone, kind), status=status)


def test_one_accept_is_one_message(phone: Phone, webhook: Webhook) -> None:
    assert send_notice(phone, "once") == 43101
    answer(phone, "once", "accept")
    item = webhook.received[-1]["SubscribeMsgPopupEvent"]["List"]
    assert (item["SubscribeStatusString"], item["PopupScene"]) == ("accept", "1")
    assert [send_notice(phone, "once"), send_notice(phone, "once")] == [0, 43101]
    phone.post("/settle")
    assert webhook.received[-1]["SubscribeMsgSentEvent"]["List"]["ErrorStatus"] == "success"


def test_a_long_subscription_lasts_until_it_is_refused(phone: Phone, webhook: Webhook) -> None:
    answer(phone, "long", "accept")
    assert [send_notice(phone, "long") for _ in range(3)] == [0, 0, 0]
    phone.post("/settle")
    answer(phone, "long", "refuse")
    assert webhook.received[-1]["Event"] == "subscribe_msg_change_event"
    assert send_notice(phone, "long") == 43101
