"""Who gets past the console's gate: sessions, forms, permissions, lockout, second factor."""

import re
from datetime import datetime
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from models.audit import Act, AuditEntry
from models.database import Database
from models.role import Role
from models.staff import StaffSession
from services.staff.accounts import add_account
from services.staff.duties import permissions_of
from tests.console import PASSWORD, TESTER, Clerk, Clock, hire, make_console
from web.console.gate import Access, Stage
from web.security import CONTENT_SECURITY_POLICY

COOKIE = "__Host-console"
SECRET = re.compile(r'<p class="secret">(.*?)</p>')


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def app(sqlite: Database, tmp_path: Path, clock: Clock) -> Flask:
    """A clerk and an administrator work here."""
    hire(sqlite, clock.now, "zhangmin", Role.INTAKE)
    hire(sqlite, clock.now, "guanli", Role.ADMINISTRATOR, name="刘伟")
    return make_console(sqlite, tmp_path, clock)


@pytest.fixture
def clerk(app: Flask) -> Clerk:
    found = Clerk(app)
    assert found.signs_in("zhangmin").status_code == 303
    return found


def set_up_code(clerk: Clerk, clock: Clock) -> tuple[str, list[str]]:
    """Secret and recovery codes."""
    page = clerk.opens("/console/account/code").text
    found = SECRET.search(page)
    assert found
    secret = "".join(re.findall(r"<span>(\w+)</span>", found[1]))
    page = clerk.sends("/console/account/code", code=pyotp.TOTP(secret).at(clock.now)).text
    return secret, re.findall(r"<li>(\w{5}-\w{5})</li>", page)


def console_rules(app: Flask) -> list[tuple[str, str, Access]]:
    """Each route with a path that fits it, its method, and whom it says it serves."""
    rules = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("console."):
            path = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule.replace("<name>", "reset"))
            path = re.sub(r"<[^>]*>", "1", path)
            access = app.view_functions[rule.endpoint].__dict__["access"]
            rules += [(path, method, access) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return rules


def test_every_route_says_whom_it_serves_and_strangers_are_led_to_the_door(app: Flask) -> None:
    stranger = Clerk(app)
    stranger.opens("/console/login")
    seal, counted = stranger.seal, 0
    for path, method, access in console_rules(app):
        answer = stranger.opens(path) if method == "GET" else stranger.posts(path, seal=seal)
        if access.stage is Stage.OUTSIDE:
            assert answer.status_code in {200, 422}, path
        else:
            assert answer.status_code == 303, path
            assert answer.location.startswith("/console/login"), path
            counted += 1
    assert counted > 20


def test_every_form_must_bear_the_seal(clerk: Clerk, app: Flask) -> None:
    counted = 0
    for path, method, _access in console_rules(app):
        if method == "POST":
            for fields in ({}, {"seal": ""}, {"seal": "0" * 64}, {"seal": "ü"}):
                assert clerk.posts(path, **fields).status_code == 400, path
            counted += 1
    assert counted > 10
    assert clerk.opens("/console/").status_code == 200, "and nothing came of it"


def test_the_seal_of_another_browser_is_worth_nothing(clerk: Clerk, app: Flask) -> None:
    other = Clerk(app)
    other.signs_in("guanli")
    other.opens("/console/")
    clerk.opens("/console/")
    assert clerk.posts("/console/logout", seal=other.seal).status_code == 400


def test_a_form_sent_from_elsewhere_is_refused(clerk: Clerk) -> None:
    clerk.opens("/console/")
    answer = clerk.client.post(
        "/console/logout", data={"seal": clerk.seal}, base_url="https://localhost",
        headers={"Sec-Fetch-Site": "cross-site"},
    )  # fmt: skip
    assert answer.status_code == 400


def test_permissions_are_asked_at_every_view(app: Flask, sqlite: Database, clock: Clock) -> None:
    hire(sqlite, clock.now, "zhengjie", Role.CAMPAIGN, name="郑洁")
    clerk = Clerk(app)
    clerk.signs_in("zhengjie")
    clerk.opens("/console/")
    seal, refused = clerk.seal, 0
    own = permissions_of(frozenset({Role.CAMPAIGN}))
    for path, method, access in console_rules(app):
        if access.permissions and own.isdisjoint(access.permissions):
            answer = clerk.opens(path) if method == "GET" else clerk.posts(path, seal=seal)
            assert answer.status_code == 403, path
            assert "您的岗位不能使用" in answer.text
            refused += 1
    assert refused > 8
    with sqlite.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.act == Act.ACCESS_REFUSED)).all()
        assert len(entries) == refused
        assert {entry.actor for entry in entries} == {"郑洁（zhengjie）"}


