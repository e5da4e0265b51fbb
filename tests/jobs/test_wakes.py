"""A message wakes a worker; where none can be woken, or none comes, the timetable does the step itself."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from jobs.engine import GOOD_FOR_SECONDS, QUEUE, make_engine
from jobs.schedule import Job, Place
from jobs.wakes import Bell, Hand
from models.tallies import AT_WORK, PREFIX, Tallies
from tests.redis_server import RedisServer, run_redis


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    with run_redis(tmp_path) as server:
        yield server


@pytest.fixture
def bell(redis: RedisServer) -> Bell:
    return Bell(make_engine(redis.url), Tallies(redis.url, lambda: 0.0))


@pytest.fixture
def hand(redis: RedisServer) -> Hand:
    done: list[str] = []
    made = Hand({"deliver": lambda: done.append("done")}, Tallies(redis.url))
    made.show()
    return made


def waiting(redis: RedisServer) -> int:
    return int(redis.client.llen(QUEUE))  # type: ignore[arg-type]


def test_what_waits_is_not_asked_for_again(bell: Bell, hand: Hand, redis: RedisServer) -> None:
    job = Job("deliver", 1, "sends", lambda: None, at_once=2)
    assert [bell.ring(job) for _ in range(6)] == [True] * 6
    assert waiting(redis) == 2, "a message for each lane"
    hand.do("deliver", "lane:deliver:0")
    assert bell.ring(job)
    assert waiting(redis) == 3
    left = redis.client.ttl(f"{PREFIX}lane:deliver:1")
    assert 0 < int(left) <= GOOD_FOR_SECONDS, "the lane of a worker that was killed is free again"  # type: ignore[arg-type]


def test_a_message_says_which_job_and_nothing_else(bell: Bell, hand: Hand, redis: RedisServer) -> None:
    bell.ring(Job("deliver", 1, "sends", lambda: None))
    [message] = redis.client.lrange(QUEUE, 0, -1)  # type: ignore[misc]
    assert b"chengxin.step" in message
    assert len(message) < 2000


@pytest.mark.parametrize("trouble", ["killed", "hanging", "nobody works"])
def test_without_a_worker_the_timetable_does_it(bell: Bell, hand: Hand, redis: RedisServer, trouble: str) -> None:
    done: list[str] = []
    jobs = [
        Job("deliver", 1, "sends", lambda: done.append("deliver")),
        Job("replay", 1, "own files", lambda: done.append("replay"), Place.HERE),
    ]
    deliver, replay = bell.share_out(jobs)
    deliver.step()
    replay.step()
    assert done == ["replay"], "a worker was woken; own files are not for others"
    if trouble == "killed":
        redis.kill()
        deliver.step()
    elif trouble == "hanging":
        with redis.hanging():
            deliver.step()
    else:
        redis.client.delete(PREFIX + AT_WORK)
        deliver.step()
    assert done == ["replay", "deliver"]


class DeafEngine(Celery):
    """A broker that cannot be reached, though Redis counts."""

    def send_task(self, *_: object, **__: object) -> None:
        raise OperationalError("no broker")


def test_what_was_not_sent_leaves_its_lane_free(bell: Bell, hand: Hand, redis: RedisServer) -> None:
    done: list[str] = []
    job = Job("deliver", 1, "sends", lambda: done.append("done"))
    [shared] = Bell(DeafEngine(), bell.tallies).share_out([job])
    shared.step()
    assert done == ["done"]
    assert bell.ring(job), "the next one is sent at once"
    assert waiting(redis) == 1


def test_a_step_that_fails_frees_its_lane(redis: RedisServer, bell: Bell) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    hand, job = Hand({"bad": fail}, Tallies(redis.url)), Job("bad", 1, "fails", fail)
    bell.ring(job)
    with pytest.raises(ZeroDivisionError):
        hand.do("bad", "lane:bad:0")
    bell.ring(job)
    assert waiting(redis) == 2


def test_a_job_of_another_version_is_left_alone(hand: Hand, caplog: pytest.LogCaptureFixture) -> None:
    hand.do("unheard-of", "lane:unheard-of:0")
    assert "no job unheard-of in this version" in caplog.text


def test_a_step_is_done_though_redis_dies_meanwhile(redis: RedisServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    done: list[str] = []

    def work() -> None:
        redis.kill()
        done.append("done")

    Hand({"deliver": work}, Tallies(redis.url)).do("deliver", "lane:deliver:0")
    assert done == ["done"]
    assert "the lane frees itself" in caplog.text
