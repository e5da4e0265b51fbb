"""Figures of reading: a person once a day and article, of days that are over and counted."""

from typing import Any

from tests.simulator.practice import FrozenClock, Phone
from tests.simulator.test_platform import draft

PATH = "/datacube/getarticleread"
AT = 1_800_014_400.0  # 2027-01-15 20:00 in Shanghai
DAY = "2027-01-15"


def ask(phone: Phone, first: str = DAY, last: str = "") -> dict[str, Any]:
    return phone.call(PATH, {"begin_date": first, "end_date": last or first})


def publish(phone: Phone) -> tuple[str, int]:
    """The address of a published article's page, and its data id."""
    media_id = str(draft(phone)["media_id"])
    answer = phone.call("/cgi-bin/freepublish/submit", {"media_id": media_id})
    phone.post("/settle")
    return f"/s/{media_id}/0", int(answer["msg_data_id"])


def test_readers_are_counted_once_a_day_and_told_the_next_morning(phone: Phone, clock: FrozenClock) -> None:
    clock.now = AT
    page, data_id = publish(phone)
    for reader in ("o1", "o1", "o2"):
        phone.client.set_cookie("simulator_openid", reader)
        assert phone.client.get(page).status_code == 200
    assert ask(phone)["errcode"] == 61501  # today is not over
    clock.now = AT + 11 * 3600  # 7:00
    assert ask(phone)["errcode"] == 61503
    clock.now = AT + 12 * 3600
    (found,) = ask(phone)["list"]
    assert (found["ref_date"], found["msgid"], found["detail"]["read_user"]) == (DAY, f"{data_id}_1", 2)
    assert ask(phone, "2027-01-14")["list"] == []


def test_days_that_cannot_be_asked_for_are_refused(phone: Phone, clock: FrozenClock) -> None:
    clock.now = AT
    assert ask(phone, "15.01.2027")["errcode"] == 61500
    assert ask(phone, "2027-01-10", "2027-01-11")["errcode"] == 61501
    assert ask(phone, "2025-10-31")["errcode"] == 61501
