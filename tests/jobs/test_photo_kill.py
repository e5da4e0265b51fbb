"""kill -9 while a photo is read, and between commit and clearing away: the citizen hears once."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.reception import Reception
from config.settings import Settings
from models.database import Database
from models.notice import Notice
from models.received import Received
from services import notices
from tests.citizen import Citizen, make_desk, open_door, real_now
from tests.fake_wechat import FakeWechat
from tests.jobs.photo_desk import make_router

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("moment", ["reading", "clearing"])
def test_killed_at_any_moment_it_is_answered_once(
    database: Database, settings: Settings, fake: FakeWechat, moment: str
) -> None:
    fake.answers["/cgi-bin/media/get"] = [b"\xff\xd8 a photo"]
    reception = Reception(settings, database, make_desk(settings), [make_router()], real_now)
    assert Citizen(open_door(reception), settings).sends("image", MediaId="M1") == ""
    reception.close()
    url = database.engine.url.render_as_string(hide_password=False)
    for when, ended in ((moment, -signal.SIGKILL), (moment, -signal.SIGKILL), ("never", 0), ("never", 0)):
        done = subprocess.run(
            [sys.executable, "-m", "tests.jobs.photo_desk", url, str(settings.data_dir), fake.url, when],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            timeout=60,
            check=False,
        )
        assert done.returncode == ended
    with database.read() as session:
        said = [notices.payload_of(session, notice)["text"]["content"] for notice in session.scalars(select(Notice))]
        assert said == ["照片说：稻花屿食品"]
        assert len(session.scalars(select(Received)).all()) == 1
    assert not list((settings.data_dir / "put_off").glob("*.msg"))
