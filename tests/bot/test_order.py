"""Messages of one citizen are handled in their order, whatever of them waits in the spool."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from bot.order import MOST_BEFORE
from bot.replies import Text
from bot.router import Router, Turn
from bot.spool import Delivery, Spool
from config.settings import Settings
from jobs.spool import replay_spool
from models.database import Database
from models.vault import Vault
from tests.bot.conftest import MakeReception
from tests.bot.test_once import addresses_of, all_notices, files, replay_all, run_servers, wait_until
from tests.citizen import Citizen, Shown, open_door, real_now
from tests.conftest import POSTGRES_URL, VAULT
from tests.jobs.conftest import Clock

AWAY = OperationalError("x", {}, Exception())
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


class Diary:
    """A handler that notes in which order it was asked, and fails as the database does for what `away` names."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.away: set[str] = set()
        self.router = Router("diary")
        self.router.on_text()(self.answer)

    def answer(self, turn: Turn) -> Text:
        if turn.text in self.away:
            raise AWAY
        self.seen.append(turn.text)
        return Text(f"答：{turn.text}")


def test_the_later_message_takes_the_earlier_ones_along(
    database: Database, make_reception: MakeReception, settings: Settings
) -> None:
    diary = Diary()
    citizen = Citizen(open_door(make_reception(database, [diary.router])), settings)
    diary.away = {"一", "二"}
    assert [citizen.says("一"), citizen.says("二")] == ["", ""]
    assert len(files(settings)) == 2
    diary.away = set()
    assert citizen.says("三") == "答：三"
    assert diary.seen == ["一", "二", "三"]
    assert [said for _, said in all_notices(database)] == ["答：一", "答：二"]
    assert files(settings) == []
    assert not (settings.data_dir / "spool").exists(), "nobody need look for anything"


def test_while_the_earlier_one_cannot_be_handled_the_later_one_waits(
    database: Database, make_reception: MakeReception, settings: Settings
) -> None:
    diary = Diary()
    reception = make_reception(database, [diary.router])
    door = open_door(reception)
    citizen, other = Citizen(door, settings), Citizen(door, settings, "o_another")
    diary.away = {"一"}
    assert [citizen.says(word) for word in ("一", "二", "三")] == [""] * 3
    assert other.says("另") == "答：另", "others do not wait"
    assert replay_all(reception) == 0
    diary.away = set()
    assert replay_all(reception) == 3
    assert diary.seen == ["另", "一", "二", "三"]
    assert [said for _, said in all_notices(database)] == ["答：一", "答：二", "答：三"]
    assert files(settings) == []


def test_a_retry_is_answered_whoever_waits(sqlite: Database, make_reception: MakeReception, settings: Settings) -> None:
    diary = Diary()
    citizen = Citizen(open_door(make_reception(sqlite, [diary.router])), settings)
    sent = citizen.wrap(citizen.write("text", {"Content": "零"}))
    assert citizen.reads(citizen.delivers(*sent)) == "答：零"
    diary.away = {"一"}
    assert citizen.says("一") == ""
    assert citizen.reads(citizen.delivers(*sent)) == "答：零"


def test_nobody_is_silent_for_ever_behind_one_message(
    sqlite: Database, make_reception: MakeReception, settings: Settings
) -> None:
    diary, clock = Diary(), Clock()
    clock.now = real_now()
    citizen = Citizen(open_door(make_reception(sqlite, [diary.router], clock=clock)), settings)
    diary.away = {"坏"}
    assert [citizen.says("坏"), citizen.says("一")] == ["", ""]
    clock.pass_time(hours=2)
    query, body = citizen.wrap(citizen.write("text", {"Content": "二"}), int(clock().timestamp()))
    assert citizen.reads(citizen.delivers(query, body)) == "答：二"
    assert diary.seen == ["一", "二"]
    assert len(files(settings)) == 1


def test_very_many_are_left_to_the_jobs_process(
    sqlite: Database, make_reception: MakeReception, settings: Settings
) -> None:
    """One citizen's hundred messages hold up nobody else's."""
    diary = Diary()
    reception = make_reception(sqlite, [diary.router])
    citizen = Citizen(open_door(reception), settings)
    words = [str(number) for number in range(MOST_BEFORE + 1)]
    for word in words:
        query, body = citizen.wrap(citizen.write("text", {"Content": word}))
        opened = reception.opener.open(Delivery(query, body, real_now()), None)
        reception.spool.keep(opened.message.key, Delivery(query, body, real_now(), True), citizen.openid)
    assert citizen.says("又") == ""
    assert diary.seen == []
    assert replay_all(reception) == MOST_BEFORE + 2
    assert diary.seen == [*words, "又"]


