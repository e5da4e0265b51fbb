"""Fixtures: one migrated database per worker and back-end, emptied before each test; a fixed clock.

SQLite always; PostgreSQL by TEST_POSTGRES_URL or on this machine's default address. Where no server is
found its tests skip and say so, except under CI, where they fail.
"""

import logging
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import create_engine, delete, insert, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models import Base
from models.audit import AuditHead
from models.database import Database
from models.migration import upgrade_database
from models.vault import Vault

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
NO_CHROMIUM = "NO CHROMIUM: apt-get install chromium fonts-noto-cjk (or install Google Chrome)"
VAULT = Vault("a test key of more than thirty-two characters")
POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")


def create_postgres_database(name: str = f"chengxin_test_{WORKER}") -> URL:
    """A fresh database for this worker; skips (fails under CI) where there is no server."""
    server = make_url(POSTGRES_URL)
    try:
        with create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            connection.execute(text(f'CREATE DATABASE "{name}"'))
            # Tests kill our processes, never the server: what it has taken is safe without waiting for its disk.
            connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    except OperationalError:
        message = f"NO POSTGRESQL at {server.render_as_string()}: set TEST_POSTGRES_URL or start one"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return server.set(database=name)


@pytest.fixture(scope="session")
def sqlite_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("sqlite") / "test.db"
    database = Database(f"sqlite:///{path}", VAULT)
    upgrade_database(database)
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[Database]:
    database = Database(create_postgres_database().render_as_string(hide_password=False), VAULT)
    upgrade_database(database)
    yield database
    database.close()


def empty_tables(database: Database) -> None:
    """Delete all rows, children first."""
    with database.engine.execution_options(begin_immediate=True).begin() as connection:
        connection.execute(delete(AuditHead))  # the database keeps its log, but for what its head says is cut off
        connection.execute(insert(AuditHead).values(id=1, number=0, seal=b"", key_sealed=b"", cut_number=1 << 30))
        tables = [f'DELETE FROM "{table.name}"' for table in reversed(Base.metadata.sorted_tables)]
        for statement in tables if database.is_sqlite else ["; ".join(tables)]:  # one way there and back
            connection.exec_driver_sql(statement)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Database:
    """The same test on both back-ends."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    empty_tables(found)
    return found


@pytest.fixture
def sqlite(sqlite_database: Database) -> Database:
    """For tests whose subject does not depend on the back-end."""
    empty_tables(sqlite_database)
    return sqlite_database


@pytest.fixture
def session(sqlite: Database) -> Iterator[Session]:
    """A writing session on SQLite, rolled back by nobody: tests look at what they wrote."""
    with sqlite.write() as opened:
        yield opened


@pytest.fixture
def now() -> datetime:
    """Friday, 20 November 2026, 18:00 in Shanghai."""
    return datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def own_logging(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Whoever sets up logging within: the root's handlers are put back, for they write into what is captured."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before
    capsys.readouterr()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, started once for all tests; where there is none they skip, under CI they fail."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(NO_CHROMIUM)
        pytest.skip(NO_CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()
