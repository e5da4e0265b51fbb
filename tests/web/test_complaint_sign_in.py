"""Known inside WeChat without being asked: one state, one code, one browser; made-up users are refused."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from models.case import Case
from models.database import Database
from models.follower import Follower
from services import followers
from tests.citizen_pages import IN_WECHAT, Bureau


@pytest.fixture
def bureau(database: Database, tmp_path: Path) -> Bureau:
    return Bureau(database, tmp_path, "https://bureau.example.gov.cn")


@pytest.fixture
def office(sqlite: Database, tmp_path: Path) -> Bureau:
    """Where the back-end does not matter; cookies without https."""
    return Bureau(sqlite, tmp_path)


def test_pages_in_wechat_go_to_wechat_and_come_back(bureau: Bureau) -> None:
    citizen = bureau.citizen(headers=IN_WECHAT)
    client = citizen.client
    base = "https://bureau.example.gov.cn"
    start = client.get("/h5/complaints?firm=7", headers=IN_WECHAT, base_url=base)
    assert start.location == "/h5/sign-in?back=/h5/complaints?firm%3D7"
    left = client.get(start.location, headers=IN_WECHAT, base_url=base)
    address = urlsplit(left.location)
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert (address.hostname, address.path, address.fragment) == (
        "open.weixin.qq.com",
        "/connect/oauth2/authorize",
        "wechat_redirect",
    )
    assert query["redirect_uri"] == f"{base}/h5/signed-in"
    assert (query["scope"], query["response_type"]) == ("snsapi_base", "code")
    assert query["state"].isalnum()
    assert len(query["state"]) <= 128
    bureau.login.codes["a code"] = "o_citizen"
    back = client.get(f"/h5/signed-in?code=a code&state={query['state']}", headers=IN_WECHAT, base_url=base)
    assert back.location == "/h5/complaints?firm=7"
    cookies = back.headers.getlist("Set-Cookie")
    visit = next(one for one in cookies if one.startswith("__Host-visit="))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(visit.split("; "))
    assert "o_citizen" not in str(cookies)
    assert client.get("/h5/complaints", headers=IN_WECHAT, base_url=base).status_code == 200
    with bureau.database.read() as session:
        assert not session.scalars(select(Follower)).one().subscribed


def test_cases_of_chat_and_page_are_one_followers(office: Bureau) -> None:
    with office.database.write() as session:
        known = followers.meet(session, "o_citizen", office.now).id
    citizen = office.citizen()
    citizen.sign_in("o_citizen")
    number = citizen.file()
    with office.database.read() as session:
        assert session.scalars(select(Case)).one().follower_id == known
        assert session.scalars(select(Follower)).one().subscribed
    elsewhere = office.citizen()
    elsewhere.sign_in("o_citizen")
    assert number in elsewhere.get("/h5/progress").text
    assert elsewhere.get(f"/h5/cases/{number}").status_code == 200


def test_a_snapshot_user_is_refused_with_words(office: Bureau) -> None:
    citizen = office.citizen(headers=IN_WECHAT)
    left = citizen.get("/h5/sign-in?back=/h5/complaints")
    refused = citizen.return_from(left, "snapshot")
    assert refused.status_code == 403
    assert "快照页" in refused.text
    assert "使用完整服务" in refused.text
    assert "/h5/complaints?guest=1" in refused.text
    assert "让微信认出我" in citizen.get("/h5/complaints?guest=1").text
    with office.database.read() as session:
        assert session.scalars(select(Follower)).all() == []


def test_a_used_code_asks_wechat_once_more_and_then_explains(office: Bureau) -> None:
    citizen = office.citizen(headers=IN_WECHAT)
    left = citizen.get("/h5/sign-in?back=/h5/complaints")
    again = citizen.return_from(left, "used before")
    assert again.status_code == 303
    assert again.location.startswith("https://open.weixin.qq.com/")
    assert "过期或用过" in citizen.return_from(again, "used before").text
    assert office.login.asked == ["used before"] * 2


def test_wechat_that_does_not_answer(office: Bureau) -> None:
    citizen = office.citizen(headers=IN_WECHAT)
    failed = citizen.return_from(citizen.get("/h5/sign-in?back=/h5/complaints"), "silent")
    assert failed.status_code == 400
    assert "微信没有给出答复" in failed.text


def test_a_state_is_one_browsers_young_and_used_up(office: Bureau) -> None:
    victim, thief = office.citizen(headers=IN_WECHAT), office.citizen(headers=IN_WECHAT)
    office.login.codes["thief's"] = "o_thief"
    left = thief.get("/h5/sign-in?back=/h5/complaints")
    victim.get("/h5/sign-in?back=/h5/complaints")
    assert victim.return_from(left, "thief's").status_code == 400
    assert thief.client.get("/h5/signed-in?code=thief's&state=", headers=IN_WECHAT).status_code == 400
    assert office.login.asked == []
    left = thief.get("/h5/sign-in?back=/h5/complaints")
    office.pass_time(minutes=6)
    assert thief.return_from(left, "thief's").status_code == 400
    left = thief.get("/h5/sign-in?back=/h5/complaints")
    assert thief.return_from(left, "thief's").status_code == 303
    office.pass_time(hours=13)
    assert thief.return_from(left, "thief's").status_code == 400


def test_the_page_of_return_loaded_twice_goes_on(office: Bureau) -> None:
    citizen = office.citizen(headers=IN_WECHAT)
    left = citizen.get("/h5/sign-in?back=/h5/progress")
    office.login.codes["once"] = "o_citizen"
    assert citizen.return_from(left, "once").location == "/h5/progress"
    assert citizen.return_from(left, "once").status_code == 303
    assert office.login.asked == ["once"]


def test_no_other_browser_is_sent_to_wechat(office: Bureau) -> None:
    citizen = office.citizen()
    assert "让微信认出我" not in citizen.get("/h5/complaints").text
    assert citizen.get("/h5/sign-in?back=/h5/progress").location == "/h5/progress"
    assert "用微信看我提交的" not in citizen.get("/h5/progress").text


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(office: Bureau, back: str) -> None:
    assert office.citizen().get("/h5/sign-in", query_string={"back": back}).location == "/"


def test_another_person_in_the_same_browser_sees_nothing_of_the_first(office: Bureau) -> None:
    citizen = office.citizen()
    citizen.sign_in("o_first")
    number = citizen.file()
    assert number in citizen.get("/h5/complaints/receipt").text
    office.pass_time(hours=13)
    citizen.sign_in("o_second")
    assert number not in citizen.get("/h5/progress").text
    assert citizen.get("/h5/complaints/receipt").location == "/h5/complaints"
    assert citizen.get(f"/h5/cases/{number}").status_code == 303


def test_a_session_ends_when_its_follower_is_erased(office: Bureau) -> None:
    citizen = office.citizen()
    citizen.sign_in("o_citizen")
    number = citizen.file()
    with office.database.write() as session:
        followers.erase(session, "o_citizen")
    office.pass_time(hours=2)
    assert citizen.get(f"/h5/cases/{number}").status_code == 303


def test_a_forged_cookie_is_nobody(office: Bureau) -> None:
    citizen = office.citizen()
    citizen.sign_in("o_citizen")
    kept = citizen.client.get_cookie("h5-visit")
    assert kept is not None
    for value in ("", "zz", "00" * 50, kept.value[:-2] + ("00" if kept.value[-2:] != "00" else "11")):
        citizen.client.set_cookie("h5-visit", value)
        citizen.headers = {}
        assert "您提交的" not in citizen.get("/h5/progress").text
        assert citizen.begin().status_code == 200  # and goes on as somebody new
