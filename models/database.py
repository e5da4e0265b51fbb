"""The engine and the sessions: the only place where either is made."""

import hashlib
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session

from models.tallies import Tallies
from models.vault import Vault

BUSY_TIMEOUT_MS = 2_000


class FairLock:
    """A lock that is given in the order of asking: SQLite's own waiting lets later writers pass earlier ones."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._queue: deque[threading.Event] = deque()
        self._held = False

    def acquire(self, timeout: float) -> bool:
        """Wait at most `timeout` seconds; True when the lock is ours."""
        with self._guard:
            if not self._held and not self._queue:
                self._held = True
                return True
            turn = threading.Event()
            self._queue.append(turn)
        if turn.wait(timeout):
            return True
        with self._guard:
            if turn.is_set():  # given between the timeout and here
                return True
            self._queue.remove(turn)
            return False

    def release(self) -> None:
        """Hand over to the one who has waited longest."""
        with self._guard:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._held = False


class DatabaseBusyError(Exception):
    """The line of writers did not move in time."""


class Database:
    """An engine with its sessions; writers of one process stand in line on SQLite."""

    def __init__(self, url: str, vault: Vault, pool_size: int = 8, tallies: Tallies | None = None) -> None:
        parsed = make_url(url)
        self.vault, self.tallies = vault, tallies
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self.write_lock = FairLock()
        if self.is_sqlite:
            if parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            self.engine: Engine = create_engine(
                parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, hide_parameters=True
            )
            event.listen(self.engine, "connect", set_up_sqlite)
            event.listen(self.engine, "begin", begin_sqlite)
        else:
            if parsed.drivername == "postgresql":
                parsed = parsed.set(drivername="postgresql+psycopg")
            self.engine = create_engine(parsed, pool_size=pool_size, pool_pre_ping=True, hide_parameters=True)

    @property
    def info(self) -> dict[str, object]:
        """What every session bears, as it is now: keys are changed while others read."""
        return {"vault": self.vault, "tallies": self.tallies}

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only reads; nothing is committed."""
        with Session(self.engine, info=self.info, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self, timeout: float = 10.0) -> Iterator[Session]:
        """A session whose whole block is one transaction: committed at its end, rolled back on any error.

        On SQLite it begins IMMEDIATE and waits its turn; DatabaseBusyError after `timeout` seconds.
        """
        if self.is_sqlite and not self.write_lock.acquire(timeout):
            raise DatabaseBusyError
        try:
            engine = self.engine.execution_options(begin_immediate=True)
            with (
                Session(engine, info=self.info, expire_on_commit=False) as session,
                session.begin(),
            ):
                yield session
        finally:
            if self.is_sqlite:
                self.write_lock.release()

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


@contextmanager
def read_beside(session: Session) -> Iterator[Session]:
    """A second session on the same database that only reads: for a thread, or to see what was committed since."""
    engine = session.get_bind().engine.execution_options(begin_immediate=False)
    with Session(engine, info=session.info, expire_on_commit=False) as beside:
        yield beside


def stand_in_line(session: Session, row: str) -> None:
    """Wait for a row that everybody writes, in the order of asking, until the transaction ends.

    On PostgreSQL who comes later finds the row's newest version first and passes those who wait for the one before:
    at thirty filings a second some waited for four seconds. On SQLite all writers stand in one line.
    """
    if session.get_bind().dialect.name == "postgresql":
        place = int.from_bytes(hashlib.sha256(row.encode()).digest()[:8], signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:place)"), {"place": place})


def vault_of(session: Session) -> Vault:
    """The vault that seals personal fields in this session."""
    vault: Vault = session.info["vault"]
    return vault


def tallies_of(session: Session) -> Tallies | None:
    """What counts for all machines, where there is a Redis."""
    found: Tallies | None = session.info.get("tallies")
    return found


def set_up_sqlite(connection: Any, record: Any) -> None:  # noqa: ARG001
    """WAL so that readers never wait, FULL so that what was acknowledged survives a power cut."""
    # Transactions are begun by us (begin_sqlite), not by the driver's guess.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin_sqlite(connection: Any) -> None:
    """Writers take the write lock at once: upgrading a read in the middle fails under load."""
    immediate = connection.get_execution_options().get("begin_immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
