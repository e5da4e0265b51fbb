"""The console on a test database, and a member of staff with a browser of their own."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config.bureau import load_bureau
from config.sources import Sources, load_sources
from models.database import Database
from models.role import Role
from services.audit import Actor
from services.campaigns.library import library_of
from services.checkup import Finding, State, check_here
from services.desk import Desk
from services.enterprises.index import NameIndex
from services.evidence.store import EvidenceStore
from services.staff.accounts import add_account
from services.staff.passwords import hash_drawn
from services.staff.sessions import Limits
from tests.citizen import make_settings
from web import errors, security
from web.console.door import create_console
from web.console.office import CheckUp, Office
from web.h5.articles import create_articles
from web.h5.pages import create_pages

PASSWORD = "海带 灯塔 第七排 甲"
PASSWORD_HASH = hash_drawn(PASSWORD)  # quick: what a slow one is worth is asked in test_staff_rules.py
LIMITS = Limits(timedelta(minutes=30), timedelta(hours=12))
SEAL = re.compile(r'name="seal" value="([0-9a-f]{64})"')
TESTER = Actor("测试")


@dataclass
class Clock:
    """A clock that tests turn on."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **spans: float) -> None:
        """Turn it on."""
        self.now += timedelta(**spans)


def make_console(
    database: Database,
    folder: Path,
    clock: Clock,
    public_url: str = "https://bureau.example.gov.cn",
    requires_code: bool = False,
    *,
    sources: Sources | None = None,
) -> Flask:
    """The citizens' pages and the console, wired as wsgi.py wires them."""
    desk = Desk(load_bureau(), NameIndex(folder / "index"), public_url)
    app = Flask("console", static_folder=None)
    security.protect(app, public_url)
    errors.register(app)
    app.register_blueprint(create_pages(database, desk, clock))
    app.register_blueprint(create_articles(database, library_of(folder), clock))
    check_up = CheckUp(
        lambda: check_here(make_settings(data_dir=folder, public_url=public_url), database, desk.index, clock()),
        lambda: [Finding("公众号", State.FAULT, "微信拒绝：errcode 40164: invalid ip 10.1.2.3", "把 IP 加入白名单")],
    )
    store, declared = EvidenceStore(folder / "evidence"), sources or load_sources()
    office = Office(database, desk, clock, LIMITS, store, check_up, requires_code, sources=declared)
    app.register_blueprint(create_console(office))
    return app


def hire(database: Database, now: datetime, login: str, *roles: Role, name: str = "张敏", unit: str = "") -> int:
    """An account with the password of the tests; its id."""
    with database.write() as session:
        account, _ = add_account(
            session,
            TESTER,
            now,
            login=login,
            name=name,
            roles=frozenset(roles),
            unit=unit,
            password=PASSWORD,
            password_hash=PASSWORD_HASH,
        )
        return account.id


@dataclass
class Clerk:
    """A browser: it sends the seal of the last page it saw."""

    app: Flask
    address: str = "10.0.0.1"
    agent: str = "Mozilla/5.0 (Windows NT 10.0) Chrome/140"
    client: FlaskClient = field(init=False)
    page: TestResponse = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    @property
    def seal(self) -> str:
        """Of the last page."""
        found = SEAL.search(self.page.text)
        assert found, "no form on the page"
        return found[1]

    def opens(self, path: str, **headers: str) -> TestResponse:
        """Go to a page."""
        self.page = self.client.get(path, base_url="https://localhost", environ_base=self.environ, headers=headers)
        return self.page

    def sends(self, path: str, **fields: str | list[str]) -> TestResponse:
        """Send the form of the last page to `path`."""
        return self.posts(path, seal=self.seal, **fields)

    def posts(self, path: str, **fields: str | list[str]) -> TestResponse:
        """Send these fields and no others."""
        self.page = self.client.post(path, data=fields, base_url="https://localhost", environ_base=self.environ)
        return self.page

    def signs_in(self, login: str, password: str = PASSWORD) -> TestResponse:
        """By the sign-in page."""
        self.opens("/console/login")
        return self.sends("/console/login", login=login, password=password)

    @property
    def environ(self) -> dict[str, str]:
        return {"REMOTE_ADDR": self.address, "HTTP_USER_AGENT": self.agent}
