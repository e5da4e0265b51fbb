"""The name index: follows the register at once, survives loss, damage and two builders."""

import multiprocessing
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from models.database import Database
from models.enterprise import Enterprise, Status
from models.migration import upgrade_database
from services.enterprises import index as index_module
from services.enterprises.index import NameIndex
from services.enterprises.names import hash_name, normalise
from services.enterprises.shard import build_shard
from services.enterprises.shelf import Shelf
from tests.conftest import VAULT
from tests.factories import make_enterprise, next_revision

NAMES = [f"长沙{a}{b}商贸有限公司" for a in "云朵星辰稻花青柚白鹭石榴" for b in "岸渡屿湾汀巷坊里谷塬"]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the register's revision at every question."""
    monkeypatch.setattr(index_module, "LOOK_SECONDS", 0.0)


@pytest.fixture
def stocked(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'r.db'}", VAULT)
    upgrade_database(database)
    with database.write() as session:
        for name in NAMES:
            make_enterprise(session, name)
    return database


def find_names(index: NameIndex, database: Database, text: str) -> list[str]:
    with database.read() as session:
        index.follow(session)
    return [hit.name for hit in index.search(normalise(text), 5)]


def test_every_name_is_found_by_itself(stocked: Database, tmp_path: Path) -> None:
    index = NameIndex(tmp_path / "index")
    assert all(find_names(index, stocked, name)[0] == name for name in NAMES[::7])
    assert index.count == len(NAMES)


def test_changes_are_seen_without_a_restart(stocked: Database, tmp_path: Path) -> None:
    index, other = NameIndex(tmp_path / "index"), NameIndex(tmp_path / "index")
    find_names(index, stocked, NAMES[0])
    find_names(other, stocked, NAMES[0])
    with stocked.write() as session:
        make_enterprise(session, "长沙萤火岭茶业有限公司")
        renamed = session.get_one(Enterprise, 1)
        renamed.name, renamed.name_hash = "长沙胡杨谷商贸有限公司", hash_name("长沙胡杨谷商贸有限公司")
        renamed.revision = next_revision(session)
        removed = session.get_one(Enterprise, 2)
        removed.status, removed.revision = Status.REMOVED, next_revision(session)
    for each in (index, other):
        assert find_names(each, stocked, "萤火岭茶业")[0] == "长沙萤火岭茶业有限公司"
        assert find_names(each, stocked, "胡杨谷商贸")[0] == "长沙胡杨谷商贸有限公司"
        assert NAMES[0] not in find_names(each, stocked, NAMES[0])
        assert NAMES[1] not in find_names(each, stocked, NAMES[1])
        assert each.count == len(NAMES)


def test_many_changes_make_a_new_base(stocked: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "MOST_CHANGES", 3)
    index = NameIndex(tmp_path / "index")
    find_names(index, stocked, NAMES[0])
    before = index.shelf.newest()
    with stocked.write() as session:
        for number in range(5):
            make_enterprise(session, f"湘潭新店{number}号茶业有限公司")
    assert find_names(index, stocked, "湘潭新店3号茶业")[0] == "湘潭新店3号茶业有限公司"
    after = index.shelf.newest()
    assert before is not None
    assert after is not None
    assert after.revision > before.revision


@pytest.mark.parametrize("harm", ["lose", "cut", "flip", "label", "empty"])
def test_a_lost_or_damaged_file_is_noticed_and_made_anew(stocked: Database, tmp_path: Path, harm: str) -> None:
    folder = tmp_path / "index"
    find_names(NameIndex(folder), stocked, NAMES[0])
    place = next(path for path in folder.iterdir() if path.is_dir())
    victim = place / ("label.json" if harm == "label" else "pairs_rare_entries.npy")
    content = victim.read_bytes()
    match harm:
        case "lose":
            victim.unlink()
        case "cut":
            victim.write_bytes(content[:-7])
        case "flip":
            victim.write_bytes(content[:-2] + bytes([content[-2] ^ 255]) + content[-1:])
        case "label":
            victim.write_text("{", encoding="utf-8")
        case "empty":
            victim.write_bytes(b"")
    assert find_names(NameIndex(folder), stocked, NAMES[5])[0] == NAMES[5]


def test_an_index_of_another_register_is_not_used(stocked: Database, tmp_path: Path) -> None:
    other = Database(f"sqlite:///{tmp_path / 'other.db'}", VAULT)
    upgrade_database(other)
    with other.write() as session:
        for name in NAMES:
            make_enterprise(session, name.replace("长沙", "郑州"))
    folder = tmp_path / "index"
    find_names(NameIndex(folder), other, NAMES[0])
    assert find_names(NameIndex(folder), stocked, NAMES[0])[0] == NAMES[0]


def build(url: str, folder: Path) -> None:
    database = Database(url, VAULT)
    with database.read() as session:
        NameIndex(folder).follow(session)


def test_two_processes_may_start_the_build_at_once(stocked: Database, tmp_path: Path) -> None:
    folder, url = tmp_path / "index", stocked.engine.url.render_as_string()
    spawn = multiprocessing.get_context("spawn")
    builders = [spawn.Process(target=build, args=(url, folder)) for _ in range(3)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join(60)
    assert [builder.exitcode for builder in builders] == [0, 0, 0]
    assert [path.name for path in folder.iterdir() if path.is_dir()] == [str(len(NAMES))]
    assert find_names(NameIndex(folder), stocked, NAMES[3])[0] == NAMES[3]


def store_for_ever(folder: Path) -> None:
    shelf = Shelf(folder)
    shard = build_shard((number, name) for number, name in enumerate(NAMES * 20))
    for revision in range(10_000, 10_000_000):
        with shelf.hold():
            shelf.store(shard, revision, "")


def test_kill_9_of_the_builder_leaves_a_whole_index(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    spawn = multiprocessing.get_context("spawn")
    for round_number in range(3):
        builder = spawn.Process(target=store_for_ever, args=(folder,))
        builder.start()
        while Shelf(folder).newest() is None:
            time.sleep(0.05)
        time.sleep(0.11 * round_number)
        assert builder.pid is not None
        os.kill(builder.pid, signal.SIGKILL)
        builder.join()
        label = Shelf(folder).newest()
        assert label is not None
        shard = Shelf(folder).open(label)
        assert shard is not None
        assert shard.count == len(NAMES) * 20


def test_an_empty_register_finds_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'e.db'}", VAULT)
    upgrade_database(database)
    index = NameIndex(tmp_path / "index")
    assert find_names(index, database, "云朵岸") == []
    assert index.count == 0


def test_a_shard_reads_back_its_names() -> None:
    shard = build_shard([(7, "云朵岸"), (9, "A"), (9, ""), (11, "𬭎光科技")])
    documents = np.asarray([3, 0, 2, 1], dtype=np.int64)
    assert shard.texts(documents) == ["𬭎光科技", "云朵岸", "", "A"]
    assert shard.candidates("云朵", 1000, 10).tolist() == [0]
    assert shard.candidates("无关", 1000, 10).tolist() == []
