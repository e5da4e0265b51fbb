"""The name index follows the register at once, with and without a stored base, and knows when it lacks something."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.database import Database
from models.enterprise import Enterprise, NameKind, RegisterRevision, Status
from services.enterprises.candidates import find_sharing
from services.enterprises.editions import FEW
from services.enterprises.finding import Reason, Verdict
from services.enterprises.index import NameIndex, Pace
from services.enterprises.names import hash_name, normalise
from services.enterprises.search import find
from services.enterprises.shard import build_shard
from tests.factories import DATA_ON, add_name, make_enterprise, next_revision

NAMES = [f"长沙{a}{b}商贸有限公司" for a in "云朵星辰稻花青柚白鹭石榴" for b in "岸渡屿湾汀巷坊里谷塬"]
CODE = "91350100M000100Y43"
AT_ONCE = Pace(look_seconds=0)
# Every register is too great to be kept without a base; one is made as soon as it is asked for.
NEEDS_BASE = Pace(look_seconds=0, most_changes=10, most_on_top=10, retry_seconds=0.5)


@pytest.fixture
def stocked(database: Database) -> Database:
    """A register of NAMES; the first bears CODE."""
    with database.write() as session:
        for number, name in enumerate(NAMES):
            make_enterprise(session, name, None if number else CODE)
    return database


def find_names(index: NameIndex, database: Database, text: str) -> list[str]:
    with database.read() as session:
        index.follow(session)
    return [hit.name for hit in index.search(normalise(text), 5)]


def make_ready(index: NameIndex, database: Database) -> NameIndex:
    with database.read() as session:
        index.make_ready(session)
    return index


def wait_until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.05)


def change_register(database: Database) -> None:
    """One firm more, one renamed, one removed, one with another name."""
    with database.write() as session:
        make_enterprise(session, "长沙萤火岭茶业有限公司")
        first, second, third = (
            session.query(Enterprise).filter_by(name_hash=hash_name(name)).one() for name in NAMES[:3]
        )
        first.name, first.name_hash = "长沙胡杨谷商贸有限公司", hash_name("长沙胡杨谷商贸有限公司")
        second.status = Status.REMOVED
        add_name(session, third, "湘江渔火小酒馆", NameKind.SIGN)
        first.revision = second.revision = third.revision = next_revision(session)


def assert_changed(index: NameIndex, database: Database) -> None:
    assert find_names(index, database, "萤火岭茶业")[0] == "长沙萤火岭茶业有限公司"
    assert find_names(index, database, "胡杨谷商贸")[0] == "长沙胡杨谷商贸有限公司"
    assert find_names(index, database, "湘江渔火小酒馆")[0] == "湘江渔火小酒馆"
    assert NAMES[0] not in find_names(index, database, NAMES[0])
    assert NAMES[1] not in find_names(index, database, NAMES[1])
    assert index.count == len(NAMES)


def test_every_name_is_found_by_itself(stocked: Database, tmp_path: Path) -> None:
    index = NameIndex(tmp_path / "index", AT_ONCE)
    assert all(find_names(index, stocked, name)[0] == name for name in NAMES[::7])
    assert index.count == len(NAMES)


@pytest.mark.parametrize("pace", [AT_ONCE, NEEDS_BASE], ids=["on top", "with base"])
def test_changes_are_seen_without_a_restart(stocked: Database, tmp_path: Path, pace: Pace) -> None:
    indexes = [make_ready(NameIndex(tmp_path / "index", pace), stocked) for _ in range(2)]
    assert [find_names(index, stocked, NAMES[0])[0] for index in indexes] == [NAMES[0]] * 2
    change_register(stocked)
    for index in indexes:
        assert_changed(index, stocked)
    assert_changed(make_ready(NameIndex(tmp_path / "index", pace), stocked), stocked)


def test_many_changes_are_taken_up_beside_the_questions(stocked: Database, tmp_path: Path) -> None:
    index = NameIndex(tmp_path / "index", AT_ONCE)
    find_names(index, stocked, NAMES[0])
    with stocked.write() as session:
        revision = next_revision(session)
        session.add_all(
            Enterprise(
                name=(name := f"湘潭{first}{second}号茶业有限公司"),
                name_hash=hash_name(name),
                data_on=DATA_ON,
                revision=revision,
            )
            for first in NAMES[:FEW]
            for second in range(3 * FEW // len(NAMES))
        )
    with stocked.read() as session:
        index.follow(session)
        assert not index.is_whole
        assert find(session, "湘潭甲乙丙丁茶叶", index).reason is not Reason.NOT_FOUND
        assert find_names(index, stocked, NAMES[0])[0] == NAMES[0]
    wait_until(lambda: bool(find_names(index, stocked, NAMES[0])) and index.is_whole)
    wanted = f"湘潭{NAMES[7]}2号茶业有限公司"
    assert find_names(index, stocked, wanted)[0] == normalise(wanted)


def test_questions_go_on_while_a_new_base_is_made_elsewhere(stocked: Database, tmp_path: Path) -> None:
    index = make_ready(NameIndex(tmp_path / "index", Pace(look_seconds=0, most_changes=3, retry_seconds=0.5)), stocked)
    before = index.shelf.newest()
    assert before is not None
    with stocked.write() as session:
        for number in range(5):
            make_enterprise(session, f"湘潭新店{number}号茶业有限公司")
    while True:
        assert find_names(index, stocked, "湘潭新店3号茶业")[0] == "湘潭新店3号茶业有限公司"
        assert index.is_whole
        label = index.shelf.newest()
        if label and label.revision > before.revision and not index.wants_base:
            break
        time.sleep(0.02)
    assert find_names(index, stocked, "湘潭新店3号茶业")[0] == "湘潭新店3号茶业有限公司"


def test_without_a_base_exact_questions_are_answered_and_none_is_denied(stocked: Database, tmp_path: Path) -> None:
    index = NameIndex(tmp_path / "index", NEEDS_BASE)
    with index.shelf.hold(), stocked.read() as session:  # so that nobody makes a base
        for exact in (NAMES[5], CODE):
            assert find(session, exact, index).verdict is Verdict.MATCH
        for other in (NAMES[5].replace("商贸", "商茂"), "王建国"):
            finding = find(session, other, index)
            assert (finding.verdict, finding.reason, finding.searched_count) == (Verdict.NONE, Reason.NOT_READY, 0)
        assert not index.is_whole
    with stocked.write() as session:  # what is new is found all the same
        make_enterprise(session, "湘潭萤火岭茶业有限公司")
    assert find_names(index, stocked, "萤火岭茶叶")[0] == "湘潭萤火岭茶业有限公司"
    wait_until(lambda: bool(find_names(index, stocked, NAMES[5])) and index.is_whole)
    assert find_names(index, stocked, NAMES[5].replace("商贸", "商茂"))[0] == NAMES[5]
    assert index.count == len(NAMES) + 1


def test_a_register_put_back_from_a_backup_is_followed(stocked: Database, tmp_path: Path) -> None:
    index = make_ready(NameIndex(tmp_path / "index", NEEDS_BASE), stocked)
    change_register(stocked)
    assert_changed(index, stocked)
    with stocked.write() as session:  # as if the last changes had never been
        session.query(Enterprise).filter(Enterprise.name == "长沙萤火岭茶业有限公司").delete()
        renamed = session.query(Enterprise).filter(Enterprise.name == "长沙胡杨谷商贸有限公司").one()
        renamed.name, renamed.name_hash, renamed.revision = NAMES[0], hash_name(NAMES[0]), 1
        session.query(Enterprise).filter(Enterprise.name.in_(NAMES[1:3])).update(
            {Enterprise.status: Status.IN_FORCE, Enterprise.revision: 2}
        )
        session.query(RegisterRevision).update({RegisterRevision.revision: len(NAMES)})
    wait_until(lambda: NAMES[1] in find_names(index, stocked, NAMES[1]))
    assert find_names(index, stocked, NAMES[0])[0] == NAMES[0]
    assert "长沙萤火岭茶业有限公司" not in find_names(index, stocked, "萤火岭茶业")


def test_a_base_that_could_not_be_used_is_used_as_soon_as_it_can(stocked: Database, tmp_path: Path) -> None:
    """The program that is to make a new base finds the old one fit and makes nothing: it is opened all the same."""

    def set_revision(revision: int) -> None:
        with stocked.write() as session:
            session.query(RegisterRevision).update({RegisterRevision.revision: revision})

    make_ready(NameIndex(tmp_path / "index", NEEDS_BASE), stocked)
    late = NameIndex(tmp_path / "index", NEEDS_BASE)
    with late.shelf.hold():  # so that nobody makes another meanwhile
        set_revision(len(NAMES) - 1)
        find_names(late, stocked, NAMES[5])
        assert not late.is_whole
        set_revision(len(NAMES))
        find_names(late, stocked, NAMES[5])
        assert not late.is_whole
    wait_until(lambda: NAMES[5] in find_names(late, stocked, NAMES[5]) and late.is_whole)
    assert [path.name for path in late.shelf.folder.iterdir() if path.is_dir()] == ["1"]


def test_an_empty_register_finds_nothing(database: Database, tmp_path: Path) -> None:
    index = NameIndex(tmp_path / "index")
    assert find_names(index, database, "云朵岸") == []
    assert (index.count, index.is_whole) == (0, True)


def test_a_shard_reads_back_its_names() -> None:
    shard = build_shard([(7, "云朵岸"), (9, "A"), (9, ""), (11, "𬭎光科技")])
    documents = np.asarray([3, 0, 2, 1], dtype=np.int64)
    assert shard.texts(documents) == ["𬭎光科技", "云朵岸", "", "A"]
    assert find_sharing(shard, "云朵", 1000, 10).tolist() == [0]
    assert find_sharing(shard, "无关", 1000, 10).tolist() == []
