"""Limits that all machines share: in Redis, and in the database when Redis is killed or hangs, for real."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.answer import CheckAttempt
from models.campaign_delivery import SendingPace
from models.database import Database
from models.tallies import REST_SECONDS, Tallies, TalliesAwayError
from services.campaigns.pace import take_tokens
from services.credit.throttle import BOOK, count_of, count_one
from tests.conftest import VAULT
from tests.redis_server import RedisServer, run_redis

HOUR = timedelta(hours=1)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    with run_redis(tmp_path) as server:
        yield server


class Steady:
    """A stop-watch that moves when told."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def machines(sqlite: Database, redis: RedisServer) -> list[Database]:
    """Two machines with one database and one Redis."""
    url = str(sqlite.engine.url)
    return [Database(url, VAULT, tallies=Tallies(redis.url, Steady())) for _ in range(2)]


def add(machine: Database, now: datetime, times: int = 1) -> None:
    for _ in range(times):
        with machine.write() as session:
            count_one(session, "somebody", now, HOUR)


def read(machine: Database, now: datetime) -> int:
    with machine.read() as session:
        return count_of(session, "somebody", now, HOUR)


def rows(machine: Database) -> int:
    with machine.read() as session:
        return session.scalar(select(func.count()).select_from(CheckAttempt)) or 0


def test_what_one_machine_counts_the_other_knows(machines: list[Database], now: datetime) -> None:
    first, second = machines
    add(first, now, 3)
    add(second, now)
    assert read(first, now) == read(second, now) == 4
    assert rows(first) == 0
    assert read(first, now + HOUR) == 0
    add(second, now + HOUR)
    assert read(first, now + HOUR) == 1


def test_counts_at_one_moment_are_all_counted(machines: list[Database], redis: RedisServer, now: datetime) -> None:
    tallies = Tallies(redis.url)
    threads = [threading.Thread(target=lambda: [tallies.add("t", now, HOUR) for _ in range(100)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = tallies.read("t")
    assert found is not None
    assert found.count == 400


def test_no_key_says_who_was_counted(machines: list[Database], redis: RedisServer, now: datetime) -> None:
    add(machines[0], now)
    held = b"".join(redis.client.scan_iter())
    assert b"check_attempts" in held
    assert b"somebody" not in held


@pytest.mark.parametrize("how", ["killed", "hanging"])
def test_without_redis_the_database_counts(
    machines: list[Database], redis: RedisServer, now: datetime, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = machines
    add(first, now, 2)
    if how == "killed":
        redis.kill()
        add(first, now, 3)
    else:
        with redis.hanging():
            add(first, now, 3)
            assert read(second, now) == 3
    assert read(first, now) == read(second, now) == 3
    assert rows(first) == 1
    told = [record for record in caplog.records if "counting in the database" in record.getMessage()]
    assert len(told) == 2, "each machine says once that Redis is away"


def test_a_redis_that_hangs_is_waited_for_once_in_a_rest(redis: RedisServer, now: datetime) -> None:
    steady = Steady()
    tallies = Tallies(redis.url, steady)
    tallies.add("t", now, HOUR)
    with redis.hanging(), pytest.raises(TalliesAwayError):
        tallies.add("t", now, HOUR)
    steady.seconds += REST_SECONDS - 0.1
    with pytest.raises(TalliesAwayError):  # it would answer again, but nobody asks yet
        tallies.read("t")
    steady.seconds += 0.2
    found = tallies.read("t")
    assert found is not None
    assert found.count in {1, 2}, "what was said into the silence may have been heard"


def test_redis_that_is_back_counts_again(machines: list[Database], redis: RedisServer, now: datetime) -> None:
    first = machines[0]
    redis.kill()
    add(first, now, 2)
    redis.start()
    assert first.tallies
    assert isinstance(first.tallies.steady, Steady)
    first.tallies.steady.seconds += REST_SECONDS
    add(first, now)
    assert read(first, now) == 1, "Redis begins at nothing: twice the tries at most"
    assert redis.client.keys()


def test_one_pace_for_all_machines(machines: list[Database], redis: RedisServer, now: datetime) -> None:
    def take(machine: Database, at: datetime) -> int:
        with machine.write() as session:
            return take_tokens(session, "service", 20, at, per_second=10, most=20)

    first, second = machines
    assert [take(first, now), take(second, now)] == [20, 0]
    assert take(second, now + timedelta(seconds=1)) == 10
    assert take(first, now - HOUR) == 0, "a clock that is behind adds nothing"
    redis.kill()
    assert take(first, now + timedelta(seconds=1)) == 20, "one batch from the row's bucket"
    assert take(second, now + timedelta(seconds=1)) == 0
    with first.read() as session:
        assert session.scalar(select(func.count()).select_from(SendingPace)) == 1


def test_without_a_setting_nothing_asks_for_redis(sqlite: Database, now: datetime) -> None:
    with sqlite.write() as session:
        assert BOOK.read(session, "x", now, HOUR) is None
        BOOK.add(session, "x", now, HOUR)
    assert sqlite.tallies is None
    assert rows(sqlite) == 1
