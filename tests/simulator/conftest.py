"""Fixtures: a frozen clock, a toy webhook, the simulator in a test client or on a real port."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from flask import Flask

from simulator.app import create_simulator
from simulator.config import Mode
from simulator.world import World
from tests.serving import serve
from tests.simulator.practice import CONFIG, FrozenClock, Phone
from tests.simulator.toy import Webhook


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    server = Webhook()
    yield server
    server.close()


@pytest.fixture(scope="session")
def routes() -> Flask:
    """One application for all: its 100 routes take longer to build than most tests to run."""
    return create_simulator(CONFIG)


@pytest.fixture
def make_phone(routes: Flask, webhook: Webhook, clock: FrozenClock) -> Callable[..., Phone]:
    def make(**changes: Any) -> Phone:
        config = dataclasses.replace(CONFIG, webhook=webhook.url, **changes)
        webhook.config = config
        app = routes
        app.extensions["simulator"] = World(config, clock, requests.Session())
        return Phone(app.test_client(), app.extensions["simulator"])

    return make


@pytest.fixture
def phone(make_phone: Callable[..., Phone]) -> Phone:
    """王奶奶, who follows the account, in safe mode."""
    made = make_phone(mode=Mode.SAFE)
    made.follow()
    return made


@pytest.fixture
def live(webhook: Webhook) -> Iterator[tuple[Flask, str]]:
    """The simulator on a real port with a real clock."""
    config = dataclasses.replace(CONFIG, webhook=webhook.url, account_name="练习号")
    webhook.config = config
    app = create_simulator(config)
    with serve(app) as home:
        yield app, home
