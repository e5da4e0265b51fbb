"""Wires the doors of the web process together; holds no rules."""

import gc
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy.exc import ArgumentError
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.checkup import check_wechat
from bot.gateway import Gateway
from bot.js_sdk import open_js_sdk
from bot.oauth import open_web_login
from bot.reception import Reception
from bot.webhook import create_webhook
from config.bureau import load_bureau
from config.cases import load_case_rules
from config.logging import set_up_logging
from config.settings import HotlineChannel, Settings, SettingsError, load_settings
from handlers import ROUTERS
from models.database import Database
from models.tallies import Tallies
from models.vault import Vault
from services.campaigns.library import library_of
from services.checkup import check_here
from services.checkup_machines import check_machines
from services.desk import Desk
from services.enterprises.index import NameIndex
from services.enterprises.search import find
from services.evidence.examining import make_examiner
from services.evidence.store import EvidenceStore
from services.hotline.signing import Credentials
from services.imports.uploads import imports_of
from services.photos.reader import can_read
from web import errors, floodgate, security, tracing
from web.api.docs import create_docs
from web.api.door import Counter
from web.api.hotline import create_hotline_api
from web.console.door import create_console, read_limits
from web.console.office import CheckUp, Office
from web.h5.articles import create_articles
from web.h5.checking import create_checking
from web.h5.complaints import create_complaints
from web.h5.complaints_counter import ComplaintCounter
from web.h5.pages import Counter as PageCounter
from web.h5.pages import create_pages
from web.h5.taking_part import create_taking_part
from web.health import create_health
from web.metrics import create_metrics
from web.wechat import ShortWay


def read_clock() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def open_database(settings: Settings) -> Database:
    """The database of the settings; SettingsError when its address is none."""
    vault = Vault(settings.secret_key, settings.previous_secret_key)
    try:
        tallies = Tallies(settings.redis_url) if settings.redis_url else None
        return Database(settings.database, vault, tallies=tallies)
    except (ArgumentError, ModuleNotFoundError, ValueError):  # malformed, a kind without driver, a port of letters
        raise SettingsError("DATABASE_URL 有误，例：postgresql://用户:密码@127.0.0.1/chengxin；留空为 SQLite") from None


def open_desk(settings: Settings) -> Desk:
    """What all doors share."""
    index, offers_notice = NameIndex(settings.data_dir / "index"), bool(settings.wechat_notice_template)
    return Desk(load_bureau(), index, settings.public_url, can_read(), offers_notice)


def open_evidence(settings: Settings) -> EvidenceStore:
    """Where files of evidence lie sealed."""
    return EvidenceStore(settings.data_dir / "evidence")


def open_imports(settings: Settings) -> EvidenceStore:
    """Where files of imports and what goes back from them lie sealed."""
    return imports_of(settings.data_dir)


def hotline_credentials(settings: Settings) -> Credentials | None:
    """What both sides of the exchange sign with; None where it does not go by the interface."""
    if settings.hotline_channel is not HotlineChannel.API:
        return None
    return Credentials(settings.hotline_app_id, settings.hotline_secret)


def open_counter(settings: Settings, database: Database, clock: Callable[[], datetime]) -> Counter:
    """The door for other systems."""
    return Counter(database, load_case_rules(), clock, hotline_credentials(settings), open_evidence(settings))


def open_office(settings: Settings, database: Database, desk: Desk, clock: Callable[[], datetime]) -> Office:
    """The staff's door."""
    check_up = CheckUp(
        lambda: check_here(settings, database, desk.index, clock()) + check_machines(settings, database),
        lambda: check_wechat(Gateway(settings, database, clock), settings, clock),
    )
    limits, requires_code = read_limits(settings), settings.console_requires_code
    return Office(database, desk, clock, limits, open_evidence(settings), check_up, requires_code)


def password_of(url: str) -> str:
    """What stands in an address before its host."""
    return urlsplit(url).password or ""


def secrets_of(settings: Settings) -> list[str]:
    """What no log line may hold."""
    keys = [
        settings.secret_key,
        settings.previous_secret_key,
        settings.hotline_secret,
        settings.metrics_token,
        password_of(settings.redis_url),
    ]
    return [*filter(None, keys), settings.wechat_app_secret, settings.wechat_token, *settings.aes_keys]


def create_app(settings: Settings | None = None, clock: Callable[[], datetime] = read_clock) -> Flask:
    """The web process: webhook, citizens' pages, the staff's console, health, error pages."""
    settings = settings or load_settings()
    set_up_logging(secrets_of(settings))
    database, desk = open_database(settings), open_desk(settings)
    with database.read() as session:
        find(session, "预热", desk.index)  # opens the index and makes the tables, so that no citizen waits for them
    app = Flask(__name__, static_folder=None)
    tracing.trace(app)
    security.protect(app, settings.public_url)
    errors.register(app)
    floodgate.hold_back(app, database, clock)
    reception = Reception(settings, database, desk, ROUTERS, clock)
    app.register_blueprint(create_webhook(reception))
    app.register_blueprint(create_pages(database, desk, clock))
    app.register_blueprint(create_checking(PageCounter(database, desk, clock)))
    app.register_blueprint(create_articles(database, library_of(settings.data_dir), clock))
    store, login = open_evidence(settings), open_web_login(settings)
    complaints = ComplaintCounter(database, desk, clock, store, make_examiner(settings.evidence_scan), login)
    app.register_blueprint(create_complaints(complaints))
    app.register_blueprint(create_taking_part(complaints, open_js_sdk(settings, database, clock)))
    app.register_blueprint(create_console(open_office(settings, database, desk, clock)))
    app.register_blueprint(create_hotline_api(open_counter(settings, database, clock)))
    app.register_blueprint(create_docs(settings.public_url, desk.bureau.name))
    app.register_blueprint(create_health(database))
    app.register_blueprint(create_metrics(database, desk.index, settings.metrics_token, clock))
    app.wsgi_app = ShortWay(app.wsgi_app, reception, settings.public_url)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0)  # type: ignore[method-assign]
    return app


def create_server_app() -> Flask:
    """create_app for a process that serves until its end: what is there now is never looked through for garbage again.

    A look at these three hundred thousand objects holds up every citizen for a third of a second.
    """
    app = create_app()
    gc.collect()
    gc.freeze()
    return app
