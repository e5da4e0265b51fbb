"""Bringing a database to the newest schema, safely when several processes start at once."""

import fcntl
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from models.database import Database

MIGRATIONS = Path(__file__).parent.parent / "migrations"
ADVISORY_LOCK = 7_312_001
LOCK_NOT_AVAILABLE = "55P03"


@dataclass(frozen=True)
class Patience:
    """How long a migration waits for a table, and how often it comes again."""

    lock_milliseconds: int = 3_000
    tries: int = 6
    pause_seconds: float = 5.0


PATIENT = Patience()
log = logging.getLogger(__name__)


class SchemaError(Exception):
    """The database's schema is not the one this code needs."""


def alembic_config() -> Config:
    """Alembic's configuration without a file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def head_revision() -> str:
    """The newest migration of this code."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if head is None:
        raise SchemaError("没有迁移文件")
    return head


def known_revisions() -> set[str]:
    """All migrations of this code."""
    return {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}


@contextmanager
def hold_migration_lock(connection: Connection, database: Database) -> Iterator[None]:
    """Let one process migrate at a time: a file lock beside SQLite, an advisory lock in PostgreSQL."""
    if not database.is_sqlite:
        connection.execute(text("SELECT pg_advisory_lock(:id)"), {"id": ADVISORY_LOCK})
        connection.commit()
        yield
        connection.execute(text("SELECT pg_advisory_unlock(:id)"), {"id": ADVISORY_LOCK})
        return
    with Path(f"{database.engine.url.database}.migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def upgrade_database(database: Database, patience: Patience = PATIENT) -> str:
    """Apply all missing migrations; returns the revision. SchemaError if the database is newer, or its tables busy."""
    with database.engine.connect() as connection, hold_migration_lock(connection, database):
        current = MigrationContext.configure(connection).get_current_revision()
        connection.commit()
        if current is not None and current not in known_revisions():
            raise SchemaError(f"数据库版本 {current} 比本程序新，请升级程序")
        if current != head_revision():
            run_migrations(connection, patience)
    return head_revision()


def run_migrations(
    connection: Connection, patience: Patience, upgrade: Callable[[Config, str], None] = command.upgrade
) -> None:
    """All that are missing. On PostgreSQL none waits long for a table: whoever comes after it would wait as well."""
    config = alembic_config()
    config.attributes["connection"] = connection
    for left in reversed(range(patience.tries)):
        try:
            with limit_waiting(connection, patience.lock_milliseconds):
                upgrade(config, "head")
                connection.commit()
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                raise
            if not left:
                raise SchemaError("要改的表一直有人用着，数据库没有改动；请稍后再运行 chengxin db upgrade") from None
            log.warning("a table is in use; the migration steps back and tries again, %d times more", left)
            time.sleep(patience.pause_seconds)
        else:
            return


@contextmanager
def limit_waiting(connection: Connection, milliseconds: int) -> Iterator[None]:
    """Within, PostgreSQL waits for no lock longer than that."""
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.execute(text(f"SET lock_timeout = {milliseconds}"))
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text("SET lock_timeout = 0"))
        connection.commit()


def check_schema(database: Database) -> None:
    """SchemaError unless the database is at the newest migration."""
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current != head_revision():
        raise SchemaError("数据库尚未升级，请先运行 chengxin db upgrade")
