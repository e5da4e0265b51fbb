"""Wires the simulator into one Flask application."""

import time
from collections.abc import Callable

import requests
from flask import Flask

from simulator import page
from simulator.config import Config
from simulator.control import people, records, settings
from simulator.platform import (
    articles,
    credentials,
    customer_service,
    followers,
    js_sdk,
    mass,
    media,
    menu,
    notices,
    oauth,
    operations,
    qrcodes,
    reads,
)
from simulator.world import World

SUBJECTS = (
    credentials,
    menu,
    customer_service,
    media,
    notices,
    articles,
    mass,
    followers,
    qrcodes,
    oauth,
    operations,
    reads,
)
PAGES = (page.blueprint, articles.pages, js_sdk.pages, qrcodes.pages, oauth.pages)
CONTROL = (people.blueprint, records.blueprint, settings.blueprint)


def _own_session() -> requests.Session:
    """Connections to the webhook: many at once, and never through a proxy of the environment."""
    session = requests.Session()
    session.trust_env = False
    adapter = requests.adapters.HTTPAdapter(pool_connections=4, pool_maxsize=64)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def create_simulator(
    config: Config, clock: Callable[[], float] = time.time, http: requests.Session | None = None
) -> Flask:
    """Build the simulator; tests pass their own clock."""
    config.check()
    app = Flask("simulator")
    app.config["MAX_CONTENT_LENGTH"] = 20 * 1024 * 1024  # a picture of 14 MB as base64, more than WeChat takes
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["simulator"] = World(config, clock, http or _own_session())
    for subject in SUBJECTS:
        app.register_blueprint(subject.endpoints.blueprint)
    for blueprint in PAGES + CONTROL:
        app.register_blueprint(blueprint)
    app.after_request(page.secure)
    return app
