"""The clock, retention and the replay of the spool."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from bot.gateway import Gateway
from bot.reception import Reception
from bot.spool import Delivery, Spool
from config.settings import Settings
from jobs.retention import forget
from jobs.schedule import Job, guard, make_timetable, print_timetable, run_jobs, start_clock, wake_all
from jobs.spool import replay_spool
from models.choice import LoggedChoice
from models.database import Database
from models.follower import ConversationState
from models.notice import Notice
from models.platform import ApiPause
from models.received import Received
from services import followers
from services.evidence.store import EvidenceStore
from tests.citizen import make_desk
from tests.conftest import VAULT
from tests.jobs.conftest import Clock, Outbox

ROOT = Path(__file__).parents[2]


NOTHING_OLD = {
    "received": 0,
    "conversations": 0,
    "notices": 0,
    "choices": 0,
    "answers": 0,
    "checks": 0,
    "question_counts": 0,
    "objections": 0,
    "deliveries": 0,
    "screenings": 0,
    "nonces": 0,
    "pauses": 0,
}


def count(database: Database, table: type) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_old_rows_are_forgotten_and_young_ones_kept(outbox: Outbox, clock: Clock) -> None:
    database = outbox.database
    outbox.contact()
    outbox.add("sent")
    outbox.sender.deliver()
    with database.write() as session:
        session.add(Received(key=b"1" * 32, kind="text", received_at=clock()))
        session.add(ApiPause(api="/x", until=clock(), errcode=45009))
        followers.save_state(session, outbox.follower_id, None, {"topic": "x"}, clock())
        session.add(LoggedChoice(query="鑫达", offered_count=2, was_found=True, chosen_on=clock().date()))
    clock.pass_time(days=3)
    outbox.add("unsent", not_before=clock() + timedelta(days=90))
    with database.write() as session:
        assert forget(session, clock()) == NOTHING_OLD | {"pauses": 1}
    clock.pass_time(days=28)
    with database.write() as session:
        assert forget(session, clock()) == NOTHING_OLD | {"received": 1, "conversations": 1, "notices": 1}
    clock.pass_time(days=700)
    with database.write() as session:
        assert forget(session, clock()) == NOTHING_OLD | {"choices": 1}
    assert count(database, Received) == count(database, ConversationState) == 0
    assert count(database, Notice) == 1


def test_the_timetable_reads_as_a_table(settings: Settings, sqlite: Database, clock: Clock) -> None:
    reception = Reception(settings, sqlite, make_desk(settings), [], clock)
    store = EvidenceStore(settings.data_dir / "evidence")
    jobs = make_timetable(sqlite, Gateway(settings, sqlite, clock), reception, clock, evidence=store)
    table = print_timetable(jobs)
    assert [line.split()[0] for line in table.splitlines()] == [
        "deliver",
        "sweep",
        "replay",
        "photos",
        "evidence",
        "cases",
        "campaigns",
        "orders",
        "fan-out",
        "tags",
        "reads",
        "templates",
        "watching",
        "calendar",
        "archive",
        "forget",
        "files",
        "links",
        "pictures",
        "articles",
        "deadlines",
        "sign-ups",
        "library",
        "screenings",
        "imports",
        "incoming",
        "sources",
        "receipts",
    ]
    for job in jobs:
        assert job.about in table
        job.step()


def test_a_clock_set_back_by_an_hour_does_not_stop_the_timetable() -> None:
    ran = threading.Event()
    clock = start_clock([Job("hourly", 3600, "waits for an hour", ran.set)])
    try:
        assert not ran.wait(0.05)
        wake_all(clock)
        assert ran.wait(5)
    finally:
        clock.shutdown()


def test_a_failing_step_does_not_stop_the_clock(caplog: pytest.LogCaptureFixture) -> None:
    ran = threading.Event()
    runs: list[int] = []

    def fail() -> None:
        runs.append(1)
        if len(runs) == 2:
            ran.set()
        raise ZeroDivisionError

    stop = threading.Event()
    thread = threading.Thread(target=run_jobs, args=([Job("bad", 1, "fails", fail)], stop))
    thread.start()
    assert ran.wait(5)
    stop.set()
    thread.join(5)
    assert not thread.is_alive()
    assert "job bad failed: ZeroDivisionError" in caplog.text
    guard(Job("bad", 1, "fails", fail))()


PROGRAM = """
import sys, time
from jobs.schedule import Job, run_jobs
def work():
    print("began", flush=True); time.sleep(1); print("ended", flush=True)
