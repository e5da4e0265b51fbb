"""The import of a sheet in a real browser, by a clerk; every page on the way clean for eye and screen reader."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from config.sources import Sources
from jobs.imports import ImportClerk
from models.database import Database
from models.migration import upgrade_database
from models.role import Role
from models.vault import Vault
from services.calendar.years import seed_calendar
from services.imports.uploads import imports_of
from tests.browser.screens import find_faults, sign_in
from tests.console import Clock, hire, make_console
from tests.factories import make_enterprise
from tests.import_files import lay_out, penalty, spell_csv
from tests.register_files import code
from tests.serving import serve

pytestmark = pytest.mark.browser
LOOKS = ({"width": 390, "height": 844}, {"width": 1280, "height": 900})


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ImportClerk, Path]]:
    """A console, the jobs process beside it, and a sheet on the clerk's disk."""
    folder, clock = tmp_path_factory.mktemp("imports"), Clock(datetime(2026, 11, 20, 2, tzinfo=UTC))
    database = Database(f"sqlite:///{folder / 'imports.db'}", Vault("a key of the browser tests, long enough"))
    upgrade_database(database)
    with database.write() as session:
        seed_calendar(session, clock.now)
        make_enterprise(session, "长沙第1商贸有限公司", code(1))
    hire(database, clock.now, "dangan", Role.ARCHIVE)
    sheet = folder / "双公示.csv"
    rows = [penalty(1), penalty(2, 处罚机关=""), penalty(9, 行政相对人名称="长沙第一商贸公司", 行政相对人代码_1="")]
    sheet.write_bytes(spell_csv(lay_out(rows), "gb18030"))
    clerk = ImportClerk(database, imports_of(folder), folder / "incoming", Sources(), clock)
    with serve(make_console(database, folder, clock, "http://127.0.0.1:8000")) as home:
        yield home, clerk, sheet
    database.close()


def look(page: Page) -> None:
    """No fault of axe, nothing wider than the page, on the phone and on the desk."""
    for size in LOOKS:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert find_faults(page) == [], f"{page.url} at {size['width']}"


def test_a_sheet_from_the_file_to_the_archive(chromium: Browser, bureau: tuple[str, ImportClerk, Path]) -> None:
    address, clerk, sheet = bureau
    page = chromium.new_context(base_url=address).new_page()
    page.set_default_timeout(20_000)
    sign_in(page, "dangan")
    page.goto("/console/imports/new")
    look(page)
    page.select_option("#kind", "penalty")
    page.set_input_files("#file", sheet)
    page.get_by_role("button", name="上传并核对").click()
    page.wait_for_selector("text=表头是这样理解的")
    look(page)
    page.get_by_role("button", name="直接导入").click()
    page.wait_for_selector("progress")
    clerk.work()
    page.wait_for_selector("text=导入结果")  # htmx asks every two seconds
    look(page)
    page.get_by_role("link", name="核实对不上企业的行").click()
    page.get_by_role("link", name="长沙第一商贸公司").click()
    look(page)
    page.get_by_placeholder("另找企业：名称或代码").fill("长沙第1商贸")
    page.get_by_role("button", name="查找").click()
    page.get_by_label("长沙第1商贸有限公司").check()
    page.get_by_label("理由").fill("电话核实")
    page.get_by_role("button", name="就是选中的这家，入档").click()
    page.wait_for_selector("text=已入档")
    for path in ("", "/late", "/exports"):
        page.goto(f"/console/imports{path}")
        look(page)
