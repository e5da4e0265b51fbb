"""Changing the secret key while the process is killed: everything opens at every moment, and a second run ends it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select

from bot.spool import Delivery, Spool
from cli.server import reseal_all
from models.audit import Act
from models.database import Database
from models.vault import Vault, VaultError
from services import followers
from services.audit import COMMAND_LINE, record, verify
from services.evidence.uploads import field_of, open_piece
from services.keys import INDEXES, reseal, sealed_tables
from tests.case_desk import PHONE, CaseDesk
from tests.citizen import make_settings
from tests.conftest import empty_tables
from tests.dying import Steps

ROOT = Path(__file__).parents[2]
KEYS = [f"key number {number} of more than thirty-two characters" for number in range(9)]
TEST_KEY = "a test key of more than thirty-two characters"
WRITING = {"os.rename", "os.remove", "os.mkdir", "os.rmdir"}
Opened = dict[tuple[object, ...], bytes]


def run_child(url: str, data_dir: Path, keys: tuple[str, str], die_at: int) -> int:
    """Seal anew in a process of its own, killed before its n-th step (-1: never); how many steps, 0 where killed."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writing, str(reseal_until(url, data_dir, keys, die_at)).encode())
        finally:
            os._exit(0)
    os.close(writing)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with os.fdopen(reading) as said:
        steps = int(said.read() or 0)
    assert code == (0 if steps else -signal.SIGKILL)
    return steps


def reseal_until(url: str, data_dir: Path, keys: tuple[str, str], die_at: int) -> int:
    """A step is a statement, a commit, or something done to a folder."""
    steps = Steps(die_at)
    database = Database(url, Vault(*keys))
    event.listen(database.engine, "before_cursor_execute", steps.count)
    event.listen(database.engine, "commit", steps.count)
    sys.addaudithook(lambda name, _: steps.count() if name in WRITING else None)
    reseal_all(database, data_dir, batch=2)
    return steps.seen


class Archive:
    """A database and a folder with something sealed of each kind, and what is sealed in them."""

    def __init__(self, database: Database, data_dir: Path) -> None:
        self.database, self.data_dir = database, data_dir
        self.url = database.engine.url.render_as_string(hide_password=False)
        desk = CaseDesk(database)
        for number in range(3):
            desk.file(key=f"key {number} of a citizen in a tunnel")
        with database.write() as session:
            for number in range(3):
                followers.meet(session, f"o_citizen_{number}", desk.now)
            record(session, COMMAND_LINE, Act.SIGNED_IN, desk.now)
        for name in ("spool", "put_off"):
            spool = Spool(data_dir / name, database.vault)
            for number in range(3):
                at = desk.now + timedelta(seconds=number)
                openid = "o_complainant" if name == "spool" else ""
                spool.keep(bytes([number]) * 32, Delivery({"n": str(number)}, b"body", at), openid)

        self.uploads = data_dir / "evidence" / "uploads" / "abc"
        self.uploads.mkdir(parents=True)
        for number in range(3):
            sealed = database.vault.seal_bytes(b"piece", field_of("abc", 5 * number))
            (self.uploads / f"{5 * number:010}-0000005").write_bytes(sealed)

    def open(self, *keys: str) -> Opened:
        """Every sealed value and kept message, opened; VaultError where one does not."""
        vault, found = Vault(*keys), Opened()
        with Database(self.url, vault).read() as session:
            for table, names in sealed_tables():
                for row in session.execute(select(table)).mappings():
                    place = (table.name, *(row[column.name] for column in table.primary_key.columns))
                    for name in names:
                        if row[name] is None:
                            continue
                        again, field = reseal(vault, row[name], table.name, name)
                        found[*place, name] = vault.open_bytes(again, field)
                        if index := INDEXES.get((table.name, name)):
                            assert row[index] in vault.indexes(found[*place, name].decode(), field)
        for name in ("spool", "put_off"):
            spool = Spool(self.data_dir / name, vault)
            for path, delivery in spool.waiting(-1):
                found[name, path.name] = delivery.query["n"].encode()
            assert not (self.data_dir / name / "unreadable").exists()
        for path in sorted(self.uploads.glob("*-???????")):
            field = field_of("abc", int(path.name.partition("-")[0]))
            found["upload", path.name] = open_piece(vault, path, field)
        return found


@pytest.fixture
def archive(database: Database, tmp_path: Path) -> Iterator[Archive]:
    yield Archive(database, tmp_path)
    empty_tables(database)


@pytest.mark.slow
def test_killed_at_every_step_of_changing_the_key(archive: Archive) -> None:
    """Again and again, later and later; now and then it is let come to its end, and the next key is due."""
    whole = archive.open(TEST_KEY)
    assert PHONE.encode() in whole.values()
    assert len(whole) > 20
    old, keys = TEST_KEY, iter(KEYS)
    new = next(keys)
    steps = run_child(archive.url, archive.data_dir, (new, old), -1)
    killed = 0
    points = sorted({*range(1, steps, steps // 14), *range(steps - 24, steps + 1, 4)})  # the files come last
    for number, die_at in enumerate(points):
        killed += run_child(archive.url, archive.data_dir, (new, old), die_at) == 0  # a later run has less to do
        assert archive.open(new, old) == whole, f"nothing lost, nothing sealed twice at {die_at}"
        if number % 7 == 6:
            assert run_child(archive.url, archive.data_dir, (new, old), -1) > 0
            assert archive.open(new) == whole, "a second run ends it"
            with pytest.raises(VaultError):
                archive.open(old)
            old, new = new, next(keys)
    assert killed >= 15
    run_child(archive.url, archive.data_dir, (new, old), -1)
    old = new
    with Database(archive.url, Vault(old)).read() as session:
        assert followers.is_follower(session, "o_citizen_1")
        assert verify(session).fault == ""
    spool = Spool(archive.data_dir / "spool", Vault(old))
    assert [path.name[:2] for path in spool.before("o_complainant", b"x" * 32)] == ["00", "01", "02"]


def test_the_command_ends_what_was_killed(archive: Archive) -> None:
    new = KEYS[0]
    whole = archive.open(TEST_KEY)
    assert run_child(archive.url, archive.data_dir, (new, TEST_KEY), 30) == 0
    settings = make_settings(
        database_url=archive.url, data_dir=archive.data_dir, secret_key=new, previous_secret_key=TEST_KEY
    )
    environment = {name.upper(): str(value) for name, value in settings.model_dump().items()}
    command = [sys.executable, "-m", "cli", "db", "reseal"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    assert "和 6 条暂存的消息" in done.stdout
    assert archive.open(new) == whole
