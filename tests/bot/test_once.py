"""Handled once, answered in time or later, never lost: threads, processes, slow handlers, full disks."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import delete, event, func, select
from sqlalchemy.exc import OperationalError

from bot.reception import Reception
from bot.replies import Text
from bot.router import Router, Turn
from bot.spool import Delivery, Spool
from config.settings import Settings
from jobs.spool import replay_spool
from models.database import Database, DatabaseBusyError
from models.follower import ConversationState, Follower
from models.notice import Notice, NoticeStatus
from models.received import Received
from models.vault import Vault
from services import notices
from tests.bot.conftest import MakeReception
from tests.citizen import Citizen, Shown, open_door, real_now

ROOT = Path(__file__).parents[2]


class Counter:
    """A handler that counts its runs, sleeps, fails, and writes a conversation."""

    def __init__(self, seconds: float = 0.0, fault: Exception | None = None) -> None:
        self.runs, self.seconds, self.fault = 0, seconds, fault
        self.router = Router("counter")
        self.router.on_text()(self.answer)

    def answer(self, turn: Turn) -> Text:
        self.runs += 1
        turn.conversation.enter("test", f"run {self.runs}", turn.now)
        time.sleep(self.seconds)
        if self.fault:
            turn.session.add(ConversationState(follower_id=turn.follower.id, state={}, updated_at=turn.now))
            turn.session.flush()
            raise self.fault
        return Text(f"第{self.runs}次")


def count(database: Database, table: type) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def all_notices(database: Database) -> list[tuple[NoticeStatus, str]]:
    with database.read() as session:
        rows = session.scalars(select(Notice)).all()
        return [(row.status, notices.payload_of(session, row)["text"]["content"]) for row in rows]


def files(settings: Settings) -> list[Path]:
    with suppress(FileNotFoundError):  # a folder goes with its last file
        return list((settings.data_dir / "spool").rglob("*.msg"))
    return []


def wait_until(condition: "object", seconds: float = 5.0) -> None:
    limit = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < limit, "it did not happen"
        time.sleep(0.01)


def test_a_retry_gets_the_stored_reply(database: Database, make_reception: MakeReception, settings: Settings) -> None:
    counter = Counter()
    citizen = Citizen(open_door(make_reception(database, [counter.router])), settings)
    sent = citizen.wrap(citizen.write("text", {"Content": "x"}))
    assert [citizen.reads(citizen.delivers(*sent)) for _ in range(3)] == ["第1次"] * 3
    again = citizen.wrap(citizen.write("text", {"Content": "x", "MsgId": "77"}))
    rewrapped = citizen.wrap(citizen.write("text", {"Content": "x", "MsgId": "77"}))
    assert citizen.reads(citizen.delivers(*again)) == citizen.reads(citizen.delivers(*rewrapped)) == "第2次"
    assert counter.runs == 2


def test_events_of_one_second_are_told_apart(
    sqlite: Database, make_reception: MakeReception, settings: Settings
) -> None:
    router, seen = Router("seen"), []

    @router.on_click("a", "b")
    def note(turn: Turn) -> Text:
        seen.append(turn.message.event_key)
        return Text(turn.message.event_key)

    citizen = Citizen(open_door(make_reception(sqlite, [router])), settings)
    now = int(time.time())
    posts = [citizen.write("event", {"Event": "CLICK", "EventKey": key}, "", now) for key in "aabb"]
    assert [citizen.reads(citizen.posts(post)) for post in posts] == ["a", "a", "b", "b"]
    assert seen == ["a", "b"]


def test_parallel_duplicates_in_threads(database: Database, make_reception: MakeReception, settings: Settings) -> None:
    counter = Counter(seconds=0.2)
    reception = make_reception(database, [counter.router])
    citizen = Citizen("", settings)
    query, body = citizen.wrap(citizen.write("text", {"Content": "x"}))
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: reception.receive(query, body), range(6)))
    assert {citizen.reads(Shown(*answer)) for answer in answers} == {"第1次"}
    assert counter.runs == count(database, Received) == 1


def test_parallel_messages_of_a_new_citizen(
    database: Database, make_reception: MakeReception, settings: Settings
) -> None:
    counter = Counter(seconds=0.02)
    reception = make_reception(database, [counter.router])
    citizen = Citizen("", settings)
    sent = [citizen.wrap(citizen.write("text", {"Content": str(n)})) for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: reception.receive(*one), sent))
    assert all(status == 200 for status, _ in answers)
    assert counter.runs == count(database, Received) == 8
    assert count(database, Follower) == 1


SERVER = """
import sys, time
from pathlib import Path
from wsgiref.simple_server import WSGIServer, make_server
from socketserver import ThreadingMixIn
from flask import Flask
from bot.reception import Reception
from bot.replies import Text
from bot.router import Router
from bot.webhook import create_webhook
from models.database import Database
from models.vault import Vault
import tests.citizen as c
url, folder, key, seconds = sys.argv[1:]
settings = c.make_settings(data_dir=Path(folder))
router = Router("slow")
@router.on_text()
def answer(turn):
    with (Path(folder) / "runs").open("a") as file:
        file.write(turn.text + "\\n")
    time.sleep(float(seconds))
    return Text("答：" + turn.text)
