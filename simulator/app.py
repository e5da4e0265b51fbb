"""Wires the simulator into one Flask application."""

import time
from collections.abc import Callable

import requests
from flask import Flask

from simulator import page
from simulator.config import Config
from simulator.control import people, records, settings
from simulator.platform import credentials, customer_service, mass, menu
from simulator.world import World

SUBJECTS = (credentials, menu, customer_service, mass)


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
    app.config["MAX_CONTENT_LENGTH"] = 12 * 1024 * 1024
    app.extensions["simulator"] = World(config, clock, http or _own_session())
    for subject in SUBJECTS:
        app.register_blueprint(subject.endpoints.blueprint)
    for blueprint in (page.blueprint, people.blueprint, records.blueprint, settings.blueprint):
        app.register_blueprint(blueprint)
    app.after_request(page.secure)
    return app
