"""Searching, choosing and reading in a real browser, with and without JavaScript."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from services.demo import heroes
from tests.browser.conftest import HOSTILE_NAME, OpenPage

pytestmark = pytest.mark.browser


def type_name(page: Page, text: str) -> None:
    """Type and wait for the suggestions."""
    page.locator("#q").press_sequentially(text)
    page.locator("[role=option]").first.wait_for()


def test_suggestions_are_chosen_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/")
    field = page.locator("#q")
    expect(field).to_have_attribute("role", "combobox")
    type_name(page, "麦朵坊便利店")
    expect(field).to_have_attribute("aria-expanded", "true")
    options = page.locator("[role=option]")
    assert options.count() == len(heroes.SAME_CITIES)
    expect(page.locator("#live")).to_contain_text("4 个可能的企业")
    field.press("ArrowDown")
    field.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id") or "")
    field.press("ArrowUp")
    field.press("ArrowUp")
    expect(options.nth(3)).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    expect(page.locator("h1")).to_have_text(heroes.SAME)


def test_a_suggestion_is_chosen_by_touch(open_page: OpenPage) -> None:
    page = open_page("/", has_touch=True)
    type_name(page, heroes.CLEAR[:6])
    page.locator("[role=option]", has_text=heroes.CLEAR).first.tap()
    expect(page.locator("h1")).to_contain_text(heroes.CLEAR)


def test_escape_closes_and_enter_searches(open_page: OpenPage) -> None:
    page = open_page("/")
    type_name(page, heroes.SAME)
    page.locator("#q").press("Escape")
    expect(page.locator("[role=listbox]")).to_be_hidden()
    expect(page.locator("#q")).to_have_attribute("aria-expanded", "false")
    page.locator("#q").press("Enter")
    expect(page.locator("h1")).to_contain_text("有4家企业叫这个名字")


def test_suggestions_say_nothing_of_records(open_page: OpenPage) -> None:
    page = open_page("/")
    type_name(page, heroes.LISTED)
    assert page.locator("[role=option]").all_inner_texts() == [f"{heroes.LISTED}\n长沙"]


def test_without_suggestions_the_button_still_works(open_page: OpenPage) -> None:
    page = open_page("/")
    page.route("**/h5/suggest*", lambda route: route.fulfill(status=200, json={"suggestions": []}))
    page.locator("#q").press_sequentially(heroes.CLEAR)
    page.click("text=查询")
    expect(page.locator("h1")).to_have_text(heroes.CLEAR)


def test_a_hostile_name_is_only_text(open_page: OpenPage) -> None:
    page = open_page("/")
    type_name(page, "长沙imgsrcxonerroralert1商贸有限公司")
    page.goto(f"/h5/search?q={quote(HOSTILE_NAME)}")
    expect(page.locator("main")).to_contain_text("<img src=x")
    assert page.locator("main img").count() == 0


@pytest.mark.parametrize(
    "payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'-alert(1)-'", "\u202egnp.exe"]
)
def test_hostile_text_is_only_text(open_page: OpenPage, payload: str) -> None:
    page = open_page(f"/h5/search?q={quote(payload)}")
    page.locator("#q").fill(payload)
    page.wait_for_timeout(400)
    assert page.locator("main script, main img").count() == 0


def test_the_code_is_copied(open_page: OpenPage) -> None:
    page = open_page(f"/h5/search?q={quote(heroes.CLEAR)}", permissions=["clipboard-read", "clipboard-write"])
    button = page.locator("[data-copy]")
    button.click()
    expect(button).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == button.get_attribute("data-copy")


def test_the_printer_is_offered_but_not_inside_wechat(open_page: OpenPage) -> None:
    path = f"/h5/search?q={quote(heroes.CLEAR)}"
    expect(open_page(path).locator("[data-print]")).to_be_visible()
    wechat = "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 MicroMessenger/8.0.50"
    expect(open_page(path, user_agent=wechat).locator("[data-print]")).to_be_hidden()


def test_searching_and_reading_without_javascript(open_page: OpenPage) -> None:
    page = open_page("/", java_script_enabled=False)
    page.fill("#q", heroes.SAME)
    page.click("text=查询")
    page.locator(".firm").first.click()
    assert page.locator("h1").inner_text() == heroes.SAME
    assert "行政管理信用信息" in page.locator("main").inner_text()
    assert page.locator("[data-copy], [data-print]").filter(visible=True).count() == 0
    page.click("text=大字版")
    assert page.get_attribute("html", "data-size") == "large"
    assert page.locator("h1").inner_text() == heroes.SAME


def test_the_first_tab_skips_to_the_text(open_page: OpenPage) -> None:
    page = open_page("/h5/about")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_overview_leads_to_each_block(open_page: OpenPage) -> None:
    page = open_page(f"/h5/search?q={quote(heroes.LISTED)}")
    links = page.locator(".summary__link")
    assert links.count() > 1
    for link in links.all():
        target = link.get_attribute("href") or ""
        link.click()
        expect(page.locator(target)).to_be_in_viewport()
