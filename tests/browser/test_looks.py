"""What an eye and a finger meet: sizes, contrast, widths, dark mode, large type, print."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page

from services.demo import heroes
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser

MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8")
LEAST_CONTRAST = 4.5  # WCAG 2.2 AA


def search(text: str) -> str:
    return f"/h5/search?q={quote(text)}"


PATHS = [
    "/",
    "/h5/about",
    "/h5/contact",
    "/h5/lists",
    "/h5/lists/black?region=长沙&from=x",
    "/h5/objections",
    "/h5/enterprises/999999",
    search(heroes.LISTED),
    search(heroes.CLEAR),
    search(heroes.HONOURED),
    search(heroes.REVOKED),
    search(heroes.SAME),
    search(heroes.FORMER),
    search("长沙无此名商贸有限公司"),
    search("查张建国有没有失信"),
]
MODES = [
    pytest.param({"width": 390}, 18, id="phone"),
    pytest.param({"width": 390, "color_scheme": "dark"}, 18, id="phone-dark"),
    pytest.param({"width": 390, "is_large": True}, 24, id="phone-large"),
    pytest.param({"width": 1280}, 18, id="desk"),
    pytest.param({"width": 1280, "color_scheme": "dark", "is_large": True}, 24, id="desk-dark-large"),
]


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than the screen."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


@pytest.mark.parametrize(("options", "least"), MODES)
def test_letters_contrast_and_targets(open_page: OpenPage, options: dict[str, Any], least: int) -> None:
    page = open_page("/", **options)
    for path in PATHS:
        page.goto(path)
        assert page.evaluate(MEASURE, {"least": least, "contrast": LEAST_CONTRAST}) == [], path
        assert overflow(page) <= 0, path


@pytest.mark.parametrize("is_large", [False, True])
def test_no_sideways_scroll_on_the_narrowest_phone(open_page: OpenPage, is_large: bool) -> None:
    page = open_page("/", width=320, is_large=is_large)
    for path in PATHS:
        page.goto(path)
        assert overflow(page) <= 0, path


def test_the_measure_finds_faults(open_page: OpenPage) -> None:
    page = open_page("/")
    page.evaluate(
        "() => { const p = document.createElement('p'); p.textContent = '淡'; document.body.append(p);"
        " p.attributeStyleMap.set('color', '#999'); p.attributeStyleMap.set('font-size', CSS.px(12)); }"
    )
    faults = page.evaluate(MEASURE, {"least": 18, "contrast": LEAST_CONTRAST})
    assert [fault.split()[0] for fault in faults] == ["small", "faint"]


def test_dark_mode_is_dark(open_page: OpenPage) -> None:
    grounds = [
        open_page("/", color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    ]
    brightness = [sum(map(int, re.findall(r"\d+", ground)[:3])) / 3 for ground in grounds]
    assert brightness[0] > 220
    assert brightness[1] < 40


def test_large_type_switches_without_reload_and_stays(open_page: OpenPage) -> None:
    page = open_page("/")
    page.fill("#q", "大润发")
    page.click("text=大字版")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 24
    assert page.input_value("#q") == "大润发"
    page.goto("/h5/about")
    assert page.get_attribute("html", "data-size") == "large"
    page.click("text=标准版")
    page.reload()
    assert page.get_attribute("html", "data-size") is None


def test_wide_screens_get_two_columns(open_page: OpenPage) -> None:
    page = open_page(search(heroes.LISTED), width=1280)
    main, side = (page.locator(name).bounding_box() for name in (".page__main", ".page__side"))
    assert main
    assert side
    assert side["x"] >= main["x"] + main["width"]
    assert main["width"] < 800


def test_the_archive_prints_on_a4(open_page: OpenPage) -> None:
    page = open_page(search(heroes.LISTED), width=1280, color_scheme="dark")
    page.emulate_media(media="print")
    for hidden in (".top", ".foot", ".search", ".copy"):
        assert not page.locator(hidden).first.is_visible()
    assert page.get_by_text("企业信用档案（公开信息）").is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    assert 1 <= len(sheets) <= 4
