"""What staff do on the console's pages: people, their accounts, the audit log; and how the pages are made."""

import csv
import io
import re
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from models.database import Database
from models.role import Role
from services.staff.accounts import find_account
from tests.console import PASSWORD, Clerk, Clock, hire, make_console
from tests.tampering import tamper
from tests.web.markup import Page

PATHS = [
    "/console/",
    "/console/account",
    "/console/account/code",
    "/console/account/password",
    "/console/audit",
    "/console/audit/export",
    "/console/help",
    "/console/nothing-here",
    "/console/staff",
    "/console/staff/{id}",
    "/console/staff/{id}/disable",
    "/console/staff/new",
]


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def app(database: Database, tmp_path: Path, clock: Clock) -> Flask:
    hire(database, clock.now, "guanli", Role.ADMINISTRATOR, name="刘伟")
    hire(database, clock.now, "zhangmin", Role.INTAKE, unit="市场秩序处")
    return make_console(database, tmp_path, clock)


@pytest.fixture
def chief(app: Flask) -> Clerk:
    found = Clerk(app)
    found.signs_in("guanli")
    return found


def id_of(database: Database, login: str) -> int:
    with database.read() as session:
        account = find_account(session, login)
        assert account
        return account.id


def paths(database: Database) -> list[str]:
    """Every page an administrator can meet."""
    return [path.format(id=id_of(database, "zhangmin")) for path in PATHS]


def test_somebody_new_gets_a_password_and_starts_to_work(chief: Clerk, app: Flask) -> None:
    chief.opens("/console/staff/new")
    page = chief.sends(
        "/console/staff/new", name="孙丽", login="SunLi", unit="商贸处", roles=["handler", "intake"], reason="新入职"
    ).text
    drawn = re.search(r'<dd class="drawn">([^<]+)</dd>', page)
    assert drawn
    clerk = Clerk(app)
    assert clerk.signs_in("sunli", drawn[1]).status_code == 303
    clerk.opens("/console/account/password")
    clerk.sends("/console/account/password", old=drawn[1], new=PASSWORD, again=PASSWORD)
    main = Page(clerk.opens("/console/").text).main
    assert "孙丽" in main
    assert "受理员、承办人" in main
    assert "密码已修改" in main


def test_a_mistake_in_a_form_loses_nothing(chief: Clerk) -> None:
    chief.opens("/console/staff/new")
    answer = chief.sends(
        "/console/staff/new", name="孙丽", login="Sun Li", unit="商贸处", roles=["auditor", "handler"], reason="新入职"
    )
    assert answer.status_code == 422
    page = Page(answer.text)
    values = {field.attributes["name"]: field.attributes.get("value") for field in page.all("input")}
    assert values["name"] == "孙丽"
    assert values["login"] == "Sun Li"
    assert values["unit"] == "商贸处"
    ticked = {box.attributes["value"] for box in page.all("input") if "checked" in box.attributes}
    assert ticked == {"auditor", "handler"}
    assert page.one("textarea").text.strip() == "新入职"
    field = next(one for one in page.all("input") if one.attributes.get("id") == "login")
    assert field.attributes["aria-invalid"] == "true"
    assert "login-error" in field.attributes["aria-describedby"].split()
    assert answer.text.index("login-error") < answer.text.index('id="unit"')


def test_roles_change_with_a_reason_and_at_once(chief: Clerk, app: Flask, database: Database) -> None:
    clerk = Clerk(app)
    clerk.signs_in("zhangmin")
    assert clerk.opens("/console/audit").status_code == 403
    path = f"/console/staff/{id_of(database, 'zhangmin')}"
    chief.opens(path)
    answer = chief.sends(path, name="张敏", unit="法规处", roles=["auditor"])
    assert answer.status_code == 422
    assert "请写明原因" in answer.text
    assert chief.sends(path, name="张敏", unit="法规处", roles=["auditor"], reason="轮岗").status_code == 303
    assert clerk.opens("/console/audit").status_code == 200
    assert "受理员 → 审计员" in chief.opens("/console/audit").text


