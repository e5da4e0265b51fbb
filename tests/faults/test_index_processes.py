"""The name index under two writers, kill -9, a full disk and a parent that dies: nothing is lost, nobody waits."""

import json
import logging
import multiprocessing
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from models.database import Database
from models.enterprise import Enterprise, Status
from models.migration import upgrade_database
from services.enterprises.finding import Verdict
from services.enterprises.index import NameIndex
from services.enterprises.names import hash_name
from services.enterprises.search import find
from services.enterprises.shelf import Shelf
from tests.conftest import VAULT
from tests.factories import DATA_ON, make_enterprise, next_revision
from tests.services.test_index import NAMES, NEEDS_BASE, find_names, make_ready, wait_until

ROOT = Path(__file__).parents[2]
SPAWN = multiprocessing.get_context("spawn")
FIRMS = [f"{name[:4]}{part}{name[4:]}" for part in "红橙黄绿青蓝紫金木水火土" for name in NAMES]
FILES = 28  # of a base, about
pytestmark = pytest.mark.slow


@pytest.fixture
def stocked(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'register.db'}", VAULT)
    upgrade_database(database)
    add_firms(database, FIRMS)
    return database


def add_firms(database: Database, names: list[str]) -> None:
    with database.write() as session:
        revision = next_revision(session)
        session.add_all(
            Enterprise(name=name, name_hash=hash_name(name), data_on=DATA_ON, revision=revision) for name in names
        )


def url_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


@contextmanager
def run_builder(database: Database, folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The program that makes a base, as a process starts it."""
    order = json.dumps({"url": url_of(database), "folder": str(folder)}).encode() + b"\n"
    program = subprocess.Popen([sys.executable, "-m", "services.enterprises.building"], stdin=subprocess.PIPE, cwd=ROOT)
    assert program.stdin is not None
    program.stdin.write(order)
    program.stdin.flush()
    try:
        yield program
    finally:
        program.kill()
        program.wait()
        program.stdin.close()


def test_builders_that_begin_at_once_make_one_base(stocked: Database, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with (
        run_builder(stocked, folder) as first,
        run_builder(stocked, folder) as second,
        run_builder(stocked, folder) as third,
    ):
        assert [builder.wait(60) for builder in (first, second, third)] == [0, 0, 0]
    assert [path.name for path in folder.iterdir() if path.is_dir()] == ["1"]
    assert find_names(NameIndex(folder, NEEDS_BASE), stocked, FIRMS[3])[0] == FIRMS[3]


@pytest.mark.parametrize("after_files", sorted(random.Random(3).sample(range(1, FILES), 3)))
def test_kill_9_of_a_builder_at_any_moment_loses_nothing(stocked: Database, tmp_path: Path, after_files: int) -> None:
    """Killed as soon as so many files of the new base lie there."""
    folder = tmp_path / "index"
    make_ready(NameIndex(folder, NEEDS_BASE), stocked)
    new = [name.replace("长沙", "株洲") for name in NAMES[:30]]
    add_firms(stocked, new)
    with run_builder(stocked, folder) as builder:
        while builder.poll() is None and len(list(folder.glob("unfinished/*"))) < after_files:
            time.sleep(0.001)
        builder.send_signal(signal.SIGKILL)
        builder.wait()
    shelf = Shelf(folder)
    base = shelf.open_newest()
    assert base is not None
    assert base.shard.count in {len(FIRMS), len(FIRMS) + len(new)}
    index = NameIndex(folder, NEEDS_BASE)
    wait_until(lambda: bool(find_names(index, stocked, new[7])) and index.is_whole)
    for name in (FIRMS[7], new[7]):
        assert find_names(index, stocked, name)[0] == name
    wait_until(lambda: [path.name for path in folder.iterdir() if path.is_dir()] == ["2"])


def test_a_builder_ends_with_its_parent(stocked: Database, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with run_builder(stocked, folder) as builder:
        assert builder.stdin is not None
        builder.stdin.close()  # as the system does for a process that died
        assert builder.wait(60) == 0
    assert Shelf(folder).newest() is None


class Failures(logging.Handler):
    """Counts how often a base could not be made."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += "could not be made" in record.getMessage()


def fill_disk(url: str, folder: Path, said: Connection) -> None:
    """A process that may write no file as great as those of a base, until it may."""
    database = Database(url, VAULT)
    index = make_ready(NameIndex(folder, NEEDS_BASE), database)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    add_firms(database, [name.replace("长沙", "株洲") for name in NAMES[:30]])
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))  # the builder is a child, and held to it too
    failures = Failures()
    logging.getLogger().addHandler(failures)
    while failures.count < 2:
        assert find_names(index, database, FIRMS[7])[0] == FIRMS[7]
        time.sleep(0.02)
    before = index.shelf.newest()
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    wait_until(lambda: bool(find_names(index, database, FIRMS[7])) and index.is_whole)
    after = index.shelf.newest()
    said.send((before, after, find_names(index, database, NAMES[7].replace("长沙", "株洲"))[0]))


