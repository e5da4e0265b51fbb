"""Each fault at a whole installation under load: nothing that was acknowledged is lost, nothing is done twice."""

import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import requests
from sqlalchemy import create_engine, text

from benchmarks.servers import Server
from tests.faults.cluster import Cluster
from tests.faults.crowd import Crowd
from tests.faults.line import HOST, Line
from tests.faults.talkers import Talkers
from tests.faults.town import ROOT, Town, answers, variables, wait_until

pytestmark = pytest.mark.drill
Record = Callable[[str, object], None]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """SQLite, one web process, one jobs process."""
    town = Town(tmp_path_factory.mktemp("small"))
    yield town
    town.close()


class Great(Town):
    """A PostgreSQL cluster behind a line, two web and two jobs processes."""

    cluster: Cluster
    line: Line


@pytest.fixture(scope="module")
def great(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Great]:
    cluster = Cluster()
    line = Line([cluster.port])
    town = Great(tmp_path_factory.mktemp("great"), cluster.url(line.port), cluster.url(), webs=2, clerks=2)
    town.cluster, town.line = cluster, line
    yield town
    town.close()
    line.close()
    cluster.close()


def conclude(crowd: Crowd, record: Record) -> None:
    """The books, and the database's and the histories' own soundness."""
    record("counts", crowd.reckon())
    town = crowd.town
    if town.database.is_sqlite:
        with town.database.read() as session:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    verify = [sys.executable, "-m", "cli", "cases", "verify"]
    done = subprocess.run(verify, cwd=ROOT, env=variables(town.settings, 0), capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()
    assert "Traceback" not in done.stderr.decode()


def test_kill_9_of_the_web_process_again_and_again(small: Town, record_property: Record) -> None:
    with Crowd(small) as crowd:
        for _ in range(4):
            time.sleep(0.7)
            small.kill("web0")
            small.start("web0")
            small.wait_for("web0")
            crowd.live_through(1)
    conclude(crowd, record_property)


def test_sigterm_under_load_again_and_again(small: Town, record_property: Record) -> None:
    with Crowd(small) as crowd:
        for _ in range(3):
            small.end("web0")
            small.start("web0")
            small.wait_for("web0")
            crowd.live_through(1)
    conclude(crowd, record_property)


def test_a_database_locked_for_seconds(small: Town, record_property: Record) -> None:
    engine = create_engine(small.settings.database)
    with Crowd(small) as crowd:
        for seconds in (1, 3, 8):
            with engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                time.sleep(seconds)
                connection.exec_driver_sql("ROLLBACK")
            small.age_spool()
            crowd.live_through(1)
    engine.dispose()
    conclude(crowd, record_property)


def test_each_citizens_order_while_the_database_is_locked(small: Town, record_property: Record) -> None:
    engine = create_engine(small.settings.database)
    with Talkers(small, count=80, per_second=100) as talkers:
        for seconds in (1, 3, 8, 20):
            with engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                time.sleep(seconds)
                connection.exec_driver_sql("ROLLBACK")
            time.sleep(3)
    engine.dispose()
    record_property("counts", talkers.reckon())


def test_a_jobs_process_killed_while_it_answers_late(small: Town, record_property: Record) -> None:
    """What was being sent when it died may have arrived: it is marked as in doubt and not sent again."""
    engine = create_engine(small.settings.database)
    with Crowd(small) as crowd:
        for _ in range(4):
            with engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                time.sleep(3)
                connection.exec_driver_sql("ROLLBACK")
            small.age_spool()
            time.sleep(0.5)
            small.kill("jobs0")
            small.start("jobs0")
    engine.dispose()
    conclude(crowd, record_property)


def test_a_full_disk_for_every_file_of_the_web_process(small: Town, record_property: Record) -> None:
    """Neither database nor spool take a byte: WeChat is told nothing that is not true, and it recovers by itself."""
    server = Server(small.processes["web0"].pid, small.ports["web0"])
    with Crowd(small) as crowd:
        before = sum(len(one.messages) for one in crowd.citizens)
        limits = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in server.family()}
        for pid, (_, hard) in limits.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
        wait_until(lambda: sum(len(one.messages) for one in crowd.citizens) > before + 10)
        for pid, limit in limits.items():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)
        crowd.live_through(2)
    conclude(crowd, record_property)
    assert any(not message.is_acknowledged for one in crowd.citizens for message in one.messages)


