"""Fixtures: a frozen clock, a toy webhook, the simulator in a test client or on a real port."""

import dataclasses
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from toy import Webhook
from werkzeug.serving import make_server

from simulator.app import create_simulator
from simulator.cli import QuietHandler
from simulator.config import Config, Mode
from simulator.world import World

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
CONFIG = Config(
    app_id="wx1234567890abcdef",
    app_secret="0123456789abcdef0123456789abcdef",
    token="practiceToken",
    aes_key=AES_KEY,
    wait_seconds=0.3,
    event_delay=0.0,
)


class FrozenClock:
    """A clock that moves only when told to."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class Phone:
    """The control API in a few words."""

    def __init__(self, client: FlaskClient, world: World) -> None:
        self.client = client
        self.world = world
        self.openid = next(iter(world.state.users))

    def post(self, path: str, /, **body: Any) -> dict[str, Any]:
        response = self.client.post(f"/simulate{path}", json=body)
        assert response.status_code < 300, response.get_data(as_text=True)
        return dict(response.get_json())

    def get(self, path: str) -> dict[str, Any]:
        response = self.client.get(f"/simulate{path}")
        assert response.status_code == 200, response.get_data(as_text=True)
        return dict(response.get_json())

    def send(self, kind: str, **spec: Any) -> dict[str, Any]:
        return self.post("/send", user=self.openid, type=kind, **spec)

    def follow(self) -> dict[str, Any]:
        return self.post(f"/users/{self.openid}/follow")

    def chat(self) -> list[dict[str, Any]]:
        return list(self.get(f"/users/{self.openid}/chat")["chat"])

    def token(self) -> str:
        answer = self.client.post(
            "/cgi-bin/stable_token",
            json={
                "grant_type": "client_credential",
                "appid": CONFIG.app_id,
                "secret": CONFIG.app_secret,
            },
        )
        return str(answer.get_json()["access_token"])

    def call(self, path: str, body: dict[str, Any] | None = None, **query: Any) -> dict[str, Any]:
        """Call the platform with a good token; GET without a body, POST with one."""
        query = {"access_token": self.token()} | query
        if body is None:
            response = self.client.get(path, query_string=query)
        else:
            response = self.client.post(path, query_string=query, json=body)
        assert response.status_code == 200
        return dict(response.get_json())

    def custom_text(self, content: str = "您好") -> int:
        body = {"touser": self.openid, "msgtype": "text", "text": {"content": content}}
        return int(self.call("/cgi-bin/message/custom/send", body)["errcode"])


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
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield app, f"http://127.0.0.1:{server.port}"
    server.shutdown()
