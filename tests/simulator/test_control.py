"""The control API itself: users, polling, clock, reset, and its guard against other sites."""

import threading
import time

from tests.simulator.practice import FrozenClock, Phone


def test_three_people_are_there_and_more_can_come(phone: Phone) -> None:
    names = [user["name"] for user in phone.get("/users")["users"]]
    assert names == ["王奶奶", "李师傅", "陈女士"]
    added = phone.post("/users", name="赵大爷")
    assert (len(added["openid"]), added["openid"][0]) == (28, "o")
    assert phone.client.post("/simulate/users", json={"name": ""}).status_code == 400


def test_users_are_found_by_name_too(phone: Phone) -> None:
    assert phone.get("/users/王奶奶")["openid"] == phone.openid
    assert phone.client.get("/simulate/users/nobody").status_code == 404


def test_unfollowing_twice_is_a_conflict(phone: Phone) -> None:
    phone.post(f"/users/{phone.openid}/unfollow")
    assert phone.client.post(f"/simulate/users/{phone.openid}/unfollow").status_code == 409


def test_a_long_poll_ends_when_something_comes(phone: Phone) -> None:
    seq = phone.get("/account")["seq"]
    threading.Timer(0.1, phone.world.touch).start()
    begun = time.monotonic()
    updates = phone.get(f"/updates?after={seq}&wait=5&user={phone.openid}")
    assert time.monotonic() - begun < 2
    assert updates["seq"] == seq + 1


def test_updates_carry_what_is_new_only(phone: Phone) -> None:
    seq = phone.get("/account")["seq"]
    phone.send("text", content="新")
    updates = phone.get(f"/updates?after={seq}&user={phone.openid}")
    assert [entry["data"]["content"] for entry in updates["chat"]] == ["新"]
    assert [item["label"] for item in updates["deliveries"]] == ["text"]


def test_the_clock_moves(phone: Phone, clock: FrozenClock) -> None:
    assert phone.post("/clock", advance=3600)["now"] == clock.now + 3600
    assert phone.post("/clock", shift=0)["shift"] == 0


def test_reset_forgets_everything(phone: Phone) -> None:
    phone.send("text", content="x")
    phone.post("/faults", side="api", kind="cut")
    phone.post("/reset")
    assert phone.get("/deliveries")["deliveries"] == []
    assert phone.get("/faults")["faults"] == []
    assert not any(user["followed"] for user in phone.get("/users")["users"])


def test_settings_are_checked(phone: Phone) -> None:
    assert phone.client.post("/simulate/settings", json={"tries": 9}).status_code == 400
    assert phone.post("/settings", tries=4)["tries"] == 4


def test_pages_of_other_sites_are_refused(phone: Phone) -> None:
    response = phone.client.post("/simulate/reset", headers={"Origin": "https://evil.example"})
    assert response.status_code == 403


def test_counters_by_user(phone: Phone) -> None:
    phone.custom_text()
    counters = phone.get("/counters")["counters"]
    assert counters[f"customer_service_messages {phone.openid}"] == 1
    assert counters["deliveries"] == 1
    assert counters["stable_tokens_issued"] == 1


def test_calls_by_path(phone: Phone) -> None:
    phone.custom_text()
    assert len(phone.get("/calls?path=/cgi-bin/message/*")["calls"]) == 1


def test_page_and_health(phone: Phone) -> None:
    page = phone.client.get("/")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert phone.client.get("/healthz").get_data(as_text=True) == "ok"
