"""Many rows of the register in one statement, past the ORM: the import's hot path."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from models.base import UtcDateTime
from models.enterprise import RegisterRevision, Status
from services.enterprises.entries import VALUE_FIELDS

REVISION_ID = 1
VALUES = tuple(str(value) for value in VALUE_FIELDS)
COLUMNS = ("name", "name_hash", "credit_code", *VALUES, "data_on", "revision")
STATUS_WORDS = {None: Status.UNKNOWN.value} | {status: status.value for status in Status}
FIRST_REVISION = text(
    "INSERT INTO register_revision (id, revision, changed_at) VALUES (:id, 0, :now) ON CONFLICT (id) DO NOTHING"
).bindparams(bindparam("now", type_=UtcDateTime))
# SQLite's pages of the two random indexes; with its default of 2 MB each batch would write them several times.
CACHE_KB = 128 * 1024

Values = tuple[Any, ...]  # name, name_hash, credit_code and VALUES


def lock_revision(session: Session, now: datetime) -> RegisterRevision:
    """The register's revision, locked: writers of the register stand in line on PostgreSQL too."""
    row = session.get(RegisterRevision, REVISION_ID, with_for_update=True)
    if row is None:
        session.execute(FIRST_REVISION, {"id": REVISION_ID, "now": now})  # a second writer waits here
        row = session.get_one(RegisterRevision, REVISION_ID, with_for_update=True)
    return row


def is_sqlite(session: Session) -> bool:
    """The back-end of the session."""
    return session.get_bind().dialect.name == "sqlite"


def set_cache(session: Session, kilobytes: int) -> None:
    """Pages that SQLite's connection keeps in memory; nothing on PostgreSQL."""
    if is_sqlite(session):
        session.connection().exec_driver_sql(f"PRAGMA cache_size=-{kilobytes}")


def execute_many(session: Session, statement: str, rows: list[Values]) -> None:
    """A statement with ? for each value, on plain tuples: half the time of SQLAlchemy's dictionaries."""
    if rows:
        marked = statement if is_sqlite(session) else statement.replace("?", "%s")
        session.connection().exec_driver_sql(marked, rows)


def spell(values: Values, data_on: str, number: int) -> Values:
    """Values of COLUMNS as both drivers take them; an enterprise is in force unless it is said otherwise."""
    name, name_hash, code, status, kind, day, province, city, address, capital, scope = values
    day, status = spell_day(day), STATUS_WORDS[status]
    return name, name_hash, code, status, kind, day, province, city, address, capital, scope, data_on, number


@lru_cache(maxsize=1 << 15)
def spell_day(day: date | None) -> str | None:
    """ISO; registration days come again and again."""
    return day.isoformat() if day else None


def insert_rows(session: Session, rows: Iterable[Values], data_on: date, number: int) -> None:
    """New enterprises under a revision."""
    marks = ", ".join("?" * len(COLUMNS))
    statement = f"INSERT INTO enterprises ({', '.join(COLUMNS)}) VALUES ({marks})"  # noqa: S608
    day = data_on.isoformat()
    execute_many(session, statement, [spell(row, day, number) for row in rows])


def update_rows(session: Session, rows: Iterable[tuple[int, Values]], data_on: date, number: int) -> None:
    """Known enterprises with all their values, under a revision."""
    statement = f"UPDATE enterprises SET {' = ?, '.join(COLUMNS)} = ? WHERE id = ?"  # noqa: S608
    day = data_on.isoformat()
    execute_many(session, statement, [(*spell(values, day, number), known) for known, values in rows])


def note_seen(session: Session, ids: Iterable[int], data_on: date) -> None:
    """Newer data says the same of these enterprises; no new revision, nothing to search anew."""
    day = data_on.isoformat()
    execute_many(session, "UPDATE enterprises SET data_on = ? WHERE id = ?", [(day, known) for known in ids])
