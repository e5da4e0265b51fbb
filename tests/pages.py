"""The citizens' pages on a test database, wired as wsgi.py wires them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask

from config.bureau import load_bureau
from models.database import Database
from services.desk import Desk
from services.enterprises.index import NameIndex
from web import errors, security
from web.h5.pages import create_pages
from web.health import create_health


def make_pages(database: Database, folder: Path, clock: Callable[[], datetime], public_url: str) -> Flask:
    """An application with the pages only; the name index is kept in `folder`."""
    desk = Desk(load_bureau(), NameIndex(folder / "index"), public_url)
    app = Flask("pages", static_folder=None)
    security.protect(app, public_url)
    errors.register(app)
    app.register_blueprint(create_pages(database, desk, clock))
    app.register_blueprint(create_health(database))
    return app
