"""The check-up of several machines says who holds the timetable, whether workers live, and what to do."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from config.settings import Settings
from models.database import Database
from models.tallies import AT_WORK, Tallies
from services import timetable_lease
from services.checkup import State
from services.checkup_machines import check_machines
from tests.citizen import make_settings
from tests.conftest import VAULT
from tests.redis_server import RedisServer, run_redis


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    with run_redis(tmp_path) as server:
        yield server


@pytest.fixture
def settings(redis: RedisServer) -> Settings:
    return make_settings(redis_url=redis.url, jobs_engine="celery")


def look(settings: Settings, database: Database) -> dict[str, tuple[State, str]]:
    return {one.subject: (one.state, one.text + one.advice) for one in check_machines(settings, database)}


def test_one_machine_has_nothing_to_say(sqlite: Database) -> None:
    assert check_machines(make_settings(), sqlite) == []


def test_each_fault_says_what_to_do(sqlite: Database, redis: RedisServer, settings: Settings, now: datetime) -> None:
    database = Database(str(sqlite.engine.url), VAULT, tallies=Tallies(redis.url))
    found = look(settings, database)
    assert found["Redis"][0] is State.FINE
    assert found["工人"] == (
        State.NOTE,
        "没有工人在做后台任务时间表正自己做，会慢一些：systemctl status chengxin-worker",
    )
    assert found["时间表"][0] is State.FAULT
    with database.write() as session:
        timetable_lease.take(session, timetable_lease.look(session), "machine-b:4711:ab12", now)
    assert database.tallies
    database.tallies.mark(AT_WORK, 10)
    found = look(settings, database)
    assert {state for state, _ in found.values()} == {State.FINE}
    assert found["时间表"][1] == "machine-b 当班（进程 4711，编号 1）"
    redis.kill()
    found = look(settings, database)
    assert set(found) == {"Redis"}
    assert found["Redis"][0] is State.NOTE
    assert "请尽快启动 Redis" in found["Redis"][1]


def test_redis_for_limits_only_asks_for_no_workers(sqlite: Database, redis: RedisServer) -> None:
    database = Database(str(sqlite.engine.url), VAULT, tallies=Tallies(redis.url))
    assert set(look(make_settings(redis_url=redis.url), database)) == {"Redis"}