@pytest.mark.parametrize(
    ("step", "words"),
    [("disable", "账号已停用"), ("sign-out", "已全部退出"), ("reset", "一次性密码"), ("unblock", "可以马上再登录")],
)
def test_each_step_asks_why(chief: Clerk, app: Flask, database: Database, step: str, words: str) -> None:
    clerk = Clerk(app)
    clerk.signs_in("zhangmin")
    path = f"/console/staff/{id_of(database, 'zhangmin')}/{step}"
    chief.opens(path)
    assert chief.sends(path, reason=" ").status_code == 422
    answer = chief.sends(path, reason="本人来电，已核对工号")
    page = answer.text if answer.status_code == 200 else chief.opens(answer.location).text
    assert words in page
    assert "本人来电，已核对工号" in chief.opens("/console/audit").text
    is_out = clerk.opens("/console/").status_code == 303
    assert is_out is (step != "unblock")


def test_nobody_takes_their_own_rights_or_those_of_a_stranger(chief: Clerk, database: Database) -> None:
    own = f"/console/staff/{id_of(database, 'guanli')}"
    chief.opens(own)
    answer = chief.sends(own, name="刘伟", roles=["administrator", "handler"], reason="试一试")
    assert "不能修改自己的岗位" in answer.text
    chief.opens(f"{own}/disable")
    assert chief.sends(f"{own}/disable", reason="试一试").status_code == 422
    for path in ("/console/staff/999", "/console/staff/999/reset", f"{own}/nothing", "/console/staff/2147483647"):
        assert chief.opens(path).status_code == 404, path


def test_other_browsers_are_listed_and_signed_out(app: Flask, database: Database) -> None:
    home, office = Clerk(app, address="10.0.0.1"), Clerk(app, address="10.0.0.2", agent="Firefox/140 (X11; Linux)")
    home.signs_in("zhangmin")
    office.signs_in("zhangmin")
    page = home.opens("/console/account").text
    assert "Firefox · Linux" in page
    assert "10.0.0.2" in page
    target = re.search(r'action="(/console/account/sessions/\d+/end)"', page)
    assert target
    stranger = Clerk(app)
    stranger.signs_in("guanli")
    stranger.opens("/console/account")
    stranger.sends(target[1])
    assert office.opens("/console/").status_code == 200, "only one's own"
    home.sends(target[1])
    assert office.opens("/console/").status_code == 303
    assert home.opens("/console/").status_code == 200
    assert "10.0.0.2" not in home.opens("/console/account").text


def test_the_log_is_filtered_by_person_act_and_day(chief: Clerk, app: Flask, database: Database, clock: Clock) -> None:
    clerk = Clerk(app)
    clerk.signs_in("zhangmin")
    person = id_of(database, "zhangmin")

    def count(query: str) -> int:
        return chief.opens(f"/console/audit?{query}").text.count('<tr>\n    <th scope="row">')

    assert count("") == 4
    assert count(f"person={person}") == 1
    assert count("act=staff_added") == 2
    assert count("since=2026-11-20&until=2026-11-20") == 4
    assert count("since=2026-11-21") == 0
    assert count("since=2026-11-21&until=2026-11-19") == 4, "the wrong way round"
    for hostile in ("person=x", "act=%3Cb%3E", "since=yesterday", "below=x", "person=99999999999999999999"):
        assert chief.opens(f"/console/audit?{hostile}").status_code == 200, hostile
    part = chief.opens("/console/audit?act=staff_added", **{"HX-Request": "true"}).text
    assert "<html" not in part
    assert part.lstrip().startswith('<div id="rows">')


