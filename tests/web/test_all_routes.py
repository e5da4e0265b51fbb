"""Rules that every page keeps: headers, markup, links, titles."""

import re
from collections.abc import Iterator
from urllib.parse import quote, urldefrag, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.database import Database
from models.record import RecordType
from tests.factories import collect, make_enterprise, make_listing, make_record
from tests.web.conftest import MakeApp
from tests.web.markup import Page
from web.security import CONTENT_SECURITY_POLICY, HEADERS

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "javascript:alert(1)",
    "</title><script>alert(1)</script>",
    "{{7*7}}{% raw %}",
    "</textarea><iframe src=//evil.example>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<a href=javascript:alert(1)>点我</a>",
    "\u202e限公司<b>",
    "😀<style>*{display:none}</style>",
    "<!--<script>-->",
    '" autofocus onfocus=alert(1) x="',
    "<base href=//evil.example>",
    "\ud83d\ude00\x00\x07%00%0d%0aSet-Cookie: a=b",
]


@pytest.fixture
def app(make_app: MakeApp, sqlite: Database) -> Flask:
    """The pages with two firms that share a name, one of them with records."""
    with sqlite.write() as session:
        firm = make_enterprise(session, "麦朵坊便利店", "91350100M000100Y43")
        make_enterprise(session, "麦朵坊便利店", city="湘潭")
        make_listing(session, firm)
        make_record(session, firm, RecordType.LICENCE)
        collect(session, "register", "penalty")
    return make_app(sqlite)


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


def firm_path(browser: FlaskClient) -> str:
    found = browser.get("/h5/suggest?q=麦朵坊便利店").json
    assert found is not None
    return f"/h5/enterprises/{found['suggestions'][0]['id']}"


def pages(browser: FlaskClient) -> Iterator[tuple[str, Page]]:
    """Every page a citizen can meet, error pages included."""
    paths = [
        "/",
        "/h5/search?q=麦朵坊便利店",
        "/h5/search?q=没有这样的公司名称啊",
        "/h5/search",
        "/h5/about",
        "/h5/contact",
        "/h5/lists",
        "/h5/lists/black",
        "/h5/enterprises/2000000000",
        "/fails/500",
        firm_path(browser),
    ]
    for path in paths:
        yield path, Page(browser.get(path).text)


def test_every_route_carries_the_headers(app: Flask, browser: FlaskClient) -> None:
    seen = 0
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<[^>]*>", "1", rule.rule)
        for method in (rule.methods or set()) | {"PUT"}:
            headers = browser.open(path, method=method).headers
            for name, value in HEADERS.items():
                assert headers[name] == value, f"{method} {path} {name}"
            assert headers["Strict-Transport-Security"].startswith("max-age=63072000")
            assert "Cache-Control" in headers
            seen += 1
    assert seen > 40


def test_the_policy_allows_nothing_inline() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'")


def test_no_hsts_without_https(make_app: MakeApp, sqlite: Database) -> None:
    headers = make_app(sqlite, "http://127.0.0.1:8000").test_client().get("/").headers
    assert "Strict-Transport-Security" not in headers
    assert headers["Cache-Control"] == "no-store"


def test_pages_hold_nothing_inline(browser: FlaskClient) -> None:
    for path, page in pages(browser):
        assert not page.all("style"), path
        assert all("src" in script.attributes and not script.text for script in page.all("script")), path
        for element in page.elements:
            assert "style" not in element.attributes, path
            assert not [name for name in element.attributes if name.startswith("on")], path
            assert not element.attributes.get("href", "").startswith("javascript:"), path


def test_pages_are_well_made(browser: FlaskClient) -> None:
    titles = []
    for path, page in pages(browser):
        assert page.one("html").attributes["lang"] == "zh-CN", path
        assert len(page.all("h1")) == 1, path
        assert len(page.ids) == len(set(page.ids)), path
        assert not page.stack, path
        labelled = {label.attributes["for"] for label in page.all("label")}
        for field in page.all("input"):
            assert field.attributes.get("type") == "hidden" or field.attributes["id"] in labelled, path
        for element in page.elements:
            for name in ("aria-labelledby", "aria-describedby", "for"):
                if name in element.attributes:
                    assert element.attributes[name] in page.ids, f"{path} {name}"
        assert all(" ".join(link.text.split()) for link in page.all("a")), path
        titles.append(page.one("title").text)
    assert all(title.endswith(" - 诚信示范市") for title in titles)
    assert "麦朵坊便利店 - 诚信示范市" in titles


def test_every_link_of_every_page_leads_somewhere(browser: FlaskClient) -> None:
    checked = set()
    for path, page in pages(browser):
        for element in page.elements:
            target = element.attributes.get("href") or element.attributes.get("src") or ""
            if not target or target.startswith("tel:"):
                continue
            parts = urlsplit(target)
            if parts.scheme:
                assert parts.scheme == "https", target
                continue
            address, fragment = urldefrag(target)
            reached = browser.get(quote(address, safe="/?=&%") if address else quote(path, safe="/?=&%"))
            assert reached.status_code in {200, 303} or not address, f"{path} → {target}"
            if fragment:
                assert fragment in Page(reached.text).ids, f"{path} → {target}"
            checked.add(address)
    assert {"/h5/about", "/h5/contact", "/h5/lists", "/"} <= checked
    assert any("weui.min.css" in address for address in checked)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_typed_cannot_become_markup(browser: FlaskClient, payload: str) -> None:
    clean = {element.tag for element in Page(browser.get("/h5/search?q=没有这样的公司").text).elements}
    response = browser.get("/h5/search", query_string={"q": payload.encode("utf-8", "surrogatepass")})
    assert response.status_code in {200, 303}
    assert "Set-Cookie" not in response.headers
    page = Page(response.text)
    if response.status_code == 200:
        assert {element.tag for element in page.elements} <= clean | {"strong", "li", "ul"}
        for element in page.elements:
            assert not [name for name in element.attributes if name.startswith("on")]
            assert "autofocus" not in element.attributes
            assert "evil.example" not in element.attributes.get("href", "")
        assert "\u202e" not in response.text
        assert "49" not in page.one("h1").text
    assert browser.get("/h5/suggest", query_string={"q": payload.encode("utf-8", "surrogatepass")}).json


@pytest.mark.parametrize("payload", PAYLOADS)
def test_names_in_the_register_cannot_become_markup(make_app: MakeApp, sqlite: Database, payload: str) -> None:
    name = payload.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16")
    with sqlite.write() as session:
        firm = make_enterprise(session, name, scope=name, address=name)
        make_listing(session, firm, list_name=name, legal_basis=name, reason=name)
        make_record(session, firm, RecordType.LICENCE, title=name, content=name, details={"grade": name})
        firm_id = firm.id
    page = Page(make_app(sqlite).test_client().get(f"/h5/enterprises/{firm_id}").text)
    assert page.one("h1").text == name.replace("\r", "")
    assert not {"img", "iframe", "style", "b", "textarea", "base"} & {element.tag for element in page.elements}
    assert len(page.all("script")) == 1
    for element in page.elements:
        assert not [attribute for attribute in element.attributes if attribute.startswith("on")]
        assert not element.attributes.get("href", "").startswith("javascript:")


def test_nothing_is_loaded_from_elsewhere(browser: FlaskClient) -> None:
    for path, page in pages(browser):
        for element in page.elements:
            if element.tag in {"script", "link", "img"}:
                address = element.attributes.get("src") or element.attributes.get("href") or ""
                assert address.startswith("/assets/"), path
