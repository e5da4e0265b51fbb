"""A sender against the fake WeChat, with a clock that moves when told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from bot.gateway import Gateway
from config.settings import Settings
from jobs.notices import Sender
from models.database import Database
from models.follower import Trigger
from models.notice import Channel, Notice
from services import followers, notices
from tests.citizen import make_settings
from tests.fake_wechat import FakeWechat, run_fake_wechat
from tests.send_room import SendRoom, make_routes, open_room


class Clock:
    """Moves when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 10, 0, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fake() -> Iterator[FakeWechat]:
    with run_fake_wechat() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, fake: FakeWechat) -> Settings:
    return make_settings(data_dir=tmp_path, wechat_api_url=fake.url)


class Outbox:
    """A database with one follower, and what a test wants to do with notices."""

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self.database, self.settings, self.clock = database, settings, clock
        self.sender = self.make_sender()
        with database.write() as session:
            self.follower_id = followers.meet(session, "o_citizen", clock()).id

    def make_sender(self) -> Sender:
        return Sender(self.database, Gateway(self.settings, self.database, self.clock, lambda _: None), self.clock)

    def contact(self, trigger: Trigger = Trigger.MESSAGE) -> None:
        with self.database.write() as session:
            followers.meet(session, "o_citizen", self.clock())
            followers.open_window(session, self.follower_id, trigger, self.clock())
            notices.wake(session, self.follower_id, self.clock())

    def add(self, key: str, text: str = "您好", channel: Channel = Channel.CUSTOMER_SERVICE, **more: Any) -> bool:
        payload = {"msgtype": "text", "text": {"content": text}}
        if channel is Channel.TEMPLATE:
            payload = {"template_id": "T1", "data": {}}
        with self.database.write() as session:
            return notices.add_notice(session, self.follower_id, channel, payload, key=key, now=self.clock(), **more)

    def get(self, key: str) -> Notice:
        with self.database.read() as session:
            return session.query(Notice).filter_by(idempotency_key=key).one()

    def claim(self, owner: str) -> Notice | None:
        with self.database.write() as session:
            return notices.claim(session, owner, self.clock())


@pytest.fixture
def outbox(database: Database, settings: Settings, clock: Clock) -> Outbox:
    return Outbox(database, settings, clock)


@pytest.fixture(scope="session")
def routes() -> Flask:
    return make_routes()


@pytest.fixture
def desk(sqlite: Database, routes: Flask, tmp_path: Path) -> Iterator[SendRoom]:
    """For what does not depend on the back-end."""
    with open_room(sqlite, routes, tmp_path) as made:
        yield made


@pytest.fixture
def room(database: Database, routes: Flask, tmp_path: Path) -> Iterator[SendRoom]:
    with open_room(database, routes, tmp_path) as made:
        yield made
