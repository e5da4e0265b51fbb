"""The archive's rooms of the console in a real browser: each page clean for eye and screen reader, phone and desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from models.archive_words import Subject
from models.database import Database
from models.migration import upgrade_database
from models.role import Role
from models.vault import Vault
from tests.archive_desk import ArchiveDesk
from tests.browser.screens import find_faults, sign_in
from tests.console import Clock, hire, make_console
from tests.serving import serve

pytestmark = pytest.mark.browser
LOOKS = ({"width": 390, "height": 844}, {"width": 1280, "height": 900})


@pytest.fixture
def address(tmp_path: Path) -> Iterator[tuple[str, list[str]]]:
    """A console with a draft, a penalty and an objection; its pages."""
    database = Database(f"sqlite:///{tmp_path / 'archive.db'}", Vault("a key of the browser tests, long enough"))
    upgrade_database(database)
    desk = ArchiveDesk(database)
    record, listing = desk.penalty(topic="酒类流通经营企业信息"), desk.draft(notified_on=None)
    number, firm = desk.object((Subject.RECORD, record)).number, f"/console/archive/firms/{desk.enterprise_id}"
    hire(database, desk.now, "dangan", Role.ARCHIVE)
    app = make_console(database, tmp_path, Clock(desk.now), "http://127.0.0.1:8000")
    pages = [
        "/console/archive?q=稻香渡",
        firm,
        f"{firm}/listing",
        f"{firm}/record",
        f"{firm}/tags",
        f"/console/archive/listing/{listing}",
        f"/console/archive/record/{record}",
        f"/console/archive/record/{record}/correct",
        f"/console/archive/record/{record}/note_repair",
        "/console/archive/objections",
        f"/console/archive/objections/{number}",
    ]
    with serve(app) as home:
        yield home, pages
    database.close()


def test_every_page_of_the_archive_is_clean(chromium: Browser, address: tuple[str, list[str]]) -> None:
    home, pages = address
    page = chromium.new_page(base_url=home)
    sign_in(page, "dangan")
    for path in pages:
        page.goto(path)
        for size in LOOKS:
            page.set_viewport_size(size)  # type: ignore[arg-type]
            assert find_faults(page) == [], f"{path} at {size['width']}"
    page.close()
