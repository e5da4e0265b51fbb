"""A backup taken while people write is put back whole; what is damaged or half is refused."""

import shutil
import threading
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from models.audit import Act
from models.database import Database
from models.enterprise import Enterprise
from services.audit import Actor, record, verify
from services.backups.copying import find_faults, make_backup, restore_backup
from services.backups.database_copy import SQLITE, count_rows
from services.backups.manifest import read_manifest
from services.errors import UserError
from tests.conftest import VAULT, WORKER, create_postgres_database
from tests.factories import make_enterprise

CLERK = Actor("张敏（zhangmin）", None, "10.0.0.1")
SEALED = bytes(range(256)) * 40


def act(database: Database, now: datetime, number: int) -> None:
    """One transaction: a firm, and its entry in the audit log."""
    with database.write() as session:
        make_enterprise(session, f"长沙备份{number}号商贸有限公司")
        record(session, CLERK, Act.SIGNED_IN, now, subject=str(number), reason="演练")


def fill(data_dir: Path) -> None:
    for name in ("evidence/ab/sealed", "spool/waiting", "put_off/photo", "index/1/codes.npy", "weights.json"):
        (data_dir / name).parent.mkdir(parents=True, exist_ok=True)
        (data_dir / name).write_bytes(SEALED)


def empty_database(database: Database, folder: Path) -> Database:
    """Where to put it back."""
    if database.is_sqlite:
        return Database(f"sqlite:///{folder / 'restored.db'}", VAULT)
    url = create_postgres_database(f"chengxin_test_{WORKER}_restored")
    return Database(url.render_as_string(hide_password=False), VAULT)


def test_a_backup_under_load_is_put_back_whole(database: Database, tmp_path: Path, now: datetime) -> None:
    fill(tmp_path / "var")
    for number in range(5):
        act(database, now, number)
    stop = threading.Event()

    def go_on() -> None:
        number = 5
        while not stop.is_set():
            act(database, now, number)
            number += 1

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        folder = make_backup(database, tmp_path / "var", tmp_path / "kept", now)
    finally:
        stop.set()
        writer.join()
    restored = empty_database(database, tmp_path)
    manifest = restore_backup(restored, tmp_path / "new", folder)
    assert find_faults(restored, manifest) == []
    with restored.read() as session:
        firms = len(session.scalars(select(Enterprise.id)).all())
        assert firms == verify(session).count >= 5, "of each transaction both halves or none"
        assert count_rows(session)["enterprises"] == firms
    kept = {path.relative_to(tmp_path / "new").as_posix() for path in (tmp_path / "new").rglob("*") if path.is_file()}
    assert kept == {"evidence/ab/sealed", "spool/waiting", "put_off/photo", "weights.json"}
    assert (tmp_path / "new/evidence/ab/sealed").read_bytes() == SEALED
    restored.close()


def test_nothing_is_put_back_over_something(database: Database, tmp_path: Path, now: datetime) -> None:
    fill(tmp_path / "var")
    act(database, now, 1)
    folder = make_backup(database, tmp_path / "var", tmp_path / "kept", now)
    with pytest.raises(UserError, match="不是空的"):
        restore_backup(database, tmp_path / "var", folder)
    with pytest.raises(UserError, match=r"已存在|不是空的"):
        restore_backup(database, tmp_path / "new", folder)
    with database.read() as session:
        assert count_rows(session)["enterprises"] == 1


@pytest.mark.parametrize("damage", ["cut", "lost part", "lost manifest", "flipped"])
def test_a_damaged_backup_is_refused(sqlite: Database, tmp_path: Path, now: datetime, damage: str) -> None:
    folder = make_backup(sqlite, tmp_path / "var", tmp_path / "kept", now)
    part = folder / SQLITE
    content = part.read_bytes()
    match damage:
        case "cut":
            part.write_bytes(content[:-1])
        case "lost part":
            part.unlink()
        case "lost manifest":
            (folder / "manifest.json").unlink()
        case _:
            part.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    with pytest.raises(UserError):
        read_manifest(folder)
    with pytest.raises(UserError):
        restore_backup(empty_database(sqlite, tmp_path), tmp_path / "new", folder)
    assert not (tmp_path / "restored.db").exists()


def test_what_is_missing_after_all_is_named(sqlite: Database, tmp_path: Path, now: datetime) -> None:
    for number in range(3):
        act(sqlite, now, number)
    folder = make_backup(sqlite, tmp_path / "var", tmp_path / "kept", now)
    restored = empty_database(sqlite, tmp_path)
    manifest = restore_backup(restored, tmp_path / "new", folder)
    with restored.write() as session:
        session.execute(text("DELETE FROM enterprises WHERE id = (SELECT max(id) FROM enterprises)"))
    assert find_faults(restored, manifest) == ["enterprises：恢复后 2 行，备份时记下 3 行"]
    restored.close()


def test_a_backup_that_fails_leaves_nothing(sqlite: Database, tmp_path: Path, now: datetime) -> None:
    (tmp_path / "kept").mkdir()
    blocked = tmp_path / "kept" / f"chengxin-{now:%Y%m%d-%H%M%S}"
    blocked.mkdir()
    (blocked / "of another").write_text("x")
    with pytest.raises(OSError, match="not empty"):
        make_backup(sqlite, tmp_path / "var", tmp_path / "kept", now)
    assert [path.name for path in (tmp_path / "kept").iterdir()] == [blocked.name]
    shutil.rmtree(blocked)
