"""Bringing a database to the newest schema, safely when several processes start at once."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from models.database import Database

MIGRATIONS = Path(__file__).parent.parent / "migrations"
ADVISORY_LOCK = 7_312_001


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


def upgrade_database(database: Database) -> str:
    """Apply all missing migrations; returns the revision. SchemaError if the database is newer than the code."""
    with database.engine.connect() as connection, hold_migration_lock(connection, database):
        current = MigrationContext.configure(connection).get_current_revision()
        connection.commit()
        if current is not None and current not in known_revisions():
            raise SchemaError(f"数据库版本 {current} 比本程序新，请升级程序")
        if current != head_revision():
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    return head_revision()


def check_schema(database: Database) -> None:
    """SchemaError unless the database is at the newest migration."""
    with database.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current != head_revision():
        raise SchemaError("数据库尚未升级，请先运行 chengxin db upgrade")