class Slow(Diary):
    """Holds `一` until it is let go; the first time it fails as the database does."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.let_go = threading.Event(), threading.Event()

    def answer(self, turn: Turn) -> Text:
        if turn.text == "一" and not self.let_go.is_set():
            self.begun.set()
            self.let_go.wait(30)
            raise AWAY
        return super().answer(turn)


def test_two_under_way_at_once_keep_their_order(
    database: Database, make_reception: MakeReception, settings: Settings
) -> None:
    """The first fails when the second is here already."""
    slow = Slow()
    reception = make_reception(database, [slow.router], deadline_seconds=60.0)
    citizen = Citizen("", settings)
    sent = [citizen.wrap(citizen.write("text", {"Content": word})) for word in ("一", "二")]
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(reception.receive, *sent[0])
        assert slow.begun.wait(30)
        turn = reception.turns.last[citizen.openid]
        second = pool.submit(reception.receive, *sent[1])
        wait_until(lambda: reception.turns.last[citizen.openid] is not turn)
        slow.let_go.set()
        assert [citizen.reads(Shown(*one.result(30))) for one in (first, second)] == ["", "答：二"]
    assert slow.seen == ["一", "二"]
    assert reception.turns.last == {}


def test_who_waits_too_long_for_a_turn_is_kept(
    sqlite: Database, make_reception: MakeReception, settings: Settings
) -> None:
    diary = Diary()
    reception = make_reception(sqlite, [diary.router], deadline_seconds=0.1)
    citizen = Citizen(open_door(reception), settings)
    with reception.turns.of(citizen.openid):
        assert citizen.says("一") == ""
        assert len(files(settings)) == 1
    assert citizen.says("二") == "答：二"
    assert diary.seen == ["一", "二"]


@contextmanager
def take_away(database: Database) -> Iterator[None]:
    """From every process: SQLite by a lock that is not given back, PostgreSQL by throwing everybody out."""
    if database.is_sqlite:
        engine = create_engine(database.engine.url)
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield
            connection.exec_driver_sql("ROLLBACK")
        engine.dispose()
        return
    name = database.engine.url.database
    database.engine.dispose()
    server = create_engine(make_url(POSTGRES_URL), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        )
        try:
            yield
        finally:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
    server.dispose()


def test_two_processes_keep_the_order_while_the_database_goes_and_comes(database: Database, settings: Settings) -> None:
    """Each citizen's messages go to the two in turn; whichever has the next one looks at what both have kept."""
    with run_servers(database, settings, 0.0) as servers, ThreadPoolExecutor(4) as pool:
        doors = addresses_of(servers)

        def say(openid: str, numbers: range) -> list[str]:
            told = (Citizen(doors[number % 2], settings, openid).says(f"{openid} {number}") for number in numbers)
            return list(told)

        people = [f"o_citizen_{number}" for number in range(2)]
        assert all(all(told) for told in pool.map(say, people, [range(1)] * 2))
        with take_away(database):
            assert {"".join(told) for told in pool.map(say, people, [range(1, 3)] * 2)} == {""}
            assert len(files(settings)) == 4
        assert all(all(told) for told in pool.map(say, people, [range(3, 6)] * 2))
    runs = (settings.data_dir / "runs").read_text().splitlines()
    assert {one: [line.split()[1] for line in runs if line.split()[0] == one] for one in people} == {
        one: [*"012345"] for one in people
    }
    assert len(all_notices(database)) == 4
    assert files(settings) == []


def test_a_file_of_before_has_no_folder_and_is_replayed(tmp_path: Path) -> None:
    """What an older version of this program kept."""
    spool, seen = Spool(tmp_path, VAULT), list[str]()
    spool.keep(b"k" * 32, Delivery({"nonce": "old"}, b"x", NOON))
    assert spool.before("o_citizen", b"l" * 32) == []
    assert replay_spool(spool, lambda delivery: seen.append(delivery.query["nonce"]), -1.0) == 1
    spool.remove(b"k" * 32, "o_citizen")
    assert list(spool.waiting(-1)) == []


def test_whose_a_file_is_cannot_be_read_off_it(tmp_path: Path) -> None:
    spool = Spool(tmp_path, VAULT)
    for number in range(3):
        spool.keep(bytes([number]) * 32, Delivery({"openid": "o_citizen"}, b"o_citizen", NOON), "o_citizen")
    paths = list(tmp_path.rglob("*.msg"))
    assert len(paths) == 3
    assert len({path.parent for path in paths}) == 1
    assert not any("o_citizen" in str(path) or b"o_citizen" in path.read_bytes() for path in paths)


def test_what_came_before_is_known_by_arrival_and_through_a_change_of_keys(tmp_path: Path) -> None:
    old, both = Spool(tmp_path, Vault("an old key")), Spool(tmp_path, Vault("a new key", "an old key"))
    first, second, third = (bytes([number]) * 32 for number in range(3))
    both.keep(second, Delivery({}, b"", NOON + timedelta(seconds=1)), "o_citizen")
    old.keep(first, Delivery({}, b"", NOON), "o_citizen")
    paths = [old.path(first, "o_citizen"), both.path(second, "o_citizen")]
    assert both.before("o_citizen", third) == paths
    assert both.before("o_citizen", second) == paths[:1]
    assert both.before("o_citizen", first) == both.before("o_somebody", third) == []
    both.remove(first, "o_citizen")
    both.keep(second, Delivery({}, b"", NOON), "o_citizen")  # again: it has its place
    assert both.before("o_citizen", third) == paths[1:]


def test_folders_that_come_and_go_lose_nothing(tmp_path: Path) -> None:
    """Each file takes its empty folder away while others put theirs into it."""
    spool = Spool(tmp_path / "spool", VAULT)

    def keep(number: int) -> bool:
        key = number.to_bytes(32)
        spool.keep(key, Delivery({}, b"", NOON), "o_citizen")
        was_kept = spool.path(key, "o_citizen").exists()
        spool.remove(key, "o_citizen")
        return was_kept

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(keep, range(300)))
    assert not spool.folder.exists()