def test_answers_cut_on_their_way(small: Town, record_property: Record) -> None:
    """What WeChat could not read to the end it delivers again, and gets the same answer."""
    with Crowd(small) as crowd:
        small.front.cut_every, before = 3, small.front.cut_count
        wait_until(lambda: small.front.cut_count > before + 40)
        small.front.cut_every = 0
        crowd.live_through(1)
    conclude(crowd, record_property)
    assert sum(one.tries for one in crowd.citizens) > sum(len(one.messages) for one in crowd.citizens)


def test_slow_clients_by_the_hundred(small: Town, record_property: Record) -> None:
    """Half sent headers and half sent bodies: citizens are answered meanwhile."""
    half = b"POST /wechat?signature=x HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n"
    with ExitStack() as stack:
        for number in range(200):
            slow = stack.enter_context(socket.create_connection((HOST, small.ports["web0"]), timeout=30))
            slow.sendall(half if number % 2 else half + b"\r\n<xml>")
        with Crowd(small) as crowd:
            crowd.live_through(5)
    conclude(crowd, record_property)
    messages = [message for one in crowd.citizens for message in one.messages]
    assert all(message.is_acknowledged for message in messages)


def test_postgresql_dies_and_comes_back(great: Great, record_property: Record) -> None:
    with Crowd(great) as crowd:
        for _ in range(2):
            great.cluster.crash()
            wait_until(lambda: not answers(f"http://{HOST}:{great.ports['web0']}/readyz"))
            time.sleep(2)
            great.cluster.start()
            for name in great.ports:
                great.wait_for(name)
            great.age_spool()
            crowd.live_through(1)
    conclude(crowd, record_property)


def test_a_minute_without_postgresql_under_load(great: Great, record_property: Record) -> None:
    """A hundred messages a second all the while: kept, and handled in each citizen's order when it is back."""
    with Talkers(great, count=400, per_second=100) as talkers:
        time.sleep(10)
        great.cluster.crash()
        time.sleep(60)
        great.cluster.start()
        for name in great.ports:
            great.wait_for(name)
        time.sleep(10)
    record_property("counts", talkers.reckon())


def test_the_line_to_postgresql_is_cut_and_slow(great: Great, record_property: Record) -> None:
    """Connections break between question and answer, a commit's answer among them."""
    with Crowd(great) as crowd:
        for _ in range(25):
            time.sleep(0.3)
            great.line.cut()
        great.line.delay_seconds = 0.02
        crowd.live_through(1)
        great.line.delay_seconds = 0
        great.age_spool()
    conclude(crowd, record_property)


def test_a_table_of_postgresql_locked_for_seconds(great: Great, record_property: Record) -> None:
    engine = create_engine(great.cluster.url())
    with Crowd(great) as crowd:
        for seconds in (1, 3, 8):
            with engine.begin() as connection:
                connection.execute(text("LOCK TABLE received, conversations IN ACCESS EXCLUSIVE MODE"))
                time.sleep(seconds)
            great.age_spool()
            crowd.live_through(1)
    engine.dispose()
    conclude(crowd, record_property)


def test_one_of_two_is_killed_again_and_again(great: Great, record_property: Record) -> None:
    """Two web and two jobs processes: the other goes on at once."""
    with Crowd(great) as crowd:
        for _ in range(2):
            for name in ("web0", "jobs0", "web1", "jobs1"):
                great.kill(name)
                crowd.live_through(1)
                great.start(name)
                if name in great.ports:
                    great.wait_for(name)
    conclude(crowd, record_property)


def test_every_message_three_times_at_once_on_two_servers(great: Great, record_property: Record) -> None:
    great.ask_wechat("/faults", {"side": "webhook", "kind": "duplicate", "times": None, "count": 3})
    with Crowd(great) as crowd:
        crowd.live_through(10)
    requests.delete(f"http://{HOST}:{great.simulator_port}/simulate/faults", timeout=30)
    conclude(crowd, record_property)
    assert sum(one.tries for one in crowd.citizens) >= 3 * sum(len(one.messages) for one in crowd.citizens)
