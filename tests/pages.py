"""The citizens' pages on a test database, wired as wsgi.py wires them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask
from requests import Session

from bot.js_sdk import open_js_sdk
from bot.oauth import WebLogin
from config.bureau import load_bureau
from config.inspections import InspectionRules
from models.database import Database
from services.campaigns.library import library_of
from services.desk import Desk
from services.enterprises.index import NameIndex
from services.evidence.store import EvidenceStore
from tests.citizen import make_settings
from tests.evidence_room import examine_here
from web import errors, security
from web.h5.articles import create_articles
from web.h5.checking import create_checking
from web.h5.complaints import create_complaints
from web.h5.complaints_counter import ComplaintCounter
from web.h5.pages import Counter, create_pages
from web.h5.taking_part import create_taking_part
from web.health import create_health

NO_WECHAT = WebLogin(
    "wx0123456789abcdef", "an app secret", "http://127.0.0.1:9", "https://open.weixin.qq.com", Session()
)


def make_pages(
    database: Database,
    folder: Path,
    clock: Callable[[], datetime],
    public_url: str,
    login: WebLogin = NO_WECHAT,
    *,
    inspections: InspectionRules | None = None,
    notice_template: str = "",
) -> Flask:
    """An application with the citizens' pages only; name index and evidence are kept in `folder`."""
    desk = Desk(load_bureau(), NameIndex(folder / "index"), public_url)
    app = Flask("pages", static_folder=None)
    security.protect(app, public_url)
    errors.register(app)
    app.register_blueprint(create_pages(database, desk, clock, inspections))
    app.register_blueprint(create_articles(database, library_of(folder), clock))
    app.register_blueprint(create_checking(Counter(database, desk, clock)))
    store = EvidenceStore(folder / "evidence", reserve_bytes=0)
    complaints = ComplaintCounter(database, desk, clock, store, examine_here, login)
    app.register_blueprint(create_complaints(complaints))
    settings = make_settings(wechat_app_id=login.app_id, wechat_notice_template=notice_template)
    app.register_blueprint(create_taking_part(complaints, open_js_sdk(settings, database, clock)))
    app.register_blueprint(create_health(database))
    return app
