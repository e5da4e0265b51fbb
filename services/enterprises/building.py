"""Makes a new base of the name index: a program of its own, so that no question waits for it."""

import json
import logging
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from config.logging import set_up_logging
from models.database import Database
from models.enterprise import Enterprise
from models.vault import Vault
from services.enterprises.editions import count_rarity, current_revision, read_listed, read_names
from services.enterprises.shard import build_shard
from services.enterprises.shelf import Label, Shelf

ROOT = Path(__file__).parents[2]
KINDNESS = 5  # of the program to those that answer meanwhile: os.nice
WITNESSES = 16
log = logging.getLogger(__name__)


def make_base(session: Session, shelf: Shelf) -> None:
    """A base of the register as it is now, unless there is one; to be called within `shelf.hold`."""
    revision = current_revision(session)
    base = shelf.open_newest()
    if base and base.label.revision == revision and is_ours(session, base.label, revision):
        return
    log.info("the name index is being made; until it is there firms are found by exact name, by code, or as before")
    started = time.monotonic()
    witness = read_witness(session, revision)
    shard = build_shard(read_names(session), read_listed(session))
    owners = len(np.unique(shard.enterprise_ids))
    shelf.store(shard, count_rarity(shard), revision, owners, witness)
    log.info("name index made: %d names in %.1f s", shard.count, time.monotonic() - started)


def read_witness(session: Session, revision: int) -> str:
    """Some of the rows that changed last, as they are at a revision: another register has others."""
    rows = session.execute(
        select(Enterprise.id, Enterprise.revision, Enterprise.name_hash)
        .where(Enterprise.revision <= revision)
        .order_by(Enterprise.revision.desc())
        .limit(WITNESSES)
    )
    return json.dumps([list(row) for row in rows])


def is_ours(session: Session, label: Label, revision: int) -> bool:
    """Whether a base was made from this register: its witnesses are as they were, or have changed since."""
    if label.revision > revision:
        return False
    was = {row[0]: tuple(row[1:]) for row in json.loads(label.witness)}
    rows = session.execute(
        select(Enterprise.id, Enterprise.revision, Enterprise.name_hash).where(Enterprise.id.in_(list(was)))
    ).all()
    return len(rows) == len(was) and all(
        row.revision > label.revision or (row.revision, row.name_hash) == was[row.id] for row in rows
    )


class Builder:
    """Starts the program where a base is wanted: one at a time on a machine, with a pause between two."""

    def __init__(self, shelf: Shelf, retry_seconds: float) -> None:
        self.shelf, self.retry_seconds = shelf, retry_seconds
        self._program: subprocess.Popen[bytes] | None = None
        self._not_before = 0.0

    def watch(self, engine: Engine, *, is_wanted: bool) -> bool:
        """To be called now and then; whether a program has just ended."""
        has_ended = False
        if self._program is not None:
            code = self._program.poll()
            if code is None:
                return False
            self._program, has_ended = None, True
            self._not_before = time.monotonic() + self.retry_seconds
            if code:
                log.error(
                    "the name index could not be made; what there is goes on, next try in %.0f s", self.retry_seconds
                )
        if is_wanted and time.monotonic() >= self._not_before and not self.is_at_work():
            self._program = start_program(engine, self.shelf.folder)
        return has_ended

    def is_at_work(self) -> bool:
        """Whether any process of this machine makes a base."""
        with self.shelf.hold(wait=False) as is_free:
            return not is_free


def start_program(engine: Engine, folder: Path) -> subprocess.Popen[bytes]:
    """The program below; it learns by its input where the database is, and that its parent lives."""
    order = {"url": engine.url.render_as_string(hide_password=False), "folder": str(folder.resolve())}
    program = subprocess.Popen([sys.executable, "-m", "services.enterprises.building"], stdin=subprocess.PIPE, cwd=ROOT)
    assert program.stdin is not None  # noqa: S101 - asked for above
    program.stdin.write(json.dumps(order).encode() + b"\n")
    program.stdin.flush()
    return program


def end_with_parent() -> None:
    """Waits for the end of the input, which comes when the parent has ended, however it did."""
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    """Read an order, make the base unless another process does; exit code 1 where it failed."""
    set_up_logging()
    order = json.loads(sys.stdin.readline())
    threading.Thread(target=end_with_parent, daemon=True).start()
    os.nice(KINDNESS)
    shelf = Shelf(Path(order["folder"]))
    database = Database(order["url"], Vault(secrets.token_hex()))  # opens nothing that is sealed
    try:
        with shelf.hold(wait=False) as is_free, database.read() as session:
            if is_free:
                make_base(session, shelf)
    except (OSError, SQLAlchemyError) as error:
        free = shutil.disk_usage(shelf.folder).free >> 20
        log.error("making the name index failed, %d MB are free on its disk: %s: %s", free, type(error).__name__, error)
        sys.exit(1)


if __name__ == "__main__":
    main()