def test_a_full_disk_leaves_the_old_index_and_is_tried_again(
    stocked: Database, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    ours, theirs = SPAWN.Pipe()
    process = SPAWN.Process(target=fill_disk, args=(url_of(stocked), tmp_path / "index", theirs))
    process.start()
    process.join(120)
    assert process.exitcode == 0, capfd.readouterr().err
    before, after, found = ours.recv()
    assert (before.serial, after.serial) == (1, 2)
    assert found == NAMES[7].replace("长沙", "株洲")
    assert "are free on its disk" in capfd.readouterr().err
    assert sorted(path.name for path in (tmp_path / "index").iterdir()) == ["2", "making"]


def watch(url: str, folder: Path, wanted: dict[str, str], said: Connection) -> None:
    """A process that asks and asks, and says when each name is found or gone."""
    database = Database(url, VAULT)
    index = make_ready(NameIndex(folder), database)
    said.send("ready")
    seen: dict[str, float] = {}
    while len(seen) < len(wanted):
        for name, sought in wanted.items():
            with database.read() as session:
                finding = find(session, sought, index)
            is_found = any(candidate.name == name for candidate in finding.candidates)
            if is_found != name.startswith("长沙") and finding.verdict is not Verdict.MATCH:
                seen.setdefault(name, time.time())
    said.send(seen)


def test_a_changed_firm_is_found_or_gone_within_a_second_in_every_process(stocked: Database, tmp_path: Path) -> None:
    # What is new is asked for with a wrong character, so that the index must know it; what is old by its old name.
    new, renamed, old, removed = "湘潭萤火岭茶业有限公司", "湘潭胡杨谷茶业有限公司", FIRMS[20], FIRMS[55]
    wanted = {
        new: "湘潭萤火岭茶叶有限公司",
        renamed: "湘潭胡杨谷茶叶有限公司",
        old: old.replace("商贸", "商茂"),
        removed: removed.replace("商贸", "商茂"),
    }
    pipes = [SPAWN.Pipe() for _ in range(2)]
    for _, theirs in pipes:
        SPAWN.Process(target=watch, args=(url_of(stocked), tmp_path / "index", wanted, theirs), daemon=True).start()
    assert [ours.recv() for ours, _ in pipes] == ["ready", "ready"]
    time.sleep(0.7)
    with stocked.write() as session:
        make_enterprise(session, new)
        changing = session.query(Enterprise).filter(Enterprise.name == old).one()
        changing.name, changing.name_hash = renamed, hash_name(renamed)
        going = session.query(Enterprise).filter(Enterprise.name == removed).one()
        going.status = Status.REMOVED
        changing.revision = going.revision = next_revision(session)
    committed_at = time.time()
    for ours, _ in pipes:
        assert ours.poll(20), "not all was seen"
        seen = ours.recv()
        assert {name: at - committed_at for name, at in seen.items() if at - committed_at > 1} == {}
