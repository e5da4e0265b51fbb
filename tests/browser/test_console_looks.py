"""The console in a real browser: axe-clean, easy to see and hit, used by keyboard alone, nothing typed lost."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from models.database import Database
from models.migration import upgrade_database
from models.role import Role
from models.vault import Vault
from tests.browser.screens import Screens, find_faults, sign_in
from tests.console import PASSWORD, Clock, hire, make_console
from tests.serving import serve

pytestmark = pytest.mark.browser

PATHS = [
    "/console/",
    "/console/account",
    "/console/account/code",
    "/console/account/code/remove",
    "/console/account/password",
    "/console/audit",
    "/console/audit/export",
    "/console/help",
    "/console/nothing-here",
    "/console/staff",
    "/console/staff/2",
    "/console/staff/2/disable",
    "/console/staff/new",
]
MODES = [
    pytest.param({"width": 390}, id="phone"),
    pytest.param({"width": 390, "is_large": True, "color_scheme": "dark"}, id="phone-large-dark"),
    pytest.param({"width": 1280}, id="desk"),
    pytest.param({"width": 1280, "color_scheme": "dark"}, id="desk-dark"),
    pytest.param({"width": 320}, id="narrowest"),
]
LOOK_AT_FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  return [one.tagName + "." + one.className, style.outlineStyle, parseFloat(style.outlineWidth)];
}"""
OpenConsole = Callable[..., Page]


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock(datetime(2026, 11, 20, 2, tzinfo=UTC))


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[str]:
    """A console with an administrator and a clerk."""
    folder = tmp_path_factory.mktemp("console")
    database = Database(f"sqlite:///{folder / 'console.db'}", Vault("a key of the browser tests, long enough"))
    upgrade_database(database)
    hire(database, clock.now, "guanli", Role.ADMINISTRATOR, name="刘伟", unit="办公室")
    hire(database, clock.now, "zhangmin", Role.INTAKE, Role.DISPATCHER, Role.HANDLER, unit="市场秩序处")
    with serve(make_console(database, folder, clock, "http://127.0.0.1:8000")) as home:
        yield home
    database.close()


@pytest.fixture
def open_console(chromium: Browser, address: str) -> Iterator[OpenConsole]:
    """A browser at the sign-in page, or signed in; fails the test on a console error."""
    screens = Screens(chromium, address, forgiven="the server responded with a status of 4")

    def open_one(login: str = "guanli", width: int = 1280, **options: Any) -> Page:
        page = screens.open(width=width, **options)
        if login:
            sign_in(page, login)
        else:
            page.goto("/console/")
        return page

    yield open_one
    screens.close()


@pytest.mark.parametrize("options", MODES)
def test_every_page_is_clean_for_eye_finger_and_screen_reader(
    open_console: OpenConsole, options: dict[str, Any]
) -> None:
    page = open_console("", **options)
    assert find_faults(page) == []
    page = open_console(**options)
    for path in PATHS:
        page.goto(path)
        # Native boxes are small; their labels are the targets.
        assert [fault for fault in find_faults(page) if not fault.startswith("low 2")] == [], path


def test_mistakes_are_shown_beside_their_fields_and_clean_too(open_console: OpenConsole) -> None:
    page = open_console()
    page.goto("/console/staff/new")
    page.fill("#name", "孙丽")
    page.fill("#login", "Sun Li")
    page.click("button:has-text('新增')")
    expect(page.locator("#wrong")).to_be_focused()
    expect(page.locator("#login-error")).to_be_visible()
    assert page.input_value("#name") == "孙丽"
    assert [fault for fault in find_faults(page) if not fault.startswith("low 2")] == []


def test_a_day_by_keyboard_alone(open_console: OpenConsole) -> None:
    page = open_console("")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.focus("#login")
    page.keyboard.type("guanli")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".menu")
    page.goto("/console/help")
    told = page.locator("kbd").all_text_contents()
    page.goto("/console/staff")  # Playwright's keyboard does not reach access keys: see that each is there
    keys = page.locator("[accesskey]").evaluate_all("all => all.map(one => one.accessKey.toUpperCase())")
    assert sorted(keys) == sorted(told)
    page.focus("[accesskey='n']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/staff/new")
    page.keyboard.type("?")
    page.wait_for_url("**/console/help")
    page.uncheck("#one-key")
    page.goto("/console/")
    page.keyboard.type("?")
    page.wait_for_timeout(300)
    assert page.url.endswith("/console/"), "who does not want the key turns it off"
    page.focus("[accesskey='q']")
    page.keyboard.press("Space")
    page.wait_for_url("**/console/login?out=1")


def test_the_focus_is_seen_everywhere(open_console: OpenConsole) -> None:
    page = open_console()
    page.goto("/console/staff/2")
    unseen = []
    for _ in range(30):
        page.keyboard.press("Tab")
        style = page.evaluate(LOOK_AT_FOCUS)
        if not style[0].startswith("BODY") and (style[1] == "none" or style[2] < 2):
            unseen.append(style)
    assert unseen == []


def test_what_was_typed_outlives_a_session(open_console: OpenConsole, clock: Clock) -> None:
    page = open_console()
    page.goto("/console/staff/new")
    page.fill("#name", "钱进")
    page.fill("#unit", "商贸处")
    page.check("text=承办人")
    clock.pass_time(minutes=40)
    page.click("button:has-text('新增')")
    page.wait_for_url("**/console/login**")
    page.fill("#login", "guanli")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".menu")
    assert page.url.endswith("/console/staff/new"), "back at the form"
    assert page.input_value("#name") == "钱进"
    assert page.input_value("#unit") == "商贸处"
    assert page.is_checked("text=承办人")
    page.fill("#login", "qianjin")
    page.click("button:has-text('新增')")
    expect(page.locator(".drawn")).to_be_visible()
    page.goto("/console/staff/new")
    assert page.input_value("#name") == "", "once taken it is gone"


def test_the_end_of_a_session_is_announced_and_can_be_put_off(open_console: OpenConsole, clock: Clock) -> None:
    page = open_console()
    page.clock.install()
    page.goto("/console/account")
    page.clock.run_for(27 * 60 * 1000)
    expect(page.locator("#idle")).to_be_hidden()
    page.clock.run_for(90 * 1000)
    expect(page.locator("#idle")).to_be_visible()
    with page.expect_response("**/console/alive") as told:
        page.click("#idle-stay")
    assert told.value.status == 204
    expect(page.locator("#idle")).to_be_hidden()
    clock.pass_time(minutes=31)
    page.clock.run_for(31 * 60 * 1000)
    page.wait_for_url("**/console/login?expired=1&next=%2Fconsole%2Faccount")


def test_the_log_is_filtered_without_a_new_page(open_console: OpenConsole) -> None:
    page = open_console()
    page.goto("/console/audit")
    page.evaluate("window.isTheSame = true")
    with page.expect_response("**/console/audit?**"):
        page.select_option("#act", "staff_added")
    expect(page.locator("#rows")).not_to_contain_text("登录")
    assert page.evaluate("window.isTheSame")
    assert "act=staff_added" in page.url


def test_a_telephone_reads_the_qr_code(open_console: OpenConsole, tmp_path: Path) -> None:
    for scheme in ("light", "dark"):
        page = open_console("zhangmin", color_scheme=scheme, width=390)
        page.goto("/console/account/code")
        page.locator(".code-image").screenshot(path=tmp_path / "code.png")
        found = zxingcpp.read_barcode(Image.open(tmp_path / "code.png"))
        assert found is not None
        assert found.text.startswith("otpauth://totp/")
        assert "".join(page.locator(".secret span").all_text_contents()) in found.text
