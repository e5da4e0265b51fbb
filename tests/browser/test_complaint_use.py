"""Filing on a phone whose connection breaks, in two tabs, twice: what was typed and sent is there, and one case."""

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from sqlalchemy import func, select
from werkzeug.serving import make_server

from models.case import Case
from models.case_file import CaseEvidence
from models.database import Database
from models.migration import upgrade_database
from models.vault import Vault
from services.calendar.years import seed_calendar
from tests.evidence_files import AMR, make_photo
from tests.factories import make_enterprise
from tests.pages import make_pages

pytestmark = pytest.mark.browser

MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8")
FACTS = "2026年10月在该店办理2000元储值卡，店铺关门后联系不上。"
MODES = [
    pytest.param({"width": 390}, 18, id="phone"),
    pytest.param({"width": 390, "color_scheme": "dark"}, 18, id="phone-dark"),
    pytest.param({"width": 390, "is_large": True}, 24, id="phone-large"),
    pytest.param({"width": 1280}, 18, id="desk"),
    pytest.param({"width": 1280, "color_scheme": "dark", "is_large": True}, 24, id="desk-dark-large"),
]


class Site:
    """The pages on a port, and browsers at them."""

    def __init__(self, folder: Path, chromium: Browser) -> None:
        self.folder, self.chromium = folder, chromium
        self.database = Database(f"sqlite:///{folder / 'pages.db'}", Vault("a key of the browser tests, long enough"))
        upgrade_database(self.database)
        with self.database.write() as session:
            seed_calendar(session, datetime(2026, 11, 20, tzinfo=UTC))
            make_enterprise(session, "麦朵坊便利店", "91350100M000100Y43")
        self.contexts: list[BrowserContext] = []
        self.faults: list[str] = []
        self.port = 0
        self.start()

    def start(self) -> None:
        """Again on the same port after `stop`."""
        app = make_pages(self.database, self.folder, lambda: datetime.now(UTC), "http://127.0.0.1:8000")
        self.server = make_server("127.0.0.1", self.port, app, threaded=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def open(self, **options: Any) -> Page:
        """A browser of its own."""
        width, is_large = options.pop("width", 390), options.pop("is_large", False)
        address = f"http://127.0.0.1:{self.port}"
        context = self.chromium.new_context(viewport={"width": width, "height": 844}, base_url=address, **options)
        context.set_default_timeout(15_000)
        if is_large:
            context.add_cookies([{"name": "size", "value": "large", "url": address}])
        self.contexts.append(context)
        return self.watch(context.new_page())

    def watch(self, page: Page) -> Page:
        """Faults of scripts and of the policy are faults of the test; a lost connection is not."""
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on(
            "console",
            lambda said: (
                self.faults.append(said.text)
                if said.type in {"error", "warning"} and "Failed to load resource" not in said.text
                else None
            ),
        )
        return page

    def count(self, model: type) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        self.stop()
        self.database.close()


@pytest.fixture
def site(tmp_path: Path, chromium: Browser) -> Iterator[Site]:
    made = Site(tmp_path, chromium)
    yield made
    made.close()
    assert not made.faults


def begin(page: Page) -> None:
    page.goto("/h5/complaints")
    page.check("#kind-complaint")
    page.click("text=我看过了，开始填写")
    page.wait_for_selector("form.complaint")


def fill(page: Page) -> None:
    page.select_option("#category", "prepaid")
    page.fill("#respondent_name", "乐享健身")
    page.fill("#facts", FACTS)
    page.fill("#name", "欧阳小明")
    page.fill("#phone", "13812345678")


def saved(page: Page) -> None:
    expect(page.locator("#saved")).to_contain_text("已保存")
    assert page.evaluate("window.draft.save()")


def submit(page: Page) -> None:
    page.click("text=下一步：核对")
    page.wait_for_url("**/check")
    page.dblclick("text=确认提交")
    page.wait_for_url("**/receipt")


def test_typing_is_saved_and_there_after_a_reload_and_in_the_firm_of_the_list(site: Site) -> None:
    page = site.open()
    begin(page)
    page.locator("#respondent_name").press_sequentially("麦朵坊")
    page.locator(".suggest__option").first.click()
    expect(page.locator("#picked")).to_be_visible()
    page.fill("#facts", FACTS)
    page.check("text=退款")
    saved(page)
    page.reload()
    assert page.input_value("#facts") == FACTS
    assert page.input_value("#respondent_name") == "麦朵坊便利店"
    assert page.is_checked("text=退款")
    expect(page.locator("#picked")).to_contain_text("0Y43")
    page.fill("#respondent_name", "另一家")
    expect(page.locator("#picked")).to_be_hidden()


def test_typing_without_a_connection_is_kept_through_a_reload(site: Site) -> None:
    page = site.open()
    begin(page)
    page.context.set_offline(True)
    fill(page)
    expect(page.locator("#saved")).to_contain_text("连不上网")
    page.click("text=下一步：核对")
    expect(page.locator("#saved")).to_contain_text("连不上网")
    assert page.input_value("#facts") == FACTS
    assert page.evaluate("Object.keys(localStorage).length") == 1
    page.context.set_offline(False)
    page.reload()
    saved(page)
    assert page.input_value("#facts") == FACTS
    submit(page)
    assert page.evaluate("Object.keys(localStorage).length") == 0
    assert site.count(Case) == 1


def test_what_was_taken_back_does_not_come_again(site: Site) -> None:
    page = site.open()
    begin(page)
    page.context.set_offline(True)
    page.fill("#facts", "写错了的话")
    page.fill("#facts", "")
    page.context.set_offline(False)
    page.reload()
    assert page.input_value("#facts") == ""


def test_the_server_restarts_and_the_session_is_lost_while_somebody_types(site: Site) -> None:
    page = site.open()
    begin(page)
    site.stop()
    fill(page)
    expect(page.locator("#saved")).to_contain_text("连不上网")
    site.start()
    page.context.clear_cookies(name="h5-visit")
    saved(page)
    submit(page)
    assert page.locator("#number").inner_text().startswith("TS")
    assert site.count(Case) == 1


def test_an_upload_goes_on_where_the_connection_was_cut(site: Site, tmp_path: Path) -> None:
    photo = tmp_path / "大照片.jpg"
    photo.write_bytes(make_photo() + os.urandom(900_000))
    page = site.open()
    begin(page)
    offsets: list[int] = []
    cut = threading.Event()

    def pass_or_cut(route: Route) -> None:
        offset = int(route.request.headers["x-offset"])
        offsets.append(offset)
        if offset >= 500_000 and not cut.is_set():
            cut.set()
            route.fetch()  # the piece arrives, its answer does not
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/uploads/piece", pass_or_cut)
    page.set_input_files("#files", photo)
    expect(page.locator(".file")).to_contain_text("网络断了")
    expect(page.locator(".file")).to_contain_text("已收到")
    assert cut.is_set()
    assert len(offsets) == len(set(offsets)) == 4  # no piece twice
    fill(page)
    submit(page)
    with site.database.read() as session:
        row = session.scalars(select(CaseEvidence)).one()
        assert (row.case_id is not None, row.size_bytes) == (True, photo.stat().st_size)


def test_an_upload_cut_by_a_reload_goes_on_when_the_file_is_chosen_again(site: Site, tmp_path: Path) -> None:
    photo = tmp_path / "照片.jpg"
    photo.write_bytes(make_photo() + os.urandom(700_000))
    page = site.open()
    begin(page)
    page.route("**/uploads/piece", lambda route: route.abort() if later(route) else route.continue_())
    page.set_input_files("#files", photo)
    expect(page.locator(".file")).to_contain_text("网络断了")
    page.on("dialog", lambda dialog: dialog.accept())
    page.unroute_all()
    offsets: list[str] = []
    page.reload()
    page.on(
        "request",
        lambda request: offsets.append(request.headers["x-offset"]) if request.url.endswith("/piece") else None,
    )
    page.set_input_files("#files", photo)
    expect(page.locator(".file")).to_contain_text("已收到")
    assert offsets[0] == str(256 * 1024)
    assert site.count(CaseEvidence) == 1


def later(route: Route) -> bool:
    """A piece after the first."""
    return route.request.headers["x-offset"] != "0"


def test_a_file_that_is_refused_says_why_and_the_rest_goes_on(site: Site, tmp_path: Path) -> None:
    (tmp_path / "程序.exe").write_bytes(b"\x7fELF" + bytes(100))
    (tmp_path / "好.jpg").write_bytes(make_photo())
    page = site.open()
    begin(page)
    page.set_input_files("#files", [tmp_path / "程序.exe", tmp_path / "好.jpg"])
    expect(page.locator(".file").nth(0)).to_contain_text("不能作为证据上传")
    expect(page.locator(".file").nth(1)).to_contain_text("已收到")
    page.locator(".file").nth(1).get_by_role("button", name="删除").click()
    expect(page.locator(".file")).to_have_count(1)
    assert site.count(CaseEvidence) == 0


def test_a_player_and_a_refusal_have_the_width_of_a_phone(site: Site, tmp_path: Path) -> None:
    page = site.open(width=390)
    begin(page)
    (tmp_path / "录音.amr").write_bytes(AMR)
    (tmp_path / "程序.exe").write_bytes(b"MZ" + bytes(100))
    page.set_input_files("#files", [tmp_path / "录音.amr", tmp_path / "程序.exe"])
    player, refusal = page.locator("audio.file__sound"), page.locator(".file__refused")
    expect(player).to_be_visible()
    expect(refusal).to_be_visible()
    assert width_of(player) > 250
    assert width_of(refusal) > 170
    page.reload()
    expect(page.locator("audio.file__sound")).to_be_visible()
    assert width_of(page.locator("audio.file__sound")) > 250


def width_of(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["width"]


def test_two_tabs_and_the_back_button_make_one_case(site: Site) -> None:
    page = site.open()
    begin(page)
    fill(page)
    saved(page)
    other = site.watch(page.context.new_page())
    other.goto("/h5/complaints/form")
    other.fill("#address", "河西")
    saved(other)
    page.fill("#amount", "1500")
    saved(page)
    page.reload()
    assert page.input_value("#address") == "河西"  # the tabs did not undo one another
    submit(page)
    number = page.locator("#number").inner_text()
    other.fill("#facts", FACTS + "后来又写的")
    other.wait_for_url("**/receipt")
    assert other.locator("#number").inner_text() == number
    page.go_back()
    page.go_back()
    page.wait_for_url("**/receipt")
    assert site.count(Case) == 1
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_a_matter_of_others_shows_its_door_at_once(site: Site) -> None:
    page = site.open()
    begin(page)
    page.fill("#facts", FACTS)
    expect(page.locator("#door")).to_be_hidden()
    page.select_option("#category", "food_quality")
    expect(page.locator("#door")).to_contain_text("12315")
    expect(page.locator("#door-paste")).to_contain_text(FACTS)
    page.select_option("#category", "prepaid")
    expect(page.locator("#door")).to_be_hidden()


def test_only_a_report_may_be_anonymous(site: Site) -> None:
    page = site.open()
    begin(page)
    expect(page.locator("#is_anonymous")).to_be_hidden()
    page.check("#kind-report")
    page.check("#is_anonymous")
    expect(page.locator("#phone")).to_be_hidden()


@pytest.mark.parametrize(("options", "least"), MODES)
def test_letters_contrast_and_targets(site: Site, tmp_path: Path, options: dict[str, Any], least: int) -> None:
    (tmp_path / "好.jpg").write_bytes(make_photo())
    page = site.open(**options)

    def measure(name: str) -> None:
        assert page.evaluate(MEASURE, {"least": least, "contrast": 4.5}) == [], name
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, name

    page.goto("/h5/complaints")
    measure("start")
    begin(page)
    page.click("text=下一步：核对")
    page.wait_for_selector("#faults")
    measure("faults")
    page.select_option("#category", "police")
    expect(page.locator("#door")).to_be_visible()
    measure("door")
    fill(page)
    page.set_input_files("#files", tmp_path / "好.jpg")
    expect(page.locator(".file")).to_contain_text("已收到")
    measure("form")
    page.click("text=下一步：核对")
    page.wait_for_url("**/check")
    measure("check")
    page.click("text=确认提交")
    page.wait_for_url("**/receipt")
    measure("receipt")
    page.click("text=看进度、补充材料")
    page.wait_for_url("**/h5/cases/*")
    measure("case")
    page.click("text=撤回投诉")
    page.wait_for_url("**/withdraw")
    measure("withdraw")
    for path in ("/h5/progress", "/h5/my-data"):
        page.goto(path)
        measure(path)


def test_the_receipt_is_copied_and_printed(site: Site) -> None:
    page = site.open(width=1280, permissions=["clipboard-read", "clipboard-write"])
    begin(page)
    fill(page)
    submit(page)
    page.click("text=复制编号和查询码")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert page.locator("#number").inner_text() in copied
    assert page.locator("#code").inner_text().replace(" ", "") in copied
    page.emulate_media(media="print")
    for hidden in (".top", ".foot", ".go", ".copy"):
        assert not page.locator(hidden).first.is_visible()
    assert page.get_by_text("投诉回执").is_visible()


def test_the_whole_way_without_javascript(site: Site, tmp_path: Path) -> None:
    (tmp_path / "小票.jpg").write_bytes(make_photo())
    page = site.open(java_script_enabled=False)
    begin(page)
    fill(page)
    page.fill("#respondent_name", "麦朵坊")
    page.click("text=在登记资料里找一找")
    page.click("button[name=pick]")
    assert page.input_value("#respondent_name") == "麦朵坊便利店"
    assert page.input_value("#facts") == FACTS
    page.set_input_files("#files", tmp_path / "小票.jpg")
    page.click("text=上传选好的文件")
    assert page.locator(".file").count() == 1
    page.click("text=下一步：核对")
    page.click("text=确认提交")
    assert page.locator("#number").inner_text().startswith("TS")
    page.click("text=看进度、补充材料")
    page.fill("#text", "补充一句")
    page.click("text=提交补充")
    assert "补充的内容已收到" in page.locator("main").inner_text()
    assert site.count(Case) == 1
