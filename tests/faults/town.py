"""A whole installation with WeChat and citizens: real processes, real lines, and the books of what was said to whom."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import requests
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from bot.spool import Spool
from config.settings import Settings
from models.case import Case
from models.database import Database
from models.migration import upgrade_database
from models.notice import Notice, NoticeStatus
from models.received import Received
from services.calendar.years import seed_calendar
from services.demo.load import load_demo
from services.quiz.bank import seed_bank
from tests.citizen import make_settings
from tests.faults.line import HOST, Line
from tests.faults.test_start import free_port
from wsgi import open_database

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0
SPOOL_AGE = 61  # what is younger is left to the web process
FIRMS = 60
OPEN = (NoticeStatus.NEW, NoticeStatus.LEASED)


class Town:
    """Web and jobs processes, the simulator, a line from WeChat to us, and the folder with all data."""

    def __init__(self, folder: Path, url: str = "", own_url: str = "", *, webs: int = 1, clerks: int = 1) -> None:
        self.folder = folder
        self.simulator_port, ports = free_port(), [free_port() for _ in range(webs)]
        self.front = Line(ports)
        self.settings = make_settings(
            data_dir=folder / "data",
            database_url=url,
            public_url=f"http://{HOST}:{self.front.port}",
            wechat_api_url=f"http://{HOST}:{self.simulator_port}",
        )
        books = self.settings.model_copy(update={"database_url": own_url or url})
        self.database = open_database(books)  # past the line that tests cut
        prepare(self.database)
        self.commands: dict[str, tuple[list[str], dict[str, str]]] = {
            "simulator": (["-m", "simulator"], describe_wechat(self.settings, self.simulator_port, self.front.port))
        }
        for number, port in enumerate(ports):
            self.commands[f"web{number}"] = (["-m", "cli", "serve", "--workers", "1"], variables(self.settings, port))
        for number in range(clerks):
            self.commands[f"jobs{number}"] = (["-m", "cli", "jobs"], variables(self.settings, 0))
        self.ports = {f"web{number}": port for number, port in enumerate(ports)}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        for name in self.commands:
            self.start(name)
        wait_until(lambda: answers(f"http://{HOST}:{self.simulator_port}/healthz"))
        for name in self.ports:
            self.wait_for(name)

    def start(self, name: str) -> None:
        arguments, environment = self.commands[name]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_for(self, web: str) -> None:
        """Until it is ready to answer."""
        wait_until(lambda: answers(f"http://{HOST}:{self.ports[web]}/readyz"))

    def kill(self, name: str) -> None:
        """kill -9 of all that belongs to it, at once."""
        os.killpg(self.processes[name].pid, signal.SIGKILL)
        self.processes[name].wait()

    def end(self, name: str) -> None:
        """As `systemctl stop` does."""
        self.processes[name].terminate()
        self.processes[name].wait(PATIENCE)

    def ask_wechat(self, path: str, body: dict[str, object] | None = None) -> dict[str, object]:
        """The simulator's own door."""
        address, method = f"http://{HOST}:{self.simulator_port}/simulate{path}", "GET" if body is None else "POST"
        answer = requests.request(method, address, json=body, timeout=PATIENCE)
        answer.raise_for_status()
        found: dict[str, object] = answer.json()
        return found

    def kept(self) -> list[Path]:
        """What waits in the spool."""
        return [path for _, path in Spool(self.folder / "data/spool", self.database.vault).times()]

    def age_spool(self) -> None:
        """Let a minute pass for what is kept, so that a test need not wait for it; each citizen's order stays."""
        last: dict[Path, float] = {}  # by the citizen's folder
        for written, path in sorted(Spool(self.folder / "data/spool", self.database.vault).times()):
            is_old = written < time.time() - SPOOL_AGE
            at = last[path.parent] = max(written - (not is_old) * SPOOL_AGE, last.get(path.parent, 0.0) + 0.001)
            with suppress(FileNotFoundError):  # handled meanwhile
                os.utime(path, (at, at))

    def log(self) -> str:
        """What all processes wrote."""
        return "".join(path.read_text(encoding="utf-8", errors="replace") for path in self.folder.glob("*.log"))

    def numbers(self) -> list[str]:
        """Of all cases."""
        with self.database.read() as session:
            return list(session.scalars(select(Case.number)))

    def stored_keys(self) -> set[bytes]:
        """Of all messages that were handled."""
        with self.database.read() as session:
            return set(session.scalars(select(Received.key)))

    def count_notices(self, *statuses: NoticeStatus) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).where(Notice.status.in_(statuses))) or 0

    def doubtful_keys(self) -> set[str]:
        """Of late answers that may have arrived and are not sent again; none known while the database is away."""
        with suppress(DBAPIError), self.database.read() as session:
            unknown = select(Notice.idempotency_key).where(Notice.status == NoticeStatus.UNKNOWN)
            return set(session.scalars(unknown))
        return set()

    def close(self) -> None:
        """Nothing of it lives on."""
        self.front.close()
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.database.close()


def prepare(database: Database) -> None:
    """Tables, calendar, and a few firms."""
    upgrade_database(database)
    now = datetime.now(UTC)
    with database.write() as session:
        seed_calendar(session, now)
        seed_bank(session, now)
    load_demo(database, date(2026, 11, 20), FIRMS)


def variables(settings: Settings, port: int) -> dict[str, str]:
    """The environment of one process of ours."""
    found = {name.upper(): str(value) for name, value in settings.model_dump().items()}
    return found | ({"PORT": str(port)} if port else {})


def describe_wechat(settings: Settings, port: int, front_port: int) -> dict[str, str]:
    """The simulator's environment."""
    return {
        "SIMULATOR_APP_ID": settings.wechat_app_id,
        "SIMULATOR_APP_SECRET": settings.wechat_app_secret,
        "SIMULATOR_TOKEN": settings.wechat_token,
        "SIMULATOR_AES_KEY": settings.wechat_aes_key,
        "SIMULATOR_WEBHOOK": f"http://{HOST}:{front_port}/wechat",
        "SIMULATOR_HOST": HOST,
        "SIMULATOR_PORT": str(port),
    }


def answers(address: str) -> bool:
    with suppress(requests.RequestException):
        return requests.get(address, timeout=5).ok
    return False


def wait_until(is_done: Callable[[], bool], seconds: float = PATIENCE, act: Sequence[Callable[[], None]] = ()) -> None:
    """Until it is so; the patience is for a busy machine."""
    limit = time.monotonic() + seconds
    while not is_done():
        assert time.monotonic() < limit, "it did not happen"
        for one in act:
            one()
        time.sleep(0.1)