reception = Reception(settings, Database(url, Vault(key)), c.make_desk(settings), [router], c.real_now)
app = Flask("server")
app.register_blueprint(create_webhook(reception))
class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
server = make_server("127.0.0.1", 0, app, Server)
print(server.server_port, flush=True)
server.serve_forever()
"""


@contextmanager
def run_servers(database: Database, settings: Settings, seconds: float) -> Iterator[list[subprocess.Popen[str]]]:
    """Two processes on one folder, whose handler takes so long."""
    settings.data_dir.mkdir(parents=True)
    url = database.engine.url.render_as_string(hide_password=False)
    key = "a test key of more than thirty-two characters"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SERVER, url, str(settings.data_dir), key, str(seconds)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for _ in range(2)
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.fixture
def servers(database: Database, settings: Settings) -> Iterator[list[subprocess.Popen[str]]]:
    with run_servers(database, settings, 0.5) as processes:
        yield processes


@pytest.fixture
def two_processes(servers: list[subprocess.Popen[str]]) -> list[str]:
    return addresses_of(servers)


def addresses_of(servers: list[subprocess.Popen[str]]) -> list[str]:
    return [f"http://127.0.0.1:{server.stdout.readline().strip()}" for server in servers if server.stdout]


def test_killed_while_handling_the_retry_is_handled_elsewhere(
    database: Database,
    servers: list[subprocess.Popen[str]],
    two_processes: list[str],
    settings: Settings,
) -> None:
    first, second = (Citizen(address, settings) for address in two_processes)
    sent = first.wrap(first.write("text", {"Content": "x"}))
    with ThreadPoolExecutor(1) as pool:
        dying = pool.submit(first.delivers, *sent)
        wait_until((settings.data_dir / "runs").exists)
        servers[0].kill()
        assert isinstance(dying.exception(10), requests.ConnectionError)
    assert count(database, Received) == 0, "the half done work was taken back"
    assert [second.reads(second.delivers(*sent)) for _ in range(2)] == ["答：x"] * 2
    assert count(database, Received) == 1


def test_parallel_duplicates_in_two_processes(database: Database, two_processes: list[str], settings: Settings) -> None:
    citizens = [Citizen(address, settings) for address in two_processes]
    for number in range(2):
        sent = citizens[0].wrap(citizens[0].write("text", {"Content": f"m{number}"}))
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda n, sent=sent: citizens[n % 2].delivers(*sent), range(4)))
        assert {citizens[0].reads(answer) for answer in answers} == {f"答：m{number}"}
    assert (settings.data_dir / "runs").read_text().split() == ["m0", "m1"]
    assert count(database, Received) == 2


def test_a_slow_handler_answers_by_the_outbox(
    database: Database, make_reception: MakeReception, settings: Settings
) -> None:
    counter = Counter(seconds=0.7)
    reception = make_reception(database, [counter.router], deadline_seconds=0.2, grace_seconds=0.1)
    citizen = Citizen(open_door(reception), settings)
    sent = citizen.wrap(citizen.write("text", {"Content": "慢"}))
    began = time.monotonic()
    assert citizen.reads(citizen.delivers(*sent)) == ""
    assert time.monotonic() - began < 0.6
    assert len(files(settings)) == 1, "if we die now, it is handled from here"
    assert "慢".encode() not in files(settings)[0].read_bytes()
    assert files(settings)[0].stat().st_mode & 0o777 == 0o600
    assert citizen.reads(citizen.delivers(*sent)) == "", "a retry meanwhile is told the same"
    wait_until(lambda: all_notices(database) == [(NoticeStatus.NEW, "第1次")])
    wait_until(lambda: files(settings) == [])
    assert citizen.reads(citizen.delivers(*sent)) == "", "the notice says it, not the retry"
    assert counter.runs == 1
    assert all_notices(database) == [(NoticeStatus.NEW, "第1次")]


def test_killed_while_late_the_spool_takes_over(
    database: Database, make_reception: MakeReception, settings: Settings
) -> None:
    counter = Counter(seconds=0.4)
    reception = make_reception(database, [counter.router], deadline_seconds=0.1)
    citizen = Citizen(open_door(reception), settings)
    assert citizen.says("慢") == ""
    kept = files(settings)[0]
    content = kept.read_bytes()
    wait_until(lambda: len(all_notices(database)) == 1)
    wait_until(lambda: files(settings) == [])
    put_back(kept, content)  # died after the commit, before the file was removed
    replay_all(reception)
    assert (counter.runs, len(all_notices(database)), files(settings)) == (1, 1, [])
    with database.write() as session:  # died before the commit
        session.execute(delete(Notice))
        session.execute(delete(Received))
    put_back(kept, content)
    replay_all(reception)
    assert counter.runs == 2
    assert all_notices(database) == [(NoticeStatus.NEW, "第2次")]
    assert files(settings) == []


def put_back(kept: Path, content: bytes) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(content)


def replay_all(reception: Reception) -> int:
    return replay_spool(reception.spool, reception.replay, older_than_seconds=-1)


def test_a_failing_handler_gives_help_once(
    database: Database, make_reception: MakeReception, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    counter = Counter(fault=ZeroDivisionError("张三"))
    citizen = Citizen(open_door(make_reception(database, [counter.router])), settings)
    sent = citizen.wrap(citizen.write("text", {"Content": "x"}))
    first = citizen.reads(citizen.delivers(*sent))
    assert "直接发企业名称" in first
    assert citizen.reads(citizen.delivers(*sent)) == first
    assert counter.runs == 1
    assert "Traceback" in caplog.text
    assert count(database, ConversationState) == 0, "what it did was taken back"
    counter.fault = None
    assert citizen.says("y") == "第2次"


def test_a_late_failure_still_answers(sqlite: Database, make_reception: MakeReception, settings: Settings) -> None:
    counter = Counter(seconds=0.3, fault=ZeroDivisionError())
    reception = make_reception(sqlite, [counter.router], deadline_seconds=0.1)
    assert Citizen(open_door(reception), settings).says("x") == ""
    wait_until(lambda: len(all_notices(sqlite)) == 1)
    assert "直接发企业名称" in all_notices(sqlite)[0][1]
    wait_until(lambda: files(settings) == [])


class BrokenDatabase(Database):
    """Out of order while `trouble` is set."""

    trouble: Exception | None = None

    def write(self, timeout: float = 10.0) -> "object":  # type: ignore[override]
        if self.trouble:
            raise self.trouble
        return super().write(timeout)


@pytest.fixture
def broken(sqlite: Database) -> BrokenDatabase:
    return BrokenDatabase(sqlite.engine.url.render_as_string(), sqlite.vault)


@pytest.mark.parametrize(
    "trouble", [DatabaseBusyError(), OperationalError("x", {}, Exception()), RuntimeError("a fault of ours")]
)
def test_while_the_database_is_away_messages_are_kept(
    broken: BrokenDatabase, make_reception: MakeReception, settings: Settings, trouble: Exception
) -> None:
    counter = Counter()
    reception = make_reception(broken, [counter.router])
    citizen = Citizen(open_door(reception), settings)
    broken.trouble = trouble
    assert citizen.says("一") == ""
    assert citizen.says("二") == ""
    assert len(files(settings)) == 2
    assert replay_all(reception) == 0
    assert len(files(settings)) == 2
    broken.trouble = None
    assert replay_all(reception) == 2
    assert [text for _, text in all_notices(broken)] == ["第1次", "第2次"]
    assert files(settings) == []


def test_an_outcome_lost_at_commit_is_told_by_notice(
    broken: BrokenDatabase, make_reception: MakeReception, settings: Settings
) -> None:
    """The connection broke during COMMIT: it may have happened, and we had said `success`."""
    counter = Counter()
    reception = make_reception(broken, [counter.router])
    citizen = Citizen(open_door(reception), settings)
    sent = citizen.wrap(citizen.write("text", {"Content": "x"}))
    broken.trouble = OperationalError("x", {}, Exception())
    assert citizen.reads(citizen.delivers(*sent)) == ""
    kept, content = files(settings)[0], files(settings)[0].read_bytes()
    broken.trouble = None
    assert citizen.reads(citizen.delivers(*sent)) == "第1次"  # stands for the commit that did happen
    put_back(kept, content)
    assert replay_all(reception) == 1
    assert all_notices(broken) == [(NoticeStatus.NEW, "第1次")]
    assert counter.runs == 1


def test_when_even_the_disk_is_full_wechat_shall_come_again(
    broken: BrokenDatabase, make_reception: MakeReception, settings: Settings
) -> None:
    counter = Counter()
    settings.data_dir.mkdir()
    (settings.data_dir / "spool").write_text("a file in the way")
    citizen = Citizen(open_door(make_reception(broken, [counter.router])), settings)
    sent = citizen.wrap(citizen.write("text", {"Content": "x"}))
    broken.trouble = DatabaseBusyError()
    assert citizen.delivers(*sent) == Shown(503, b"")
    broken.trouble = None
    assert citizen.reads(citizen.delivers(*sent)) == "第1次"


def test_slow_and_no_disk_asks_for_a_retry(sqlite: Database, make_reception: MakeReception, settings: Settings) -> None:
    counter = Counter(seconds=0.5)
    settings.data_dir.mkdir()
    (settings.data_dir / "spool").write_text("a file in the way")
    reception = make_reception(sqlite, [counter.router], deadline_seconds=0.1, grace_seconds=0.1)
    citizen = Citizen(open_door(reception), settings)
    sent = citizen.wrap(citizen.write("text", {"Content": "x"}))
    assert citizen.delivers(*sent).status == 503
    time.sleep(0.5)
    assert citizen.reads(citizen.delivers(*sent)) == "第1次"
    assert counter.runs == 1
    assert all_notices(sqlite) == []


def test_without_a_free_worker_messages_are_kept(
    sqlite: Database, make_reception: MakeReception, settings: Settings
) -> None:
    counter = Counter(seconds=0.6)
    reception = make_reception(sqlite, [counter.router], deadline_seconds=0.1, workers=1)
    citizen = Citizen(open_door(reception), settings)
    assert citizen.says("占住") == citizen.says("等") == ""
    wait_until(lambda: counter.runs == 1 and len(files(settings)) == 1)
    assert replay_all(reception) == 1
    assert sorted(text for _, text in all_notices(sqlite)) == ["第1次", "第2次"]


def test_late_by_a_hair_the_commit_is_waited_for(
    broken: BrokenDatabase, make_reception: MakeReception, settings: Settings
) -> None:
    """The worker is committing when the deadline comes: one answer, by this request."""
    counter = Counter(seconds=0.15)
    reception = make_reception(broken, [counter.router], deadline_seconds=0.2, grace_seconds=2.0)
    original = reception.spool.keep

    def keep_slowly(*arguments: object) -> None:
        original(*arguments)  # type: ignore[arg-type]
        time.sleep(0.3)

    reception.spool.keep = keep_slowly  # type: ignore[method-assign,assignment]
    release = threading.Event()
    session_commits(broken, release)
    threading.Timer(0.8, release.set).start()
    citizen = Citizen(open_door(reception), settings)
    assert citizen.says("x") == "第1次"
    assert all_notices(broken) == []
    assert files(settings) == []


def session_commits(database: Database, release: threading.Event) -> None:
    """Let commits wait for `release`."""
    event.listen(database.engine, "commit", lambda connection: release.wait(5))


def test_replay_does_not_ask_for_freshness_but_for_the_signature(
    sqlite: Database, make_reception: MakeReception, settings: Settings
) -> None:
    counter = Counter()
    reception = make_reception(sqlite, [counter.router])
    citizen = Citizen("", settings)
    old = int(time.time()) - 86_400
    query, body = citizen.wrap(citizen.write("text", {"Content": "昨天"}), old)
    yesterday = real_now() - timedelta(days=1)
    reception.replay(Delivery(query, body, yesterday))
    assert counter.runs == 1
    assert reception.receive(query, body)[0] == 403
    with pytest.raises(ValueError, match="bad signature"):
        reception.replay(Delivery(query | {"nonce": "0"}, body, yesterday))


def test_a_spool_of_another_key_stays_shut(settings: Settings, tmp_path: Path) -> None:
    Spool(tmp_path, Vault("one key")).keep(b"k" * 32, Delivery({}, b"x", real_now()))
    assert list(Spool(tmp_path, Vault("another key")).waiting(-1)) == []
    assert len(list((tmp_path / "unreadable").iterdir())) == 1