def test_nobody_sees_a_link_that_they_may_not_follow(app: Flask, sqlite: Database, clock: Clock) -> None:
    for role in Role:
        hire(sqlite, clock.now, f"one-{role.value}", role)
        one = Clerk(app)
        one.signs_in(f"one-{role.value}")
        page = one.opens("/console/").text
        for target in set(re.findall(r'href="(/console[^"]*)"', page)):
            assert one.opens(target).status_code == 200, f"{role} {target}"


def test_the_cookie_is_out_of_reach(app: Flask, sqlite: Database, tmp_path: Path, clock: Clock) -> None:
    clerk = Clerk(app)
    lines = clerk.signs_in("zhangmin").headers.getlist("Set-Cookie")
    assert len(lines) == 1
    for part in (f"{COOKIE}=", "; Secure", "; HttpOnly", "; Path=/", "; SameSite=Lax"):
        assert part in lines[0]
    assert "Domain" not in lines[0]
    assert "Max-Age" not in lines[0]
    page = clerk.opens("/console/")
    assert page.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert page.headers["Cache-Control"] == "no-store"
    plain = make_console(sqlite, tmp_path, clock, "http://127.0.0.1:8000")
    assert Clerk(plain).opens("/console/login").headers["Set-Cookie"].startswith("console=")


def test_the_token_is_new_after_signing_in_and_worthless_after_signing_out(app: Flask, sqlite: Database) -> None:
    clerk = Clerk(app)
    clerk.opens("/console/login")
    before = clerk.client.get_cookie(COOKIE)
    clerk.sends("/console/login", login="zhangmin", password=PASSWORD)
    token = clerk.client.get_cookie(COOKIE)
    assert before
    assert token
    assert before.value != token.value
    clerk.opens("/console/")
    clerk.sends("/console/logout")
    thief = Clerk(app)
    for value in (before.value, token.value):
        thief.client.set_cookie(COOKIE, value, domain="localhost", secure=True)
        assert thief.opens("/console/").status_code == 303
    with sqlite.read() as session:
        assert session.scalars(select(StaffSession)).all() == []


def test_a_session_ends_unused_and_the_way_back_is_kept(clerk: Clerk, clock: Clock) -> None:
    for _ in range(5):
        clock.pass_time(minutes=29)
        assert clerk.opens("/console/account").status_code == 200
    clock.pass_time(minutes=31)
    answer = clerk.opens("/console/account")
    assert answer.location == "/console/login?next=/console/account"
    clerk.opens(answer.location)
    answer = clerk.sends("/console/login", login="ZhangMin ", password=PASSWORD, next="/console/account")
    assert answer.location == "/console/account"


def test_typing_keeps_a_session_open(clerk: Clerk, clock: Clock) -> None:
    clerk.opens("/console/account")
    seal = clerk.seal
    for _ in range(4):
        clock.pass_time(minutes=20)
        assert clerk.posts("/console/alive", seal=seal).status_code == 204
    assert clerk.opens("/console/").status_code == 200


@pytest.mark.parametrize("target", ["//evil.example/console/", "https://evil.example", "/h5/about", "/\\evil", ""])
def test_signing_in_leads_nowhere_else(app: Flask, target: str) -> None:
    clerk = Clerk(app)
    clerk.opens("/console/login")
    answer = clerk.sends("/console/login", login="zhangmin", password=PASSWORD, next=target)
    assert answer.location == "/console/"


def test_nobody_learns_which_logins_exist(app: Flask, sqlite: Database) -> None:
    shown = []
    for number, login in enumerate(("zhangmin", "nobody12")):
        clerk, pages = Clerk(app, address=f"10.0.1.{number}"), []
        for _ in range(7):
            answer = clerk.signs_in(login, "a wrong password")
            pages.append((answer.status_code, re.sub(r"[0-9a-f]{64}|zhangmin|nobody12", "", answer.text)))
        shown.append(pages)
    assert shown[0] == shown[1]
    assert [status for status, _ in shown[0]] == [422] * 5 + [429] * 2
    with sqlite.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.actor == "未登录的人")).all()
        assert [entry.act for entry in entries] == [Act.SIGN_IN_FAILED] * 4 + [Act.SIGN_IN_BLOCKED]
        assert "nobody12" not in "".join(entry.subject for entry in entries)


