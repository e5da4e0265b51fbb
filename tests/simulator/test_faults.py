"""Faults on demand, on both sides."""

import threading
import time
from typing import Any

import pytest
import requests
from flask import Flask

from simulator import crypto
from tests.simulator.practice import CONFIG, Phone
from tests.simulator.toy import Webhook

HELLO = {"MsgType": "text", "Content": "您好"}


def webhook_fault(phone: Phone, kind: str, **extra: Any) -> None:
    phone.post("/faults", side="webhook", kind=kind, **extra)


def test_duplicates_arrive_in_parallel_and_show_once(phone: Phone, webhook: Webhook) -> None:
    webhook.answer = lambda fields: HELLO
    webhook_fault(phone, "duplicate", count=4)
    report = phone.send("text", content="重复")
    assert len(report["delivery"]["tries"]) == 4
    assert len({fields["MsgId"] for fields in webhook.received[-4:]}) == 1
    assert len(report["shown"]) == 1


def test_two_messages_change_places(phone: Phone, webhook: Webhook) -> None:
    webhook_fault(phone, "reorder", seconds=5)
    first = threading.Thread(target=phone.send, args=("text",), kwargs={"content": "一"})
    first.start()
    time.sleep(0.1)
    phone.send("text", content="二")
    first.join(2)
    assert [fields["Content"] for fields in webhook.received[-2:]] == ["二", "一"]


def query_of(webhook: Webhook) -> dict[str, str]:
    return dict(webhook.requests[-1]["query"])


def signed(webhook: Webhook) -> bool:
    query = query_of(webhook)
    return query["signature"] == crypto.sign(CONFIG.token, query["timestamp"], query["nonce"])


def test_wrong_signature(phone: Phone, webhook: Webhook) -> None:
    webhook_fault(phone, "wrong_signature")
    phone.send("text", content="x")
    assert not signed(webhook)
    phone.send("text", content="x")
    assert signed(webhook)


def test_stale_timestamp_is_signed_well(phone: Phone, webhook: Webhook) -> None:
    webhook_fault(phone, "stale_timestamp", seconds=600)
    phone.send("text", content="x")
    assert signed(webhook)
    assert phone.world.clock.now() - int(query_of(webhook)["timestamp"]) >= 600


def test_plaintext_in_safe_mode(phone: Phone, webhook: Webhook) -> None:
    webhook_fault(phone, "plaintext")
    phone.send("text", content="明文")
    assert "明文" in webhook.requests[-1]["body"]
    assert "encrypt_type" not in query_of(webhook)


@pytest.mark.parametrize("kind", ["tampered", "corrupt"])
def test_spoiled_ciphertext_cannot_be_opened(kind: str, phone: Phone, webhook: Webhook) -> None:
    webhook_fault(phone, kind)
    phone.send("text", content="x")
    assert "error" in webhook.received[-1]


def test_cut_connections_are_tried_again(phone: Phone, webhook: Webhook) -> None:
    webhook.answer = lambda fields: time.sleep(0.2)  # type: ignore[func-returns-value]
    webhook_fault(phone, "cut")
    report = phone.send("text", content="x")
    assert [attempt["fault"] for attempt in report["delivery"]["tries"]] == ["cut", None]


def test_a_fault_for_one_kind_of_message_only(phone: Phone, webhook: Webhook) -> None:
    webhook_fault(phone, "wrong_signature", path="CLICK", times=None)
    phone.send("text", content="x")
    assert signed(webhook)
    phone.send("click", key="K")
    assert not signed(webhook)


@pytest.mark.parametrize("errcode", [-1, 40001, 45009, 45047, 40164])
def test_error_codes_as_often_as_wished(errcode: int, phone: Phone) -> None:
    phone.post("/faults", side="api", kind="errcode", errcode=errcode, path="/cgi-bin/message/*", times=2)
    assert [phone.custom_text() for _ in range(3)] == [errcode, errcode, 0]


def test_until_cleared(phone: Phone) -> None:
    added = phone.post("/faults", side="api", kind="errcode", path="/cgi-bin/message/*", times=None)
    assert [phone.custom_text() for _ in range(3)] == [-1, -1, -1]
    assert phone.client.delete(f"/simulate/faults/{added['id']}").status_code == 200
    assert phone.custom_text() == 0


def test_an_error_after_the_act(phone: Phone) -> None:
    phone.post("/faults", side="api", kind="errcode", when="after", path="/cgi-bin/message/*")
    assert phone.custom_text() == -1
    assert phone.get("/counters")["counters"]["customer_service_messages"] == 1


@pytest.mark.parametrize("wish", [{}, {"side": "api", "kind": "fire"}, {"side": "api", "kind": "cut", "x": 1}])
def test_impossible_faults(wish: dict[str, Any], phone: Phone) -> None:
    assert phone.client.post("/simulate/faults", json=wish).status_code == 400


def prepare(app: Flask, base: str) -> tuple[Phone, str]:
    phone = Phone(app.test_client(), app.extensions["simulator"])
    phone.follow()
    return phone, f"{base}/cgi-bin/message/custom/send?access_token={phone.token()}"


def message(phone: Phone) -> dict[str, Any]:
    return {"touser": phone.openid, "msgtype": "text", "text": {"content": "x"}}


@pytest.mark.parametrize(("when", "done"), [("before", 0), ("after", 1)])
def test_a_connection_cut_in_the_middle(when: str, done: int, live: tuple[Flask, str]) -> None:
    phone, url = prepare(*live)
    phone.post("/faults", side="api", kind="cut", when=when, path="/cgi-bin/message/*")
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        requests.post(url, json=message(phone), timeout=5)
    assert phone.get("/counters")["counters"].get("customer_service_messages", 0) == done
    assert requests.post(url, json=message(phone), timeout=5).json()["errcode"] == 0


def test_slow_html_and_garbage(live: tuple[Flask, str]) -> None:
    phone, url = prepare(*live)
    phone.post("/faults", side="api", kind="http", status=502, path="/cgi-bin/message/*")
    answer = requests.post(url, json=message(phone), timeout=5)
    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html")
    phone.post("/faults", side="api", kind="garbage", path="/cgi-bin/message/*")
    with pytest.raises(requests.JSONDecodeError):
        requests.post(url, json=message(phone), timeout=5).json()
    phone.post("/faults", side="api", kind="slow", seconds=0.3, path="/cgi-bin/message/*")
    with pytest.raises(requests.Timeout):
        requests.post(url, json=message(phone), timeout=0.1)