def test_long_logs_are_leafed_through(chief: Clerk) -> None:
    for _ in range(60):
        chief.opens("/console/audit")
        chief.sends("/console/audit/verify")
    seen, path = [], "/console/audit"
    for _ in range(2):
        page = chief.opens(path).text
        seen += re.findall(r"第 (\d+) 条</span></th>", page)
        more = re.search(r'href="(/console/audit\?below=\d+)"', page)
        path = more[1] if more else ""
    assert seen == [str(number) for number in range(63, 0, -1)]
    assert path == ""


def test_the_log_is_verified_on_the_page(chief: Clerk, database: Database) -> None:
    chief.opens("/console/audit")
    chief.sends("/console/audit/verify")
    assert "没有被改动" in chief.opens("/console/audit").text
    tamper(database, "UPDATE audit_entries SET subject = '别人' WHERE number = 2")
    chief.sends("/console/audit/verify")
    page = chief.opens("/console/audit").text
    assert "核对发现问题，第 2 条" in page


def test_the_export_needs_a_reason_and_holds_no_formula(chief: Clerk, database: Database) -> None:
    path = f"/console/staff/{id_of(database, 'zhangmin')}/sign-out"
    chief.opens(path)
    chief.sends(path, reason="=HYPERLINK(“x”)")
    chief.opens("/console/audit/export?act=session_ended")
    assert chief.sends("/console/audit/export?act=session_ended").status_code == 422
    answer = chief.sends("/console/audit/export?act=session_ended", reason="年度审计")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[3] for row in rows] == ["操作", "结束登录"]
    assert rows[1][5].startswith("'=HYPERLINK")
    assert "年度审计" in chief.opens("/console/audit").text


def test_pages_are_well_made(chief: Clerk, database: Database) -> None:
    for path in paths(database):
        page = Page(chief.opens(path).text)
        assert page.one("html").attributes["lang"] == "zh-CN", path
        assert len(page.all("h1")) == 1, path
        assert len(page.ids) == len(set(page.ids)), path
        assert not page.stack, path
        assert page.one("title").text.endswith("工作台"), path
        assert not page.all("style"), path
        labelled = {label.attributes["for"] for label in page.all("label")}
        for tag in ("input", "select", "textarea"):
            for one in page.all(tag):
                is_hidden = one.attributes.get("type") == "hidden" or one.attributes.get("aria-hidden") == "true"
                assert is_hidden or one.attributes["id"] in labelled, path
        for element in page.elements:
            assert "style" not in element.attributes, path
            assert not [name for name in element.attributes if name.startswith("on")], path
            for name in ("aria-labelledby", "aria-describedby", "for"):
                for target in element.attributes.get(name, "").split():
                    assert target in page.ids, f"{path} {name} {target}"
        keys = [one.attributes["accesskey"] for one in page.elements if "accesskey" in one.attributes]
        assert len(keys) == len(set(keys)), path
        for form in page.all("form"):
            if form.attributes["method"] == "post" and "letters" not in form.attributes.get("class", ""):
                assert "seal" in answer_names(page), path


def answer_names(page: Page) -> set[str]:
    """Names of all fields."""
    return {field.attributes.get("name", "") for field in page.all("input")}


def test_every_link_leads_somewhere(chief: Clerk, database: Database) -> None:
    checked = set()
    for path in paths(database):
        for element in Page(chief.opens(path).text).elements:
            target = element.attributes.get("href", "")
            if target.startswith("/"):
                checked.add(target)
    assert len(checked) > 15
    for target in checked:
        assert chief.opens(target).status_code == 200, target


def test_names_cannot_become_markup(chief: Clerk, database: Database) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    chief.opens("/console/staff/new")
    chief.sends("/console/staff/new", name=hostile, login="hostile", unit="'\"><svg>", roles=["intake"], reason=hostile)
    account = id_of(database, "hostile")
    for path in ("/console/staff", f"/console/staff/{account}", f"/console/staff/{account}/reset", "/console/audit"):
        page = Page(chief.opens(path).text)
        assert not {"img"} & {element.tag for element in page.elements}, path
        assert hostile in page.one("main").text or hostile in str(page.elements), path