run_jobs([Job("work", 1, "works", work)])
print("clean", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "began\n"
    process.send_signal(number)
    rest, _ = process.communicate(timeout=10)
    assert rest.split() == ["ended", "clean"]
    assert process.returncode == 0


def make_spool(folder: Path, count: int, clock: Clock) -> Spool:
    spool = Spool(folder, VAULT)
    for number in range(count):
        spool.keep(bytes([number]) * 32, Delivery({"nonce": str(number)}, b"body", clock()))
        os.utime(spool.path(bytes([number]) * 32), (1000 + number, 1000 + number))
    return spool


def test_the_spool_is_replayed_in_order(tmp_path: Path, clock: Clock) -> None:
    spool = make_spool(tmp_path, 5, clock)
    seen: list[str] = []

    def replay(delivery: Delivery) -> None:
        seen.append(delivery.query["nonce"])
        spool.remove(bytes([int(delivery.query["nonce"])]) * 32)

    assert replay_spool(spool, replay) == 5
    assert seen == [*"01234"]
    assert replay_spool(spool, replay) == 0


def test_young_files_belong_to_the_web_process(tmp_path: Path, clock: Clock) -> None:
    spool = make_spool(tmp_path, 1, clock)
    os.utime(spool.path(b"\x00" * 32), (time.time() - 50, time.time() - 50))
    assert replay_spool(spool, lambda _: None) == 0
    assert replay_spool(spool, lambda _: None, older_than_seconds=40) == 1


def test_while_the_database_is_away_the_files_stay(tmp_path: Path, clock: Clock) -> None:
    spool = make_spool(tmp_path, 6, clock)
    for number in range(6):
        os.utime(spool.path(bytes([number]) * 32), (time.time() - 100, time.time() - 100))
    tries: list[int] = []

    def fail(delivery: Delivery) -> None:
        tries.append(1)
        raise OperationalError("x", {}, Exception())

    assert replay_spool(spool, fail) == 0
    assert len(tries) == 3
    assert len(list(tmp_path.glob("*.msg"))) == 6


def keep_for(spool: Spool, openid: str, number: int, at: datetime) -> None:
    spool.keep(bytes([number]) * 32, Delivery({"who": openid, "nonce": str(number)}, b"body", at), openid)


def test_the_order_is_that_of_arrival_however_late_it_was_written(tmp_path: Path, clock: Clock) -> None:
    spool, seen = Spool(tmp_path, VAULT), list[str]()
    for number in (3, 1, 2, 0):
        keep_for(spool, "o_one", number, clock() + timedelta(milliseconds=number))
    assert replay_spool(spool, lambda delivery: seen.append(delivery.query["nonce"])) == 4
    assert seen == [*"0123"]


def test_where_one_fails_later_ones_of_the_same_citizen_wait(tmp_path: Path) -> None:
    spool, tried, now = Spool(tmp_path, VAULT), list[str](), datetime.now(UTC) - timedelta(minutes=5)
    for number, openid in enumerate(["o_one", "o_two", "o_one", "o_two", "o_one"]):
        keep_for(spool, openid, number, now + timedelta(milliseconds=number))

    def replay(delivery: Delivery) -> None:
        tried.append(delivery.query["nonce"])
        if delivery.query["who"] == "o_one":
            raise OperationalError("x", {}, Exception())

    assert replay_spool(spool, replay) == 2
    assert tried == [*"013"], "nothing of the first citizen after the one that failed"


@pytest.mark.parametrize(("hours", "fault"), [(2, OperationalError("x", {}, Exception())), (0, ZeroDivisionError())])
def test_nobody_waits_for_what_can_never_be(tmp_path: Path, hours: int, fault: Exception) -> None:
    """A database that is away for one message only for hours, or a fault of ours, is no reason to be silent."""
    spool, seen = Spool(tmp_path, VAULT), list[str]()
    arrived_at = datetime.now(UTC) - timedelta(hours=hours, minutes=5)
    for number in range(3):
        keep_for(spool, "o_one", number, arrived_at + timedelta(milliseconds=number))

    def replay(delivery: Delivery) -> None:
        if delivery.query["nonce"] == "0":
            raise fault
        seen.append(delivery.query["nonce"])

    assert replay_spool(spool, replay) == 2
    assert seen == [*"12"]


def test_what_nobody_can_read_is_put_aside(tmp_path: Path, clock: Clock) -> None:
    spool = make_spool(tmp_path, 2, clock)
    (tmp_path / "garbage.msg").write_bytes(b"\x01 not ours")
    os.utime(tmp_path / "garbage.msg", (500, 500))

    def refuse(delivery: Delivery) -> None:
        raise ValueError("bad msg_signature")

    assert replay_spool(spool, refuse) == 0
    assert list(tmp_path.glob("*.msg")) == []
    assert len(list((tmp_path / "unreadable").iterdir())) == 3
