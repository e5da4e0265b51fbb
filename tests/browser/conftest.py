"""A real Chromium on a real server with the demonstration register; every page is watched for faults.

Without Chromium these tests skip and say how to get it; under CI they fail.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from models.database import Database
from models.migration import upgrade_database
from models.vault import Vault
from services.demo.load import load_demo
from tests.browser.screens import Screens
from tests.factories import make_enterprise
from tests.pages import make_pages
from tests.serving import serve

HOSTILE_NAME = '长沙<img src=x onerror="alert(1)">商贸有限公司'

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the pages are served, on a register of 200 invented firms and a hostile one."""
    folder = tmp_path_factory.mktemp("browser")
    database = Database(f"sqlite:///{folder / 'pages.db'}", Vault("a key of the browser tests, long enough"))
    upgrade_database(database)
    load_demo(database, date(2026, 11, 20), firms_count=200)
    with database.write() as session:
        make_enterprise(session, HOSTILE_NAME, city="湘潭")
    app = make_pages(database, folder, lambda: datetime(2026, 11, 20, 10, tzinfo=UTC), "http://127.0.0.1:8000")
    with serve(app) as home:
        yield home
    database.close()


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[OpenPage]:
    """Opens a path in a browser of its own; fails the test on a console error, a dialog or a foreign request."""
    screens = Screens(chromium, address, forgiven="status of 404")
    faults = screens.faults

    def open_one(path: str, width: int = 390, **options: Any) -> Page:
        page = screens.open(width=width, **options)
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on(
            "request",
            lambda request: faults.append(f"foreign: {request.url}") if not request.url.startswith(address) else None,
        )
        page.goto(path)
        return page

    yield open_one
    screens.close()
