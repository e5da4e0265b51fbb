"""Pages to read, the size of letters, and the files behind the pages."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from models.database import Database
from tests.factories import collect
from tests.web.markup import Page
from web.h5.letters import local_path
from web.h5.shape import fingerprint, group_code, keep_dates_whole
from web.vendor import FILES, FONTS, ROOT, VendorError, copy_vendor


def test_about_names_sources_and_what_is_missing(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        collect(session, "register", "penalty", source_unit="示范市信用中心")
    page = Page(client.get("/h5/about").text)
    data = next(one for one in page.elements if one.attributes.get("id") == "data").text
    assert "示范市信用中心" in data
    assert "行政处罚截至2026年11月19日" in "".join(data.split())
    assert "还没有归集：严重失信主体名单、经营异常名录" in data
    assert "行政处罚" not in data.split("还没有归集")[1]


def test_privacy_notice_fills_the_slots_of_the_law(visitor: FlaskClient) -> None:
    page = Page(visitor.get("/h5/about").text)
    notice = next(one for one in page.elements if one.attributes.get("id") == "privacy").text
    for words in ("示范市商务局", "电话 12345", "为什么", "保存多久", "给谁看", "您的权利", "查阅、复制、更正、删除"):
        assert words in notice


def test_contact_reaches_people(visitor: FlaskClient) -> None:
    page = Page(visitor.get("/h5/contact").text)
    calls = [one.attributes["href"] for one in page.all("a") if one.attributes["href"].startswith("tel:")]
    assert {"tel:12345", "tel:12315", "tel:110", "tel:120"} == set(calls)
    for words in ("工作日 9:00–12:00", "示范市人民路1号", "市场监管部门", "异议"):
        assert words in page.main


def test_lists_are_explained_in_the_law_s_words(visitor: FlaskClient) -> None:
    page = Page(visitor.get("/h5/lists").text)
    assert "原来常说的“黑名单”，现在统一称为“严重失信主体名单”" in page.main
    assert "国办发〔2020〕49号" in page.main
    assert "信用修复管理办法" in page.main


def test_large_type_is_remembered_without_javascript(visitor: FlaskClient) -> None:
    assert "data-size" not in Page(visitor.get("/").text).one("html").attributes
    response = visitor.post("/h5/letters", data={"size": "large", "back": "/h5/search?q=大润发"})
    assert response.status_code == 303
    assert response.location.startswith("/h5/search?q=")
    cookie = response.headers["Set-Cookie"]
    assert "size=large" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" in cookie
    page = Page(visitor.get("/", headers={"Cookie": "size=large"}).text)
    assert page.one("html").attributes["data-size"] == "large"
    assert page.by_class("letters__button")[0].text == "标准版"


def test_the_letter_switch_returns_to_the_same_page(visitor: FlaskClient) -> None:
    page = Page(visitor.get("/h5/search?q=某某公司").text)
    back = next(one for one in page.all("input") if one.attributes.get("name") == "back")
    response = visitor.post("/h5/letters", data={"size": "normal", "back": back.attributes["value"]})
    assert Page(visitor.get(response.location).text).one("title").text.startswith("查询结果")


@pytest.mark.parametrize(
    "back",
    ["", "https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "h5", "/a\r\nb", "///x"],
)
def test_the_letter_switch_leads_nowhere_else(back: str) -> None:
    assert local_path(back) == "/"


def test_the_letter_switch_goes_back() -> None:
    assert local_path("/h5/search?q=大润发") == "/h5/search?q=大润发"


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("91430100MA4L2K1X70", ["91", "430100", "MA4L2K1X7", "0"]),
        ("110108000000016", ["11010", "80000", "00016"]),
        ("1101081234567", ["11010", "81234", "567"]),
        ("", []),
    ],
)
def test_codes_are_grouped_for_the_eye(code: str, parts: list[str]) -> None:
    assert group_code(code) == parts
    assert "".join(parts) == code


def test_dates_are_kept_whole_and_text_is_escaped() -> None:
    assert keep_dates_whole("至11月20日") == '至<span class="whole">11月20日</span>'
    assert keep_dates_whole("<b>截至2026年11月9日") == ('&lt;b&gt;截至<span class="whole">2026年11月9日</span>')


def test_files_are_kept_for_ever_only_by_their_fingerprint(visitor: FlaskClient) -> None:
    sheet = next(one for one in Page(visitor.get("/").text).all("link") if "citizen.css" in one.attributes["href"])
    assert "immutable" in visitor.get(sheet.attributes["href"]).headers["Cache-Control"]
    for path in ("/assets/citizen.css", "/assets/citizen.css?v=0"):
        assert "immutable" not in visitor.get(path).headers["Cache-Control"]
    assert visitor.get("/assets/../errors.py").status_code == 404


def test_a_fingerprint_follows_the_content(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a")
    first = fingerprint(tmp_path)
    (tmp_path / "a.css").write_text("b")
    assert first["a.css"] != fingerprint(tmp_path)["a.css"]


def test_vendor_files_are_copied_with_their_licence(tmp_path: Path) -> None:
    for name in [*FILES, *FONTS]:
        (tmp_path / "node_modules" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "node_modules" / name).write_text(name)
    written = copy_vendor(tmp_path)
    assert {path.name for path in written} == {*FILES.values(), *FONTS.values()}
    assert "NotoSerifSC.LICENSE.txt" in {path.name for path in written}
    assert "weui/dist/style/weui.min.css" in {path.read_text() for path in written}


def test_missing_libraries_are_named(tmp_path: Path) -> None:
    with pytest.raises(VendorError, match=r"weui\.min\.css.*npm ci"):
        copy_vendor(tmp_path)
    shutil.copytree(ROOT / "web", tmp_path / "web", ignore=shutil.ignore_patterns("vendor", "__pycache__"))
    ran = subprocess.run([sys.executable, tmp_path / "web" / "vendor.py"], capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "Traceback" not in ran.stderr


def test_the_lock_of_the_libraries_holds_no_address() -> None:
    assert "://" not in (ROOT / "package-lock.json").read_text()
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text()
