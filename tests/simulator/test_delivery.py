"""Pushing messages: modes, retries, replies and what the phone shows."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from simulator import xmltext
from simulator.config import Mode
from tests.simulator.practice import Phone
from tests.simulator.toy import Webhook

HELLO = {"MsgType": "text", "Content": "您好"}
UNAVAILABLE = "该公众号暂时无法提供服务，请稍后再试"


@pytest.mark.parametrize("mode", list(Mode))
def test_a_text_gets_its_reply_in_every_mode(mode: Mode, make_phone: Callable[..., Phone], webhook: Webhook) -> None:
    phone = make_phone(mode=mode)
    phone.follow()
    webhook.answer = lambda fields: HELLO | {"Content": fields["Content"] + "！"}
    report = phone.send("text", content="你好𠮷")
    assert [entry["data"]["content"] for entry in report["shown"]] == ["你好𠮷！"]
    assert report["delivery"]["outcome"] == "reply"
    assert report["delivery"]["reply"]["MsgType"] == "text"
    assert len(report["delivery"]["tries"]) == 1


def test_wechatpy_reads_what_is_pushed(phone: Phone, webhook: Webhook) -> None:
    phone.send("text", content="查企业")
    request = webhook.requests[-1]
    query = request["query"]
    config = phone.world.config
    check_signature(config.token, query["signature"], query["timestamp"], query["nonce"])
    crypto = WeChatCrypto(config.token, config.aes_key, config.app_id)
    xml = crypto.decrypt_message(request["body"], query["msg_signature"], query["timestamp"], query["nonce"])
    assert "<![CDATA[查企业]]>" in xml
    assert query["openid"] == phone.openid
    assert query["encrypt_type"] == "aes"
    assert request["headers"]["User-Agent"] == "Mozilla/4.0"
    assert set(xmltext.read(request["body"])) == {"ToUserName", "Encrypt"}


def test_plain_mode_has_no_encryption_parameters(make_phone: Callable[..., Phone], webhook: Webhook) -> None:
    phone = make_phone(mode=Mode.PLAIN)
    phone.follow()
    assert set(webhook.requests[-1]["query"]) == {"signature", "timestamp", "nonce", "openid"}


def test_compatible_mode_sends_both_forms(make_phone: Callable[..., Phone], webhook: Webhook) -> None:
    phone = make_phone(mode=Mode.COMPATIBLE)
    phone.follow()
    assert {"FromUserName", "Encrypt", "Event"} <= set(xmltext.read(webhook.requests[-1]["body"]))


def test_silence_is_retried_with_the_same_msg_id_and_then_reported(phone: Phone, webhook: Webhook) -> None:
    phone.post("/settings", wait_seconds=0.1)

    def sleep(fields: dict[str, Any]) -> None:
        time.sleep(0.25)

    webhook.answer = sleep
    report = phone.send("text", content="慢")
    assert len(report["delivery"]["tries"]) == 3
    assert report["delivery"]["outcome"] == "no_answer"
    assert report["shown"][0]["data"]["content"] == UNAVAILABLE
    assert len({fields["MsgId"] for fields in webhook.received[-3:]}) == 1


def test_an_answer_on_a_retry_is_shown_once(phone: Phone, webhook: Webhook) -> None:
    phone.post("/settings", wait_seconds=0.15, tries=4)
    seen: list[int] = []

    def late_once(fields: dict[str, Any]) -> dict[str, Any]:
        seen.append(1)
        if len(seen) == 1:
            time.sleep(0.4)
        return HELLO

    webhook.answer = late_once
    report = phone.send("text", content="慢一次")
    assert len(report["delivery"]["tries"]) == 2
    assert [entry["kind"] for entry in report["shown"]] == ["text"]


@pytest.mark.parametrize("nothing", [b"success", b"", b" success\n"])
def test_nothing_to_say(nothing: bytes, phone: Phone, webhook: Webhook) -> None:
    webhook.answer = lambda fields: nothing
    report = phone.send("text", content="嗯")
    assert report["delivery"]["outcome"] == "nothing"
    assert report["shown"] == []


REFUSED: list[tuple[str, Any]] = [
    ("JSON", b'{"text": "hi"}'),
    ("clear XML in safe mode", xmltext.write(HELLO).encode()),
    ("empty content", HELLO | {"Content": ""}),
    ("wrong receiver", HELLO | {"ToUserName": "o" + "x" * 27}),
    ("unknown type", {"MsgType": "html", "Content": "x"}),
    ("2049 bytes", HELLO | {"Content": "中" * 683}),
    ("unknown media", {"MsgType": "image", "Image": {"MediaId": "nope"}}),
    ("DTD", b'<!DOCTYPE xml [<!ENTITY a "b">]><xml><MsgType>&a;</MsgType></xml>'),
    ("not UTF-8", b"\xff\xfe"),
]


@pytest.mark.parametrize(("name", "reply"), REFUSED, ids=[name for name, _ in REFUSED])
def test_bad_replies_show_that_the_account_is_out_of_order(
    name: str, reply: Any, phone: Phone, webhook: Webhook
) -> None:
    webhook.answer = lambda fields: reply
    report = phone.send("text", content="试")
    assert report["delivery"]["outcome"] == "invalid"
    assert report["delivery"]["reason"]
    assert report["shown"][0]["data"]["content"] == UNAVAILABLE


def test_a_wrong_reply_signature_is_refused(phone: Phone, webhook: Webhook) -> None:
    fields = HELLO | {
        "ToUserName": phone.openid,
        "FromUserName": phone.world.config.account_id,
        "CreateTime": 1,
    }
    webhook.answer = lambda _: webhook.seal(xmltext.write(fields)).replace(b"42", b"43")
    assert "MsgSignature" in phone.send("text", content="试")["delivery"]["reason"]


def test_exactly_2048_bytes_are_shown(phone: Phone, webhook: Webhook) -> None:
    content = "中" * 682 + "ab"
    webhook.answer = lambda fields: HELLO | {"Content": content}
    assert phone.send("text", content="长")["shown"][0]["data"]["content"] == content


def news(count: int) -> dict[str, Any]:
    item = {"Title": "活动", "Description": "", "PicUrl": "", "Url": "https://example.com/"}
    return {"MsgType": "news", "ArticleCount": count, "Articles": {"item": [item] * count}}


def test_one_article_after_a_message_eight_after_a_menu_tap(phone: Phone, webhook: Webhook) -> None:
    webhook.answer = lambda fields: news(9)
    assert len(phone.send("text", content="活动")["shown"][0]["data"]["articles"]) == 1
    assert len(phone.send("click", key="NEWS")["shown"][0]["data"]["articles"]) == 8


@pytest.mark.parametrize("kind", ["view", "location_event"])
def test_events_without_visible_reply_show_nothing(kind: str, phone: Phone, webhook: Webhook) -> None:
    webhook.answer = lambda fields: HELLO
    assert phone.send(kind, url="https://example.com/")["shown"] == []


def test_an_error_status_is_not_retried(phone: Phone, webhook: Webhook) -> None:
    webhook.status = 500
    report = phone.send("text", content="坏")
    assert [attempt["status"] for attempt in report["delivery"]["tries"]] == [500]
    assert report["shown"][0]["kind"] == "unavailable"


def test_a_closed_port_is_tried_three_times(phone: Phone, webhook: Webhook) -> None:
    webhook.close()
    report = phone.send("text", content="没人")
    assert len(report["delivery"]["tries"]) == 3
    assert "连接失败" in report["delivery"]["reason"]


MESSAGES = ["text", "image", "voice", "video", "shortvideo", "location", "link", "file", "miniprogrampage"]


@pytest.mark.parametrize("kind", MESSAGES)
def test_every_message_type_carries_a_msg_id(kind: str, phone: Phone, webhook: Webhook) -> None:
    phone.send(kind)
    assert webhook.received[-1]["MsgType"] == kind
    assert int(webhook.received[-1]["MsgId"]) < 2**63


def test_voice_recognition_can_be_off(phone: Phone, webhook: Webhook) -> None:
    phone.send("voice", recognition="查企业")
    assert webhook.received[-1]["Recognition"] == "查企业"
    phone.post("/settings", speech_recognition=False)
    phone.send("voice", recognition="查企业")
    assert "Recognition" not in webhook.received[-1]


def test_scanning_a_licence_from_the_menu(phone: Phone, webhook: Webhook) -> None:
    phone.send("scancode_waitmsg", key="SCAN", result="https://example.com/?code=1")
    info = webhook.received[-1]["ScanCodeInfo"]
    assert info == {"ScanType": "qrcode", "ScanResult": "https://example.com/?code=1"}


def test_parametric_codes_give_subscribe_then_scan(make_phone: Callable[..., Phone], webhook: Webhook) -> None:
    phone = make_phone()
    phone.send("scan", scene="hall_1")
    assert (webhook.received[-1]["Event"], webhook.received[-1]["EventKey"]) == (
        "subscribe",
        "qrscene_hall_1",
    )
    phone.send("scan", scene="hall_1")
    assert (webhook.received[-1]["Event"], webhook.received[-1]["EventKey"]) == ("SCAN", "hall_1")


def test_any_xml_can_be_pushed(phone: Phone, webhook: Webhook) -> None:
    phone.send("raw_xml", xml="<xml><MsgType>a</MsgType><MsgType>b</MsgType></xml>")
    assert webhook.received[-1] == {"MsgType": ["a", "b"]}


def test_a_stranger_cannot_write(make_phone: Callable[..., Phone]) -> None:
    phone = make_phone()
    response = phone.client.post("/simulate/send", json={"user": phone.openid, "type": "text", "content": "喂"})
    assert response.status_code == 409


def test_url_verification(phone: Phone, webhook: Webhook) -> None:
    assert phone.post("/verify")["ok"] is True
    webhook.status = 403
    verdict = phone.post("/verify")
    assert verdict["ok"] is False
    assert "403" in verdict["reason"]


def test_a_replay_is_the_same_bytes(phone: Phone, webhook: Webhook) -> None:
    delivery = phone.send("text", content="一")["delivery"]
    phone.post(f"/deliveries/{delivery['id']}/replay")
    assert webhook.requests[-1]["body"] == webhook.requests[-2]["body"]
    assert webhook.requests[-1]["query"] == webhook.requests[-2]["query"]
