"""A filing in chat happens once: repeated deliveries, two taps at a time, kill -9, a restart, on both databases."""

import json
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.reception import Reception
from config.settings import Settings
from handlers import ROUTERS
from models.case import Case, CaseEvent
from models.case_arrival import EvidenceFetch
from models.case_file import CaseDraft
from models.database import Database
from services.calendar.years import seed_calendar
from tests.citizen import Citizen, make_desk, make_settings, open_door, plain, real_now
from tests.factories import make_enterprise

ROOT = Path(__file__).parents[2]
FIRM = "长沙乐享健身服务有限公司"
WAY = ["投诉", "1", FIRM, "10月充了3000块，店一直关门，要求退款", "王小明 13900000004"]
NUMBER = re.compile(r"TS\d{20}")
# The other process handles one delivery and kills itself before its n-th statement, or after its commit.
CHILD = """
import json, os, signal, sys
from sqlalchemy import event
from bot.reception import Reception
from handlers import ROUTERS
from models.database import Database
from tests.citizen import make_desk, make_settings, open_door, real_now
from tests.conftest import VAULT
url, folder, die_at, query, body = sys.argv[1:]
database = Database(url, VAULT)
settings = make_settings(data_dir=folder)
door = open_door(Reception(settings, database, make_desk(settings), ROUTERS, real_now))
seen = 0
def count(*_):
    global seen
    seen += 1
    if seen == int(die_at):
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(database.engine, "before_cursor_execute", count)
answer = door.post("/wechat", query_string=json.loads(query), data=body.encode(), content_type="text/xml")
if die_at == "0":
    os.kill(os.getpid(), signal.SIGKILL)
print(seen, flush=True)
"""


@dataclass
class Chat:
    """A citizen with an account whose database may be either."""

    database: Database
    settings: Settings
    openid: str = "o_citizen_00000000000000000"

    def open(self) -> Citizen:
        """As after a restart: nothing but the database is left."""
        desk = make_desk(self.settings)
        return Citizen(
            open_door(Reception(self.settings, self.database, desk, ROUTERS, real_now)), self.settings, self.openid
        )

    def count(self, table: type) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.fixture
def chat(database: Database, tmp_path: Path) -> Chat:
    with database.write() as session:
        seed_calendar(session, real_now())
        make_enterprise(session, FIRM, "91430100MA4L2K1X70")
    return Chat(database, make_settings(data_dir=tmp_path))


def fill_in(citizen: Citizen) -> None:
    for words in WAY:
        citizen.says(words)
    assert "请核对" in citizen.shown


def test_each_answer_may_be_given_to_another_process(chat: Chat) -> None:
    for words in WAY:
        chat.open().says(words)
    shown = plain(chat.open().says("提交"))
    [number] = NUMBER.findall(shown)
    assert number in plain(chat.open().says("提交"))
    assert (chat.count(Case), chat.count(CaseDraft)) == (1, 0)


def test_repeated_deliveries_get_the_same_receipt(chat: Chat) -> None:
    citizen = chat.open()
    fill_in(citizen)
    sent = citizen.wrap(citizen.write("text", {"Content": "提交"}))
    shown = {citizen.reads(citizen.delivers(*sent)) for _ in range(3)}
    assert len(shown) == 1
    assert chat.count(Case) == 1


def test_many_taps_at_a_time_file_once(chat: Chat) -> None:
    fill_in(chat.open())
    with ThreadPoolExecutor(6) as pool:
        shown = list(pool.map(lambda _: plain(chat.open().says("提交")), range(6)))
    assert chat.count(Case) == 1
    assert len({number for text in shown for number in NUMBER.findall(text)}) == 1
    assert sum("没有重复登记" in text for text in shown) == 5


@pytest.mark.slow
def test_killed_at_any_statement_it_is_there_once_or_not_at_all(chat: Chat, tmp_path: Path) -> None:
    url = chat.database.engine.url.render_as_string(hide_password=False)
    rounds = kills = 0
    for die_at in (*range(4, 60, 5), 0):
        citizen = chat.open()
        citizen.openid = f"o_citizen_{die_at:017}"
        fill_in(citizen)
        before = chat.count(Case)
        query, body = citizen.wrap(citizen.write("text", {"Content": "提交"}))
        command = [sys.executable, "-c", CHILD, url, str(tmp_path), str(die_at), json.dumps(query), body.decode()]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=60, check=False
        )
        assert done.returncode in {0, -signal.SIGKILL}, done.stderr
        kills += done.returncode != 0
        shown = plain(citizen.reads(citizen.delivers(query, body)))  # WeChat delivers again
        assert NUMBER.search(shown), shown
        assert chat.count(Case) == before + 1
        rounds += 1
    assert kills >= 8, f"{kills} of {rounds}"
    assert chat.count(CaseEvent) == chat.count(Case) == rounds


def test_evidence_goes_with_the_filing_or_with_the_citizen(chat: Chat) -> None:
    citizen = chat.open()
    fill_in(citizen)
    for number in range(3):
        citizen.sends("image", MediaId=f"media_{number}", PicUrl="http://mmbiz.qpic.cn/1")
    assert chat.count(EvidenceFetch) == 3
    citizen.says("取消")
    citizen.says("确定取消")
    assert (chat.count(EvidenceFetch), chat.count(CaseDraft), chat.count(Case)) == (0, 0, 0)
