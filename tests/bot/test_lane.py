"""Messages that wait together are committed together; what befalls one of them befalls no other."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from bot.lane import Handling, Lane
from bot.messages import parse_message
from bot.reception import Reception
from bot.replies import Text
from bot.router import Router, Turn
from bot.spool import Delivery
from config.settings import Settings
from models.database import Database
from models.received import Received
from tests.bot.conftest import MakeReception
from tests.citizen import Citizen, Shown

GATE = "请稍等"
FAULTS = {"坏": RuntimeError("a fault of ours"), "忙": OperationalError("", {}, Exception("disk"))}


class Crowd:
    """Citizens of whom the first holds the lane until all the others wait."""

    def __init__(self, reception: Reception, settings: Settings) -> None:
        self.reception, self.settings = reception, settings
        self.held, self.open = threading.Event(), threading.Event()
        self.runs: list[str] = []
        router = Router("crowd")
        router.on_text()(self.answer)
        reception.routers = [router]

    def answer(self, turn: Turn) -> Text:
        if turn.text == GATE:
            self.held.set()
            self.open.wait(30)
        self.runs.append(turn.text)
        turn.conversation.enter("crowd", turn.text, turn.now)
        if turn.text in FAULTS:
            raise FAULTS[turn.text]
        return Text(f"答：{turn.text}")

    def says(self, number: int, text: str) -> str:
        citizen = Citizen("", self.settings, f"o_crowd_{number:020}")
        query, body = citizen.wrap(citizen.write("text", {"Content": text}))
        return citizen.reads(Shown(*self.reception.receive(query, body)))

    def say_all(self, texts: list[str]) -> list[str]:
        """What each is shown; all are handed in while the first is being handled."""
        with ThreadPoolExecutor(len(texts) + 1) as pool:
            first = pool.submit(self.says, 0, GATE)
            assert self.held.wait(30)
            asked = []
            for number, text in enumerate(texts, 1):
                asked.append(pool.submit(self.says, number, text))
                while self.reception.lane.waiting.qsize() < number:  # in this order
                    threading.Event().wait(0.01)
            self.open.set()
            assert first.result() == f"答：{GATE}"
            return [one.result() for one in asked]


@pytest.fixture
def crowd(sqlite: Database, make_reception: MakeReception, settings: Settings) -> Crowd:
    return Crowd(make_reception(sqlite, [], deadline_seconds=60.0), settings)


@pytest.fixture
def commits(sqlite: Database) -> Iterator[list[object]]:
    seen: list[object] = []
    note = seen.append
    event.listen(sqlite.engine, "commit", note)
    yield seen
    event.remove(sqlite.engine, "commit", note)


def count_received(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Received)) or 0


def test_those_who_wait_together_share_a_commit(crowd: Crowd, sqlite: Database, commits: list[object]) -> None:
    texts = [str(number) for number in range(8)]
    assert crowd.say_all(texts) == [f"答：{text}" for text in texts]
    assert crowd.runs == [GATE, *texts]
    assert count_received(sqlite) == 9
    assert len(commits) == 2, "the first alone, the others together"


def test_a_handler_that_fails_takes_nobody_with_it(crowd: Crowd, sqlite: Database) -> None:
    good, bad, last = crowd.say_all(["甲", "坏", "乙"])
    assert (good, last) == ("答：甲", "答：乙")
    assert bad
    assert not bad.startswith("答")
    assert crowd.runs == [GATE, "甲", "坏", "甲", "坏", "乙"], "again, one by one; nothing was kept of the first try"
    assert count_received(sqlite) == 4


def test_what_the_database_refuses_is_kept_for_all(crowd: Crowd, sqlite: Database, settings: Settings) -> None:
    assert crowd.say_all(["甲", "忙", "乙"]) == ["", "", ""]
    assert count_received(sqlite) == 1
    assert len(list((settings.data_dir / "spool").rglob("*.msg"))) == 3


def test_a_fault_of_the_lane_itself_ends_nobody_elses_turn() -> None:
    faults = [RuntimeError("a fault of ours")]

    def handle(waiting: list[Handling]) -> None:
        if faults:
            raise faults.pop()
        for one in waiting:
            one.reply.set_result(Text("答"))

    lane = Lane(handle, threads=1, most=1)
    message = parse_message(
        b"<xml><ToUserName>gh</ToUserName><FromUserName>o</FromUserName><CreateTime>1</CreateTime>"
        b"<MsgType>text</MsgType><Content>1</Content><MsgId>1</MsgId></xml>"
    )
    first, second = (Handling(message, Delivery({}, b"", datetime(2026, 11, 20, tzinfo=UTC))) for _ in range(2))
    lane.submit(first)
    lane.submit(second)
    assert isinstance(first.reply.exception(30), RuntimeError)
    assert second.reply.result(30) == Text("答")
    lane.close()
