"""The scaled set-up in real processes: timetables and workers on one PostgreSQL and one Redis, before a fake WeChat."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from redis.exceptions import RedisError
from sqlalchemy import func, select

from config.settings import Settings
from models.database import Database
from models.notice import Channel, Notice, NoticeStatus
from models.tallies import AT_WORK, PREFIX
from models.vault import Vault
from services import followers, notices, timetable_lease
from tests.citizen import make_settings
from tests.fake_wechat import FakeWechat
from tests.redis_server import RedisServer
from tests.waiting import wait_for

ROOT = Path(__file__).parent.parent
NOTHING: Mapping[str, str] = MappingProxyType({})
SEND = "/cgi-bin/message/template/send"


class Machines:
    """Processes by name, each a group that is killed as one; their lines in files of `folder`."""

    def __init__(self, database: Database, redis: RedisServer, wechat: FakeWechat, folder: Path) -> None:
        self.url = database.engine.url.render_as_string(hide_password=False)
        self.redis, self.wechat, self.folder = redis, wechat, folder
        self.database = Database(self.url, Vault(make_settings().secret_key))
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def settings_of(self, name: str) -> Settings:
        """Every machine keeps its own files."""
        return make_settings(
            database_url=self.url,
            redis_url=self.redis.url,
            jobs_engine="celery",
            data_dir=self.folder / name,
            wechat_api_url=self.wechat.url,
        )

    def start(
        self,
        name: str,
        *command: str,
        prefix: Sequence[str] = (),
        machine: str = "",
        more: Mapping[str, str] = NOTHING,
    ) -> None:
        """`chengxin command` on a machine of that name, with the variables that are its own."""
        settings = self.settings_of(machine or name).model_dump()
        environment = {key.upper(): str(value) for key, value in settings.items()}
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [*prefix, sys.executable, "-m", "cli", *command],
                cwd=ROOT,
                env={**os.environ, **environment, **more},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """kill -9 of all that belongs to it."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes.pop(name).wait()

    def close(self) -> None:
        """Nothing of it lives on."""
        for name in list(self.processes):
            with suppress(ProcessLookupError):
                self.kill(name)
        self.database.close()

    def log(self, name: str) -> str:
        """What it wrote."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def holder(self) -> str:
        """The name of the process that holds the timetable; "" while nobody does."""
        with self.database.read() as session:
            seen = timetable_lease.look(session)
        number = seen.holder.split(":")[1] if seen.holder else ""
        return next((name for name, one in self.processes.items() if str(one.pid) == number), "")

    def works(self) -> bool:
        """Whether a worker has shown itself in the last seconds."""
        with suppress(RedisError):
            return bool(self.redis.client.exists(PREFIX + AT_WORK))
        return False

    def order(self, prefix: str, count: int) -> None:
        """So many notices by template, due now."""
        now = datetime.now(UTC)
        with self.database.write() as session:
            follower_id = followers.meet(session, "o_citizen", now).id
            for number in range(count):
                payload = {"template_id": "T1", "data": {}}
                notices.add_notice(session, follower_id, Channel.TEMPLATE, payload, key=f"{prefix}{number}", now=now)

    def count(self, *statuses: NoticeStatus) -> int:
        """Notices in these states."""
        with self.database.read() as session:
            return session.scalar(select(func.count()).where(Notice.status.in_(statuses))) or 0

    def wait_for_sent(self, count: int) -> float:
        """Until so many are sent; how long that took."""
        return wait_for(lambda: self.count(NoticeStatus.SENT) >= count, 240, what=f"not {count} sent")

    def keys(self) -> list[str]:
        """Of all calls that WeChat got, in order."""
        return [str(call.json["client_msg_id"]) for call in self.wechat.calls if call.path == SEND]
