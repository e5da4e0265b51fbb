"""Wires the doors of the web process together; holds no rules."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy.exc import ArgumentError

from bot.reception import Reception
from bot.webhook import create_webhook
from config.bureau import load_bureau
from config.logging import set_up_logging
from config.settings import Settings, SettingsError, load_settings
from handlers import ROUTERS
from models.database import Database
from models.vault import Vault
from services.desk import Desk
from services.enterprises.index import NameIndex
from services.enterprises.search import find
from services.photos.reader import can_read
from web import errors, security
from web.h5.pages import create_pages
from web.health import create_health


def read_clock() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def open_database(settings: Settings) -> Database:
    """The database of the settings; SettingsError when its address is none."""
    vault = Vault(settings.secret_key)
    try:
        return Database(settings.database, vault)
    except (ArgumentError, ModuleNotFoundError, ValueError):  # malformed, a kind without driver, a port of letters
        raise SettingsError("DATABASE_URL 有误，例：postgresql://用户:密码@127.0.0.1/chengxin；留空为 SQLite") from None


def open_desk(settings: Settings) -> Desk:
    """What all doors share."""
    return Desk(load_bureau(), NameIndex(settings.data_dir / "index"), settings.public_url, can_read())


def secrets_of(settings: Settings) -> list[str]:
    """What no log line may hold."""
    return [settings.secret_key, settings.wechat_app_secret, settings.wechat_token, *settings.aes_keys]


def create_app(settings: Settings | None = None, clock: Callable[[], datetime] = read_clock) -> Flask:
    """The web process: webhook, citizens' pages, health, error pages."""
    settings = settings or load_settings()
    set_up_logging(secrets_of(settings))
    database, desk = open_database(settings), open_desk(settings)
    with database.read() as session:
        find(session, "预热", desk.index)  # opens the index and makes the tables, so that no citizen waits for them
    app = Flask(__name__, static_folder=None)
    security.protect(app, settings.public_url)
    errors.register(app)
    app.register_blueprint(create_webhook(Reception(settings, database, desk, ROUTERS, clock)))
    app.register_blueprint(create_pages(database, desk, clock))
    app.register_blueprint(create_health(database))
    return app
