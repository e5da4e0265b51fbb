"""The citizens' pages on a test database, and a reader of HTML."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from config.bureau import load_bureau
from models.database import Database
from services.desk import Desk
from services.enterprises.index import NameIndex
from web import errors, security
from web.h5.pages import create_pages
from web.health import create_health

MakeApp = Callable[..., Flask]


@pytest.fixture
def make_app(tmp_path: Path, now: datetime) -> MakeApp:
    """The pages as wsgi.py wires them, and a few routes that fail."""

    def make(database: Database, public_url: str = "https://bureau.example.gov.cn") -> Flask:
        desk = Desk(load_bureau(), NameIndex(tmp_path / "index"), public_url)
        app = Flask("pages", static_folder=None)
        security.protect(app, public_url)
        errors.register(app)
        app.register_blueprint(create_pages(database, desk, lambda: now))
        app.register_blueprint(create_health(database))
        add_failures(app)
        return app

    return make


def add_failures(app: Flask) -> None:
    """Routes that fail on purpose."""

    @app.get("/fails/<int:status>")
    def fail(status: int) -> str:
        if status == 500:
            raise RuntimeError("a secret detail")
        abort(status)


@pytest.fixture
def client(make_app: MakeApp, database: Database) -> FlaskClient:
    """A browser without JavaScript, on both back-ends."""
    return make_app(database).test_client()


@pytest.fixture
def visitor(make_app: MakeApp, sqlite: Database) -> FlaskClient:
    """A browser without JavaScript, where the back-end does not matter."""
    return make_app(sqlite).test_client()
