"""Browsers without JavaScript, on the citizens' pages."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from models.database import Database
from tests.pages import make_pages

MakeApp = Callable[..., Flask]


@pytest.fixture
def make_app(tmp_path: Path, now: datetime) -> MakeApp:
    """The pages, and a route that fails on purpose."""

    def make(database: Database, public_url: str = "https://bureau.example.gov.cn") -> Flask:
        app = make_pages(database, tmp_path, lambda: now, public_url)
        add_failures(app)
        return app

    return make


def add_failures(app: Flask) -> None:
    """/fails/<status> answers with that error."""

    @app.get("/fails/<int:status>")
    def fail(status: int) -> str:
        if status == 500:
            raise RuntimeError("a secret detail")
        abort(status)


@pytest.fixture
def client(make_app: MakeApp, database: Database) -> FlaskClient:
    """On both back-ends."""
    return make_app(database).test_client()


@pytest.fixture
def visitor(make_app: MakeApp, sqlite: Database) -> FlaskClient:
    """Where the back-end does not matter."""
    return make_app(sqlite).test_client()
