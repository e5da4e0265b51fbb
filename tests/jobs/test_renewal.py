"""A worker begins anew when Redis was away or is another one, and at nothing else."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.renewal import Renewal
from models.tallies import REST_SECONDS, Tallies
from tests.redis_server import RedisServer, run_redis
from tests.waiting import wait_for


class Steady:
    """A stop-watch that moves when told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    with run_redis(tmp_path) as server:
        yield server


@pytest.fixture
def steady() -> Steady:
    return Steady()


@pytest.fixture
def renewal(redis: RedisServer, steady: Steady) -> Renewal:
    return Renewal(Tallies(redis.url, steady), lambda: None)


def test_while_it_answers_nothing_is_done(renewal: Renewal) -> None:
    assert [renewal.is_due() for _ in range(3)] == [False] * 3


def test_a_redis_that_was_killed_and_is_back(renewal: Renewal, redis: RedisServer, steady: Steady) -> None:
    assert not renewal.is_due()
    redis.kill()
    assert not renewal.is_due(), "while it is away there is nothing to begin with"
    redis.start()
    steady.seconds += REST_SECONDS
    assert renewal.is_due()
    assert not renewal.is_due()


def test_a_redis_that_hung(renewal: Renewal, redis: RedisServer, steady: Steady) -> None:
    assert not renewal.is_due()
    with redis.hanging():
        assert not renewal.is_due()
    steady.seconds += REST_SECONDS
    assert renewal.is_due()


def test_another_redis_between_two_looks(renewal: Renewal, redis: RedisServer) -> None:
    assert not renewal.is_due()
    redis.kill()
    redis.start()
    assert renewal.is_due()


def test_away_from_the_beginning(redis: RedisServer, steady: Steady) -> None:
    redis.kill()
    renewal = Renewal(Tallies(redis.url, steady), lambda: None)
    assert not renewal.is_due()
    redis.start()
    steady.seconds += REST_SECONDS
    assert not renewal.is_due(), "the worker has waited for it; there is no past to leave behind"


def test_the_watch_calls_once_and_ends(redis: RedisServer) -> None:
    begun: list[str] = []
    renewal = Renewal(Tallies(redis.url), lambda: begun.append("anew"))
    thread = threading.Thread(target=renewal.watch, args=(threading.Event(),))
    thread.start()
    wait_for(lambda: bool(renewal.known))
    redis.kill()
    redis.start()
    thread.join(60)
    assert not thread.is_alive()
    assert begun == ["anew"]
