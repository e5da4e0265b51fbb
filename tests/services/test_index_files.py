"""The files of the name index: lost, damaged, foreign, replaced - the database makes them anew."""

import os
import time
from pathlib import Path

import pytest

from models.database import Database
from models.migration import upgrade_database
from services.enterprises import shelf as shelf_module
from services.enterprises.index import NameIndex
from services.enterprises.names import normalise
from services.enterprises.shard import build_shard
from services.enterprises.shelf import Label, Shelf
from tests.conftest import VAULT
from tests.factories import make_enterprise
from tests.services.test_index import NAMES, NEEDS_BASE, find_names, make_ready, wait_until


@pytest.fixture
def stocked(tmp_path: Path) -> Database:
    return stock(tmp_path / "register.db", NAMES)


def stock(path: Path, names: list[str]) -> Database:
    database = Database(f"sqlite:///{path}", VAULT)
    upgrade_database(database)
    with database.write() as session:
        for name in names:
            make_enterprise(session, name)
    return database


def do_harm(folder: Path, harm: str) -> None:
    """To the one base there is."""
    place = next(path for path in folder.iterdir() if path.is_dir())
    victim = place / ("label.json" if harm in {"label", "format"} else "pairs_rare_entries.npy")
    content = victim.read_bytes()
    match harm:
        case "lose":
            victim.unlink()
        case "lose all":
            for path in place.iterdir():
                path.unlink()
            place.rmdir()
        case "flip":
            with victim.open("r+b") as file:  # in place, as a careless program or a bad disk does
                file.seek(-2, os.SEEK_END)
                file.write(bytes([content[-2] ^ 255]))
        case "cut":
            other = victim.with_suffix(".new")  # not in place: who has mapped the old one keeps it
            other.write_bytes(content[:-7])
            other.replace(victim)
        case "empty":
            victim.unlink()
            victim.touch()
        case "label":
            victim.write_text("{", encoding="utf-8")
        case "format":
            victim.write_text(victim.read_text().replace('"format": "', '"format": "0'))


def wants_base(index: NameIndex, database: Database) -> bool:
    """After one more look."""
    find_names(index, database, NAMES[0])
    return index.wants_base


HARMS = ["lose", "lose all", "cut", "flip", "label", "format", "empty"]


@pytest.mark.parametrize("harm", HARMS)
def test_harm_is_noticed_by_all_and_mended_by_one(stocked: Database, tmp_path: Path, harm: str) -> None:
    folder = tmp_path / "index"
    running = make_ready(NameIndex(folder, NEEDS_BASE), stocked)
    assert not running.wants_base
    do_harm(folder, harm)
    with running.shelf.hold():  # so that nobody mends it yet
        wait_until(lambda: wants_base(running, stocked))
        new = NameIndex(folder, NEEDS_BASE)
        assert find_names(new, stocked, NAMES[5]) == []
        assert not new.is_whole
        # What is mapped stays whole, but for what was written into it.
        assert find_names(running, stocked, NAMES[5])[:1] == ([] if harm == "flip" else [NAMES[5]])
        assert running.is_whole == (harm != "flip")
    make_ready(NameIndex(folder, NEEDS_BASE), stocked)
    for index in (running, new):
        while wants_base(index, stocked):
            time.sleep(0.02)
        assert find_names(index, stocked, NAMES[5])[0] == NAMES[5]
        assert index.is_whole
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 1


def test_an_index_of_another_register_is_not_used(stocked: Database, tmp_path: Path) -> None:
    other = stock(tmp_path / "other.db", [name.replace("长沙", "郑州") for name in NAMES])
    folder = tmp_path / "index"
    make_ready(NameIndex(folder, NEEDS_BASE), other)
    index = NameIndex(folder, NEEDS_BASE)
    assert find_names(index, stocked, NAMES[0]) == []
    assert not index.is_whole
    assert find_names(make_ready(NameIndex(folder, NEEDS_BASE), stocked), stocked, NAMES[0])[0] == NAMES[0]


class Hurried(Shelf):
    """Sees an older base at first, as one does who looks just before it is replaced."""

    def __init__(self, folder: Path, seen: Label) -> None:
        super().__init__(folder)
        self.seen: list[Label] = [seen]

    def newest(self) -> Label | None:
        return self.seen.pop() if self.seen else super().newest()


def test_a_base_replaced_while_it_is_opened_is_no_loss(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    shards = [build_shard(enumerate(names)) for names in (NAMES[:50], NAMES)]
    old, new = (store(shelf, shard, revision) for revision, shard in enumerate(shards))
    hurried = Hurried(tmp_path, old)
    base = hurried.open_newest()
    assert base is not None
    assert base.label == new
    assert base.shard.count == len(NAMES)


def store(shelf: Shelf, shard: shelf_module.Shard, revision: int) -> Label:
    return shelf.store(shard, shelf_module.np.zeros(3, dtype="float32"), revision, shard.count, "[]")


def test_one_byte_changed_anywhere_is_noticed(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    with shelf.hold():
        store(shelf, build_shard((number, normalise(name)) for number, name in enumerate(NAMES)), 1)
    files = sorted((tmp_path / "1").glob("*.npy"))
    assert len(files) > 20
    for path in files:
        content = path.read_bytes()
        path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
        assert shelf.open_newest() is None, path.name
        path.write_bytes(content)
    assert shelf.open_newest() is not None
