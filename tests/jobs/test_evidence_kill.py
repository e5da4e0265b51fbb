"""kill -9 at each step of taking in evidence: what was acknowledged is there, whole, once; nothing else stays."""

import itertools
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.settings import Settings
from models.database import Database
from services.evidence.checking import check_store, sweep_store
from services.evidence.uploads import sweep_uploads
from tests.evidence_files import GOOD
from tests.fake_wechat import FakeWechat
from tests.jobs.test_evidence_fetches import MEDIA, FetchRoom

ROOT = Path(__file__).parents[2]
PHOTO = GOOD["jpg"]
MOMENTS = ["examining", "between view and original", "kept", "flushed", "committed"]


class Desk:
    """Runs tests/jobs/evidence_desk.py."""

    def __init__(self, room: FetchRoom, door: str) -> None:
        self.room, self.door, self.token = room, door, "-"
        room.fake.answers[MEDIA] = [PHOTO]

    def run(self, when: str) -> int:
        url = self.room.database.engine.url.render_as_string(hide_password=False)
        folder = str(self.room.settings.data_dir)
        program = [sys.executable, "-m", "tests.jobs.evidence_desk", url, folder, self.room.fake.url]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "TOKEN": self.token}
        return subprocess.run(
            [*program, self.door, when], cwd=ROOT, env=environment, timeout=60, check=False
        ).returncode


@pytest.mark.parametrize(
    ("moment", "door"), [("fetching", "fetch"), *itertools.product(MOMENTS, ["fetch", "upload"])]
)  # an upload is not fetched
def test_killed_at_any_step_it_is_there_once_and_whole(
    database: Database, settings: Settings, fake: FakeWechat, moment: str, door: str
) -> None:
    room = FetchRoom(database, settings, fake)
    desk = Desk(room, door)
    if door == "fetch":
        room.send()
    else:
        desk.token = room.begin(len(PHOTO), "发票.jpg")
        room.uploads.put(desk.token, 0, PHOTO)
    assert desk.run(moment) == -signal.SIGKILL
    for _ in range(2):
        room.pass_time(minutes=6)  # the lease of the dead runs out after five
        if door == "fetch":
            room.fetcher().step()
        else:
            room.uploads.finish(desk.token)
    (row,) = room.rows()
    assert room.waiting() == room.told() == []
    check = check_store(database, room.store, room.now)
    assert (check.whole_count, check.is_sound) == (1, True)
    sweep_store(database, room.store, datetime.now(UTC) + timedelta(hours=2))
    assert room.names() == {row.sealed_name}
    sweep_uploads(database, room.store, room.now)
    assert list(room.store.folder.glob("*.new")) == list(room.store.uploads.glob("*")) == []


@pytest.mark.parametrize("size", [20_000, 1_000_000])
def test_a_piece_is_there_whole_or_not_at_all(
    sqlite: Database, settings: Settings, fake: FakeWechat, size: int
) -> None:
    room = FetchRoom(sqlite, settings, fake)
    token = room.begin(2 * size)
    room.uploads.put(token, 0, bytes(size))
    folder = next(room.store.uploads.iterdir())
    (folder / f"{size:010}-{size:07}.3f2a.new").write_bytes(b"half a piece")  # as kill -9 leaves it
    assert room.uploads.received(token) == size
    assert room.uploads.put(token, size, bytes(size)) == 2 * size
