"""A clerk's day in a real browser: a case from the telephone to its answer; pages clean for eye and screen reader."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from models.case_words import State
from models.database import Database
from models.migration import upgrade_database
from models.vault import Vault
from services.calendar.years import seed_calendar
from services.cases.standing import find_case
from services.demo.cases import load_demo_cases
from services.demo.staff import add_demo_staff
from tests.browser.screens import Screens, find_faults, sign_in
from tests.case_desk import RULES
from tests.console import Clock, make_console
from tests.serving import serve

pytestmark = pytest.mark.browser

KEY = "a key of the demonstration in the browser"
MODES = [
    pytest.param({"width": 390}, id="phone"),
    pytest.param({"width": 1280}, id="desk"),
    pytest.param({"width": 1280, "color_scheme": "dark", "is_large": True}, id="desk-dark-large"),
]
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Database, dict[str, str]]]:
    """A console with the demonstration's staff and cases; their passwords by login."""
    folder, clock = tmp_path_factory.mktemp("cases"), Clock(datetime(2026, 11, 20, 2, tzinfo=UTC))
    database = Database(f"sqlite:///{folder / 'cases.db'}", Vault("a key of the browser tests, long enough"))
    upgrade_database(database)
    with database.write() as session:
        seed_calendar(session, clock.now)
        people = add_demo_staff(session, KEY, clock.now)
        load_demo_cases(session, RULES, clock.now)
    with serve(make_console(database, folder, clock, "http://127.0.0.1:8000")) as home:
        yield home, database, {one.login: one.password for one in people}
    database.close()


@pytest.fixture
def open_as(chromium: Browser, bureau: tuple[str, Database, dict[str, str]]) -> Iterator[Open]:
    """A browser of somebody at the work list; fails the test on a console error."""
    address, _, passwords = bureau
    screens = Screens(chromium, address, forgiven="the server responded with a status of 4")

    def open_one(login: str, width: int = 1280, **options: Any) -> Page:
        page = screens.open(width=width, height=900, **options)
        sign_in(page, login, passwords[login])
        page.goto("/console/cases")
        return page

    yield open_one
    screens.close()


def test_on_a_phone_no_card_touches_the_next(open_as: Open) -> None:
    page = open_as("shouli", width=390)
    page.click("td a[href*='/console/cases/'], th a[href*='/console/cases/']")
    page.wait_for_selector(".case__side .card")
    above, below = page.locator(".case__main > .card").last, page.locator(".case__side > .card").first
    upper, lower = above.bounding_box(), below.bounding_box()
    assert upper is not None
    assert lower is not None
    assert lower["y"] - upper["y"] - upper["height"] >= 8


def press(page: Page, step: str) -> None:
    """From the case page into the form of a step."""
    page.click(f".next a:text-is('{step}')")


def send(page: Page, step: str) -> None:
    """Send the form, and come back to the case."""
    page.click(f"form button:text-is('{step}')")
    expect(page.locator(".said").first).to_have_text(f"{step}：已完成。")


def test_from_the_telephone_to_the_citizens_answer(open_as: Open, bureau: tuple[str, Database, dict[str, str]]) -> None:
    intake = open_as("shouli")
    intake.click("text=登记来电来访")
    with intake.expect_response("**/h5/suggest?**"):
        intake.type("#respondent", "示范")
    intake.check("#notice")
    intake.fill("#facts", "上周在直播间下单，七天内申请退货，商家一直不处理，要求退款。")
    intake.fill("#respondent", "示范市远航电子商务有限公司")
    intake.select_option("#category", "ecommerce")
    intake.fill("#name", "田秀兰")
    intake.click("text=登记，取得编号")
    expect(intake.locator("#phone-error")).to_be_visible()
    assert intake.input_value("#facts").startswith("上周在直播间"), "nothing typed is lost"
    intake.fill("#phone", "13899990001")
    intake.click("text=登记，取得编号")
    number = intake.locator(".spelled").first.inner_text()
    assert re.fullmatch(r"TS\d{20}", number)
    intake.click("text=打开这件")
    press(intake, "受理")
    send(intake, "受理")
    dispatcher = open_as("paiban")
    dispatcher.check(f"input[value='{number}']")
    dispatcher.click("text=派办勾选的")
    expect(dispatcher.locator(".said").first).to_have_text("已办 1 件。")
    handler = open_as("chengban")
    handler.goto(f"/console/cases/{number}")
    press(handler, "记录联系")
    handler.select_option("#outcome", "reached")
    send(handler, "记录联系")
    press(handler, "开始办理")
    send(handler, "开始办理")
    press(handler, "拟答复")
    handler.select_option("#result", "settled")
    handler.click("button:text-is('双方和解')")
    handler.click("form button:text-is('拟答复')")
    expect(handler.locator("#text-error")).to_contain_text("还有没填的空")
    handler.fill("#text", handler.input_value("#text").replace("【怎么解决的】", "已经退款"))
    send(handler, "拟答复")
    reviewer = open_as("shenhe")
    reviewer.click(f"a[href$='{number}']")
    press(reviewer, "审核通过答复")
    expect(reviewer.locator(".quoted")).to_contain_text("已经退款")
    send(reviewer, "审核通过答复")
    with bureau[1].read() as session:
        case = find_case(session, number)
        assert case
        assert case.state is State.ANSWERED


def test_the_list_is_walked_by_keys_and_filtered_in_place(open_as: Open) -> None:
    page = open_as("shouli")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("[data-row] a").nth(1)
    expect(second).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("[data-row] a").first).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("jk")
    assert page.input_value("#find") == "jk", "letters are letters while typing"
    page.evaluate("window.isTheSame = true")
    with page.expect_response("**/console/cases?**"):
        page.select_option("#f-urgent", "late")
    expect(page.locator(".due_late").first).to_be_visible()
    expect(page.locator(".due_later")).to_have_count(0)
    assert page.evaluate("window.isTheSame")
    page.locator("[data-row] a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".next")
    page.keyboard.press("n")
    page.wait_for_url(re.compile(r"/console/cases/[A-Z]{2}\d{20}"))


@pytest.mark.parametrize("options", MODES)
def test_every_page_of_cases_is_clean(open_as: Open, options: dict[str, Any]) -> None:
    page = open_as("shouli", **options)
    number = page.locator("[data-row] .number").first.inner_text()
    for path in (
        "/console/cases",
        f"/console/cases/{number}",
        f"/console/cases/{number}/do/reject",
        f"/console/cases/{number}/do/refer",
        "/console/cases/new",
        "/console/cases/alerts",
        "/console/cases/events",
        "/console/cases/events/1",
        "/console/cases/statistics",
    ):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        # Native boxes are small; their labels are the targets.
        assert [fault for fault in find_faults(page) if not fault.startswith("low 2")] == [], path


def test_charts_are_drawn_from_their_tables(open_as: Open) -> None:
    page = open_as("fuze")
    page.goto("/console/cases/statistics")
    expect(page.locator("[data-chart] canvas").first).to_be_visible()
    assert page.locator("[data-chart] canvas").count() == 6
