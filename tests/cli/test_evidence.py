"""`chengxin evidence …`: says what is there, and ends with 1 when something that was handed in is not."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database import Database
from models.migration import upgrade_database
from models.vault import Vault
from tests.cli.test_cli import SECRETS, Done, run
from tests.evidence_files import GOOD, PDF
from tests.evidence_room import EvidenceRoom


@pytest.fixture
def room(tmp_path: Path) -> Iterator[EvidenceRoom]:
    database = Database(f"sqlite:///{tmp_path / 'chengxin.db'}", Vault(SECRETS["SECRET_KEY"]))
    upgrade_database(database)
    yield EvidenceRoom(database, tmp_path)
    database.close()


def command(room: EvidenceRoom, name: str) -> Done:
    return run("evidence", name, data_dir=room.store.folder.parent, **SECRETS)


def test_what_is_whole_missing_and_damaged_is_counted(room: EvidenceRoom) -> None:
    photo, paper = room.add(GOOD["jpg"]), room.add(PDF)
    done = command(room, "check")
    assert (done.returncode, done.stdout) == (0, "完好 2 个，缺失 0 个，损坏 0 个\n")
    (room.store.folder / photo.sealed_name).unlink()
    path = room.store.folder / paper.sealed_name
    path.write_bytes(path.read_bytes()[:-1])
    done = command(room, "check")
    assert done.returncode == 1
    assert "缺失 1 个，损坏 1 个" in done.stdout
    assert f"缺失：{photo.id}；损坏：{paper.id}" in done.stderr


def test_files_of_nobody_are_named_and_put_aside(room: EvidenceRoom) -> None:
    name = room.store.keep(b"a file whose row was never written").name
    old = time.time() - 7200
    os.utime(room.store.folder / name, (old, old))
    assert "没有登记的文件 1 个" in command(room, "check").stdout
    assert command(room, "sweep").stdout == "移开 1 个，移回 0 个，删除 0 个\n"
    assert "aside 中有 1 个" in command(room, "check").stdout
