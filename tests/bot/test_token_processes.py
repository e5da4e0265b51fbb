"""One token for two processes of eight threads: however they ask at once, WeChat is asked once."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.gateway import Gateway
from models.database import Database
from tests.bot.token_caller import THREADS
from tests.citizen import make_settings, real_now
from tests.fake_wechat import Call, FakeWechat, run_fake_wechat

ROOT = Path(__file__).parents[2]
TOKEN = "/cgi-bin/stable_token"
SEND = "/cgi-bin/message/custom/send"
SendAll = Callable[[], list[int]]


@pytest.fixture
def fake() -> Iterator[FakeWechat]:
    """Takes its time to make a token, so that all who want one meet."""
    with run_fake_wechat() as server:

        def make(_: Call) -> dict[str, object]:
            time.sleep(0.5)
            return {"access_token": f"TOKEN-{server.token_number}", "expires_in": 7200}

        server.answers[TOKEN] = [make]
        yield server


@pytest.fixture
def send_all(database: Database, fake: FakeWechat) -> Iterator[SendAll]:
    """Lets all threads of both processes send at once; how many of each did."""
    url = database.engine.url.render_as_string(hide_password=False)
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bot.token_caller", url, fake.url],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    ends = [(one.stdin, one.stdout) for one in processes if one.stdin and one.stdout]
    assert [said.readline() for _, said in ends] == ["ready\n"] * 2

    def send() -> list[int]:
        for told, _ in ends:
            told.write("go\n")
            told.flush()
        return [int(said.readline()) for _, said in ends]

    try:
        yield send
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def keep_old_token(database: Database, fake: FakeWechat) -> None:
    """Of an hour ago, as both processes find it."""
    hour_ago = real_now() - timedelta(hours=1)
    Gateway(make_settings(wechat_api_url=fake.url), database, lambda: hour_ago).tokens.current()


def test_a_cold_start_of_two_processes_fetches_once(send_all: SendAll, fake: FakeWechat) -> None:
    assert send_all() == [THREADS, THREADS]
    assert send_all() == [THREADS, THREADS]
    assert fake.count(TOKEN) == 1
    assert {call.token for call in fake.calls if call.path == SEND} == {"TOKEN-1"}


def test_a_refused_token_is_fetched_anew_once_for_two_processes(
    send_all: SendAll, fake: FakeWechat, database: Database
) -> None:
    """Another system asked for a new token: ours is refused everywhere at once (40001)."""
    keep_old_token(database, fake)
    fake.token_number = 2
    assert send_all() == [THREADS, THREADS], "everybody tried again with the new one"
    assert fake.count(TOKEN) == 2
    assert [call.token for call in fake.calls if call.path == SEND].count("TOKEN-2") == 2 * THREADS


def test_a_token_refused_for_ever_is_no_storm(send_all: SendAll, fake: FakeWechat, database: Database) -> None:
    keep_old_token(database, fake)
    fake.answers[SEND] = [{"errcode": 40001, "errmsg": "invalid credential"}]
    assert send_all() == [0, 0]
    assert fake.count(TOKEN) == 2
    assert fake.count(SEND) == 2 * THREADS, "nobody tries again with the very token that was refused"
