"""A database copied whole while it is in use, and put back."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, inspect, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from models import Base
from models.database import Database
from services.errors import UserError

SQLITE, POSTGRES = "database.sqlite", "database.dump"
PAGES_AT_ONCE = 2_000  # then writers have their turn
COUNTED = ("enterprises", "records", "listings", "cases", "case_events", "case_evidence", "followers", "audit_entries")


def copy_database(database: Database, folder: Path) -> str:
    """The state of one moment, in a file of this name."""
    if database.is_sqlite:
        copy_sqlite(database, folder / SQLITE)
        return SQLITE
    run_tool("pg_dump", ["--format=custom", "--no-owner", f"--file={folder / POSTGRES}"], database.engine.url)
    return POSTGRES


def copy_sqlite(database: Database, target: Path) -> None:
    """By SQLite's online backup, on a connection of its own."""
    with (
        closing(sqlite3.connect(str(database.engine.url.database))) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy, pages=PAGES_AT_ONCE)
        if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise UserError("备份出来的数据库没有通过完整性检查，请检查磁盘")


def put_back_database(database: Database, folder: Path) -> None:
    """Into an empty database; UserError where it is not empty."""
    if database.is_sqlite:
        target = Path(str(database.engine.url.database))
        if target.exists():
            raise UserError(f"{target} 已存在。为防止覆盖，请先把它移走再恢复")
        unfinished = target.with_suffix(".restoring")
        shutil.copyfile(folder / SQLITE, unfinished)
        unfinished.replace(target)
        return
    if inspect(database.engine).get_table_names():
        raise UserError("DATABASE_URL 指向的数据库不是空的。为防止覆盖，请另建一个空数据库再恢复")
    arguments = ["--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={database.engine.url.database}"]
    run_tool("pg_restore", [*arguments, str(folder / POSTGRES)], database.engine.url)


def run_tool(name: str, arguments: list[str], url: URL) -> None:
    """One of PostgreSQL's own tools; the password goes by the environment, where no list of processes shows it."""
    if shutil.which(name) is None:
        raise UserError(f"没有找到 {name}，请安装 PostgreSQL 客户端（apt install postgresql-client）")
    given = {
        "PGHOST": url.host,
        "PGPORT": str(url.port or 5432),
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    environment = os.environ | {key: str(value) for key, value in given.items() if value}
    command = [name, *arguments]  # one of two names, our own arguments
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise UserError(f"{name} 没有成功：{done.stderr.strip().splitlines()[-1:]}")


def count_rows(session: Session) -> dict[str, int]:
    """Rows of the tables that matter most."""
    tables = Base.metadata.tables
    return {name: session.scalar(select(func.count()).select_from(tables[name])) or 0 for name in COUNTED}
