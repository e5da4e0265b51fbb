"""A demonstration register behind an encrypted webhook, and a clock that a dialogue can turn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.reception import Reception
from config.settings import Settings
from handlers import ROUTERS
from models.database import Database
from models.migration import upgrade_database
from models.vault import Vault
from services.demo.load import load_demo
from services.desk import Desk
from tests.citizen import make_desk, make_settings

# Friday, 20 November 2026, 18:00 in Shanghai.
EVENING = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@dataclass
class Clock:
    """Stands still until it is turned."""

    moment: datetime = EVENING

    def __call__(self) -> datetime:
        return self.moment

    def turn(self, minutes: int) -> None:
        self.moment += timedelta(minutes=minutes)


@dataclass
class Bureau:
    """A bureau with its register: many citizens can talk to it, each with a clock of their own."""

    settings: Settings
    database: Database
    desk: Desk

    def reception(self, clock: Clock) -> Reception:
        return Reception(self.settings, self.database, self.desk, ROUTERS, clock)


@pytest.fixture(scope="session")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bureau]:
    folder = tmp_path_factory.mktemp("bureau")
    settings = make_settings(data_dir=folder, wechat_freshness_seconds=0)
    database = Database(settings.database, Vault(settings.secret_key))
    upgrade_database(database)
    load_demo(database, EVENING.date(), firms_count=300)
    yield Bureau(settings, database, make_desk(settings))
    database.close()
