"""Whoever knocks too often is told to wait, at all machines together; without Redis nobody is kept out."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.database import Database
from models.tallies import Tallies
from tests.conftest import VAULT
from tests.redis_server import RedisServer, run_redis
from web import errors
from web.floodgate import GATES, find_gate, hold_back


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    with run_redis(tmp_path) as server:
        yield server


class Clock:
    """Moves when told."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def open_machine(sqlite: Database, url: str, clock: Clock) -> FlaskClient:
    app = Flask("machine")
    errors.register(app)
    hold_back(app, Database(str(sqlite.engine.url), VAULT, tallies=Tallies(url) if url else None), clock)
    app.add_url_rule("/console/login", "login", lambda: "form", methods=["GET", "POST"])
    return app.test_client()


def test_two_machines_count_together(sqlite: Database, redis: RedisServer, now: datetime) -> None:
    clock = Clock(now)
    first, second = (open_machine(sqlite, redis.url, clock) for _ in range(2))
    most = GATES[0].most
    statuses = [(first, second)[number % 2].post("/console/login").status_code for number in range(most + 2)]
    assert statuses == [200] * most + [429, 429]
    held = second.post("/console/login")
    assert held.headers["Retry-After"] == "60"
    assert second.get("/console/login").status_code == 200, "the form itself may be looked at"
    elsewhere = second.post("/console/login", environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert elsewhere.status_code == 200
    clock.now += timedelta(minutes=1)
    assert first.post("/console/login").status_code == 200
    assert b"127.0.0.1" not in b"".join(redis.client.scan_iter())


@pytest.mark.parametrize("with_redis", [True, False])
def test_without_redis_the_gate_is_open(sqlite: Database, redis: RedisServer, now: datetime, with_redis: bool) -> None:
    door = open_machine(sqlite, redis.url if with_redis else "", Clock(now))
    redis.kill()
    assert {door.post("/console/login").status_code for _ in range(GATES[0].most + 5)} == {200}


def test_what_citizens_and_wechat_use_has_no_gate() -> None:
    assert find_gate("/wechat", "POST") is None
    assert find_gate("/h5/search", "GET") is None
    gate = find_gate("/api/hotline/orders", "POST")
    assert gate is not None
    assert gate.most == 1200