def test_waits_grow_even_for_the_right_password_and_end(app: Flask, clock: Clock) -> None:
    clerk = Clerk(app)
    for _ in range(5):
        clerk.signs_in("zhangmin", "wrong")
    assert "请等 1 分钟" in clerk.signs_in("zhangmin").text.replace("2 分钟", "1 分钟")
    clock.pass_time(minutes=1)
    assert clerk.signs_in("zhangmin", "wrong").status_code == 422
    clock.pass_time(minutes=1)
    assert clerk.signs_in("zhangmin").status_code == 429
    clock.pass_time(minutes=1)
    assert clerk.signs_in("zhangmin").status_code == 303


def test_a_disabled_account_looks_like_a_wrong_password(app: Flask, clerk: Clerk) -> None:
    chief = Clerk(app)
    chief.signs_in("guanli")
    chief.opens("/console/staff/1/disable")
    assert chief.sends("/console/staff/1/disable", reason="离职").status_code == 303
    assert clerk.opens("/console/").status_code == 303, "and is out at once"
    assert "登录名或密码不对" in clerk.signs_in("zhangmin").text


def test_a_one_time_password_opens_nothing_but_its_own_change(app: Flask, sqlite: Database, clock: Clock) -> None:
    with sqlite.write() as session:
        _, drawn = add_account(
            session, TESTER, clock.now, login="newone", name="欧阳新", roles=frozenset({Role.ADMINISTRATOR})
        )
    clerk = Clerk(app)
    clerk.signs_in("newone", drawn)
    for path in ("/console/", "/console/staff", "/console/account/code"):
        assert clerk.opens(path).location == "/console/account/password", path
    clerk.opens("/console/account/password")
    weak = clerk.sends("/console/account/password", old=drawn, new="newone123456", again="newone123456")
    assert weak.status_code == 422
    assert "太常见" in weak.text
    for old, again, words in (("wrong", PASSWORD, "现在的密码不对"), (drawn, "other", "两遍不一样")):
        assert words in clerk.sends("/console/account/password", old=old, new=PASSWORD, again=again).text
    assert clerk.sends("/console/account/password", old=drawn, new=PASSWORD, again=PASSWORD).location == "/console/"
    assert clerk.opens("/console/staff").status_code == 200
    assert Clerk(app).signs_in("newone", drawn).status_code == 422


def test_the_second_factor_is_asked_for_and_each_code_counts_once(app: Flask, clerk: Clerk, clock: Clock) -> None:
    secret, recovery = set_up_code(clerk, clock)
    assert len(recovery) == 8
    other = Clerk(app, address="10.0.0.2")
    answer = other.signs_in("zhangmin")
    assert answer.location == "/console/login/code"
    assert other.opens("/console/account").location == "/console/login/code"
    half = other.client.get_cookie(COOKIE)
    other.opens("/console/login/code")
    used = pyotp.TOTP(secret).at(clock.now)
    assert "验证码不对" in other.sends("/console/login/code", code=used).text, "it was used to set up"
    clock.pass_time(seconds=60)
    assert other.sends("/console/login/code", code=pyotp.TOTP(secret).at(clock.now)).location == "/console/"
    whole = other.client.get_cookie(COOKIE)
    assert half
    assert whole
    assert half.value != whole.value
    for code, status in ((recovery[0].lower(), 303), (recovery[0], 422)):
        third = Clerk(app)
        third.signs_in("zhangmin")
        third.opens("/console/login/code")
        assert third.sends("/console/login/code", code=code).status_code == status
        clock.pass_time(minutes=3)


def test_codes_cannot_be_guessed_with_the_password_at_hand(app: Flask, clerk: Clerk, clock: Clock) -> None:
    set_up_code(clerk, clock)
    thief, statuses = Clerk(app, address="10.9.9.9"), []
    for _ in range(12):
        if thief.signs_in("zhangmin").status_code != 303:
            statuses.append(429)
            continue
        thief.opens("/console/login/code")
        statuses.append(thief.sends("/console/login/code", code="000000").status_code)
    assert statuses.count(422) <= 3


def test_codes_may_be_demanded_of_everybody(sqlite: Database, tmp_path: Path, clock: Clock) -> None:
    hire(sqlite, clock.now, "zhangmin", Role.INTAKE)
    clerk = Clerk(make_console(sqlite, tmp_path, clock, requires_code=True))
    clerk.signs_in("zhangmin")
    assert clerk.opens("/console/account").location == "/console/account/code"
    set_up_code(clerk, clock)
    assert clerk.opens("/console/account").status_code == 200


def test_htmx_is_sent_to_the_whole_sign_in_page(app: Flask) -> None:
    answer = Clerk(app).opens("/console/", **{"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/console/login?next=/console/")


def test_a_too_long_form_is_refused(clerk: Clerk) -> None:
    clerk.opens("/console/account/password")
    assert clerk.sends("/console/account/password", old="x" * 2_000_000).status_code == 413
