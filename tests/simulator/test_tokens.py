"""Access tokens of both kinds, their errors and quotas."""

from typing import Any

import pytest

from tests.simulator.practice import CONFIG, FrozenClock, Phone

GOOD = {"grant_type": "client_credential", "appid": CONFIG.app_id, "secret": CONFIG.app_secret}


def normal(phone: Phone, **changes: str) -> dict[str, Any]:
    answer = phone.client.get("/cgi-bin/token", query_string=GOOD | changes)
    assert answer.status_code == 200
    return dict(answer.get_json())


def stable(phone: Phone, **changes: Any) -> dict[str, Any]:
    return dict(phone.client.post("/cgi-bin/stable_token", json=GOOD | changes).get_json())


def use(phone: Phone, token: str) -> int:
    answer = phone.client.get("/cgi-bin/getcallbackip", query_string={"access_token": token})
    return int(answer.get_json().get("errcode", 0))


def test_stable_token_stays_the_same_until_five_minutes_before_its_end(phone: Phone, clock: FrozenClock) -> None:
    first = stable(phone)
    clock.now += 6899
    again = stable(phone)
    assert again["access_token"] == first["access_token"]
    assert again["expires_in"] == 301
    clock.now += 1
    renewed = stable(phone)
    assert renewed["access_token"] != first["access_token"]
    assert use(phone, first["access_token"]) == 0
    clock.now += 300
    assert use(phone, first["access_token"]) == 40001
    assert use(phone, renewed["access_token"]) == 0


def test_forcing_ends_the_last_token_at_once_and_is_limited(phone: Phone, clock: FrozenClock) -> None:
    first = stable(phone)["access_token"]
    forced = stable(phone, force_refresh=True)["access_token"]
    assert use(phone, first) == 40001
    assert use(phone, forced) == 0
    assert stable(phone, force_refresh=True)["errcode"] == 45011
    for _ in range(19):
        clock.now += 30
        assert "access_token" in stable(phone, force_refresh=True)
    clock.now += 30
    assert stable(phone, force_refresh=True)["errcode"] == 45009


def test_normal_token_changes_each_time_and_overlaps_five_minutes(phone: Phone, clock: FrozenClock) -> None:
    kept = stable(phone)["access_token"]
    first, second = normal(phone)["access_token"], normal(phone)["access_token"]
    assert first != second
    clock.now += 299
    assert use(phone, first) == 0
    clock.now += 1
    assert use(phone, first) == 40001
    assert use(phone, second) == 0
    assert use(phone, kept) == 0


def test_a_token_expires_after_two_hours(phone: Phone, clock: FrozenClock) -> None:
    token = normal(phone)["access_token"]
    clock.now += 7200
    assert use(phone, token) == 42001


REFUSED = [
    ({"appid": "wx0"}, 40013),
    ({"secret": "wrong"}, 40125),
    ({"secret": ""}, 41004),
    ({"appid": ""}, 41002),
    ({"grant_type": "password"}, 40002),
]


@pytest.mark.parametrize(("changes", "code"), REFUSED)
def test_wrong_credentials(changes: dict[str, str], code: int, phone: Phone) -> None:
    for answer in (normal(phone, **changes), stable(phone, **changes)):
        assert answer["errcode"] == code
        assert " rid: " in answer["errmsg"]


def test_missing_malformed_and_unknown_tokens(phone: Phone) -> None:
    assert use(phone, "") == 41001
    assert use(phone, "short") == 40014
    assert use(phone, "x" * 100) == 40001


def test_expired_on_demand(phone: Phone) -> None:
    token = stable(phone)["access_token"]
    phone.post("/tokens/expire")
    assert use(phone, token) == 42001
    assert stable(phone)["access_token"] != token


def test_two_thousand_normal_tokens_a_day(phone: Phone, clock: FrozenClock) -> None:
    phone.post("/settings", daily_limits={"/cgi-bin/token": 2})
    assert [normal(phone).get("errcode", 0) for _ in range(3)] == [0, 0, 45009]
    clock.now += 86400
    assert "access_token" in normal(phone)


def test_ip_whitelist(phone: Phone) -> None:
    phone.post("/settings", ip_whitelist=["203.0.113.9"])
    answer = stable(phone)
    assert answer["errcode"] == 40164
    assert "127.0.0.1" in answer["errmsg"]


def test_methods_and_bodies(phone: Phone) -> None:
    token = stable(phone)["access_token"]
    query = {"access_token": token}
    assert phone.client.get("/cgi-bin/stable_token").get_json()["errcode"] == 43002
    assert phone.client.post("/cgi-bin/menu/get", query_string=query).get_json()["errcode"] == 43001
    assert phone.client.post("/cgi-bin/menu/create", query_string=query).get_json()["errcode"] == 44002
    answer = phone.client.post("/cgi-bin/menu/create", query_string=query, data="{")
    assert answer.get_json()["errcode"] == 47001
    assert answer.content_type == "application/json; encoding=utf-8"


def test_daily_quota_is_seen_and_cleared_ten_times_a_month(phone: Phone) -> None:
    path = "/cgi-bin/menu/get"
    phone.post("/settings", daily_limits={path: 1})
    assert [phone.call(path)["errcode"] for _ in range(2)] == [46003, 45009]
    quota = phone.call("/cgi-bin/openapi/quota/get", {"cgi_path": path})["quota"]
    assert quota == {"daily_limit": 1, "used": 1, "remain": 0}
    for _ in range(10):
        assert phone.call("/cgi-bin/clear_quota", {"appid": CONFIG.app_id})["errcode"] == 0
    assert phone.call("/cgi-bin/clear_quota", {"appid": CONFIG.app_id})["errcode"] == 48006
    assert phone.call(path)["errcode"] == 46003


def test_no_secret_reaches_the_journal(phone: Phone) -> None:
    token = stable(phone)["access_token"]
    normal(phone)
    use(phone, token)
    text = phone.client.get("/simulate/calls").get_data(as_text=True)
    assert token not in text
    assert CONFIG.app_secret not in text
    assert token[:6] in text


def test_a_rid_finds_its_request(phone: Phone) -> None:
    answer = phone.call("/cgi-bin/menu/get")
    rid = answer["errmsg"].rpartition(" ")[2]
    found = phone.call("/cgi-bin/openapi/rid/get", {"rid": rid})["request"]
    assert found["request_url"].startswith("/cgi-bin/menu/get?")


def test_jsapi_ticket_is_kept_two_hours(phone: Phone, clock: FrozenClock) -> None:
    first = phone.call("/cgi-bin/ticket/getticket", type="jsapi")
    assert phone.call("/cgi-bin/ticket/getticket", type="jsapi")["ticket"] == first["ticket"]
    clock.now += 7200
    assert phone.call("/cgi-bin/ticket/getticket", type="jsapi")["ticket"] != first["ticket"]
