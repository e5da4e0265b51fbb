"""One active timetable: taken over when its holder stands still, fenced when that comes to again."""

import logging
import threading

import pytest

from jobs.holding import HOLDS_SECONDS, STILL_SECONDS, Holder
from jobs.schedule import Job, Place, guard
from models.database import Database
from services import timetable_lease
from tests.jobs.conftest import Clock


class Steady:
    """A stop-watch that all machines of a test share."""

    def __init__(self) -> None:
        self.seconds = 50.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def steady() -> Steady:
    return Steady()


@pytest.fixture
def two(database: Database, clock: Clock, steady: Steady) -> list[Holder]:
    return [Holder(database, clock, steady, name) for name in ("first", "second")]


def pass_seconds(steady: Steady, seconds: float, *alive: Holder) -> None:
    """Everybody who lives takes a step every half second."""
    for _ in range(int(seconds * 2)):
        steady.seconds += 0.5
        for holder in alive:
            holder.step()
        assert sum(holder.is_ours for holder in alive) <= 1


def test_one_holds_it_and_the_other_waits(two: list[Holder], steady: Steady) -> None:
    first, second = two
    first.step()
    second.step()
    pass_seconds(steady, 30, first, second)
    assert first.is_ours
    assert not second.is_ours


def test_it_is_taken_over_in_seconds_when_its_holder_dies(two: list[Holder], steady: Steady) -> None:
    first, second = two
    first.step()
    pass_seconds(steady, 5, first, second)
    began = steady.seconds
    while not second.is_ours:
        pass_seconds(steady, 0.5, second)
    assert steady.seconds - began <= STILL_SECONDS + 0.5
    assert second.fence == 2


def test_a_holder_that_was_frozen_begins_nothing_and_is_fenced(
    two: list[Holder], steady: Steady, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = two
    first.step()
    pass_seconds(steady, 1, first, second)
    pass_seconds(steady, HOLDS_SECONDS, second)
    assert not first.is_ours, "it stops before anybody takes over"
    assert not second.is_ours
    pass_seconds(steady, STILL_SECONDS, second)
    assert second.is_ours
    first.step()
    assert first.fence is None
    assert "fence 1 is over" in caplog.text
    pass_seconds(steady, 10, first, second)
    assert second.is_ours


def test_given_up_it_is_taken_at_once(two: list[Holder]) -> None:
    first, second = two
    first.step()
    second.step()
    first.give_up()
    second.step()
    assert second.is_ours
    assert not first.is_ours


def test_of_many_who_take_it_at_once_one_gets_it(database: Database, clock: Clock) -> None:
    for _round in range(5):
        holders = [Holder(database, clock) for _ in range(6)]
        barrier = threading.Barrier(len(holders))

        def rush(holder: Holder, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            holder.step()

        threads = [threading.Thread(target=rush, args=(holder,)) for holder in holders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        held = [holder for holder in holders if holder.fence is not None]
        assert len(held) == 1
        held[0].give_up()


def test_a_clock_that_is_set_changes_nothing(two: list[Holder], steady: Steady, clock: Clock) -> None:
    first, second = two
    first.step()
    for hours in (-5, 10, -20):
        clock.pass_time(hours=hours)
        pass_seconds(steady, 4, first, second)
        assert first.is_ours


def test_what_was_seen_before_a_beat_takes_nothing(database: Database, clock: Clock) -> None:
    with database.write() as session:
        fence = timetable_lease.take(session, timetable_lease.look(session), "first", clock())
        assert fence == 1
        seen = timetable_lease.look(session)
        assert timetable_lease.beat(session, fence)
        assert timetable_lease.take(session, seen, "second", clock()) is None


def test_only_the_holder_does_what_is_for_one_machine(two: list[Holder], caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    done: list[str] = []
    first, second = two
    first.step()
    second.step()
    for name, holder in (("first", first), ("second", second)):
        guard(Job("one", 1, "for all machines", lambda name=name: done.append(f"{name} one")), holder)()  # type: ignore[misc]
        guard(Job("own", 1, "of its own files", lambda name=name: done.append(f"{name} own"), Place.HERE), holder)()  # type: ignore[misc]
    assert done == ["first one", "first own", "second own"]
    assert "first holds it, fence 1 (before: nobody)" in caplog.text
