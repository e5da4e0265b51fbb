"""Migrations of a filled database that is in use: nobody waits long, and what cannot be had now is tried again."""

import io
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import op
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from migrations.online import add_index
from models.database import Database
from models.migration import Patience, SchemaError, alembic_config, run_migrations, upgrade_database
from tests.conftest import VAULT, WORKER, create_postgres_database
from tests.waiting import wait_for

IN_USE_SINCE = "0022"  # what came before was never on a filled database
# Tables that grow with firms, citizens and messages.
GREAT = ("enterprises", "enterprise_names", "records", "listings", "received", "notices", "followers", "issued_answers",
         "campaign_deliveries", "audit_entries", "cases", "case_events", "contacts", "conversations")  # fmt: skip
SHORT = Patience(lock_milliseconds=200, tries=400, pause_seconds=0.1)


@pytest.fixture
def fresh() -> Iterator[Database]:
    url = create_postgres_database(f"chengxin_test_locks_{WORKER}").render_as_string(hide_password=False)
    database = Database(url, VAULT)
    yield database
    database.close()


def write_sql(since: str) -> str:
    """What PostgreSQL is told by the migrations since one."""
    config, told = alembic_config(), io.StringIO()
    script = ScriptDirectory.from_config(config)
    steps = lambda _revision, _context: script._upgrade_revs("head", since)  # noqa: E731
    with EnvironmentContext(config, script, fn=steps, as_sql=True, starting_rev=since) as environment:
        environment.configure(dialect_name="postgresql", output_buffer=told, as_sql=True)
        with environment.begin_transaction():
            environment.run_migrations()
    return told.getvalue()


def find_long_locks(sql: str) -> list[str]:
    """Statements that lock a great table for as long as it is great."""
    great = "|".join(GREAT)
    patterns = (
        rf"CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)\S+ ON (?:{great})\b[^;]*",
        rf"ALTER TABLE (?:{great}) ADD CONSTRAINT(?![^;]*NOT VALID)[^;]*",
        rf"ALTER TABLE (?:{great}) ALTER COLUMN \S+ (?:TYPE|SET NOT NULL)[^;]*",
        rf"ALTER TABLE (?:{great}) (?:DROP COLUMN|RENAME)[^;]*",
        rf"ALTER TABLE (?:{great}) ADD COLUMN [^;]*NOT NULL(?![^;]*DEFAULT)[^;]*",
        rf"(?:UPDATE|DELETE FROM) (?:{great})\b[^;]*",
    )
    return [found for pattern in patterns for found in re.findall(pattern, sql)]


def test_migrations_since_it_is_in_use_lock_no_great_table_for_long() -> None:
    assert find_long_locks(write_sql(IN_USE_SINCE)) == []


def test_statements_that_lock_are_found() -> None:
    sql = """CREATE INDEX ix_a ON received (kind); CREATE INDEX CONCURRENTLY ix_b ON received (kind);
    ALTER TABLE notices ADD CONSTRAINT c CHECK (x); ALTER TABLE notices ADD CONSTRAINT c CHECK (x) NOT VALID;
    ALTER TABLE followers ALTER COLUMN a TYPE TEXT; ALTER TABLE followers ADD COLUMN a INTEGER;
    ALTER TABLE records DROP COLUMN a; UPDATE enterprises SET a = 1; CREATE INDEX ix_c ON slots (a);
    ALTER TABLE cases ADD COLUMN b INTEGER NOT NULL; ALTER TABLE cases ADD COLUMN b INTEGER NOT NULL DEFAULT 0"""
    assert len(find_long_locks(sql)) == 6
    assert len(find_long_locks(write_sql("0001"))) > 5, "those before were made for an empty database"


def hold_table(engine: Engine, release: threading.Event, held: threading.Event) -> None:
    """A citizen's transaction that does not end."""
    with engine.connect() as connection:
        connection.execute(text("SELECT count(*) FROM notices"))
        held.set()
        release.wait(60)


class Upgrading:
    """A migration in a thread that adds a column to a table in use, and counts its tries."""

    def __init__(self, database: Database, patience: Patience) -> None:
        self.tries, self.error = 0, None  # type: int, Exception | None
        self.database, self.patience = database, patience
        self.thread = threading.Thread(target=self.run)

    def upgrade(self, config: Any, _to: str) -> None:
        self.tries += 1
        config.attributes["connection"].execute(text("ALTER TABLE notices ADD COLUMN spare INTEGER"))

    def run(self) -> None:
        try:
            with self.database.engine.connect() as connection:
                run_migrations(connection, self.patience, self.upgrade)
        except Exception as error:
            self.error = error


@pytest.fixture
def held(fresh: Database) -> Iterator[threading.Event]:
    """A reader sits on the table until it is released."""
    upgrade_database(fresh)
    release, has_it = threading.Event(), threading.Event()
    thread = threading.Thread(target=hold_table, args=(fresh.engine, release, has_it))
    thread.start()
    assert has_it.wait(60)
    yield release
    release.set()
    thread.join()


def test_a_table_in_use_is_waited_for_in_short_turns(fresh: Database, held: threading.Event) -> None:
    upgrading = Upgrading(fresh, SHORT)
    upgrading.thread.start()
    wait_for(lambda: upgrading.tries >= 3)
    with fresh.engine.begin() as connection:  # who comes after the migration gets through between its tries
        connection.execute(text("SET LOCAL lock_timeout = '30s'"))
        connection.execute(text("SELECT count(*) FROM notices"))
    held.set()
    upgrading.thread.join(60)
    assert upgrading.error is None
    with fresh.engine.connect() as connection:
        assert connection.execute(text("SHOW lock_timeout")).scalar_one() == "0"
        connection.execute(text("SELECT spare FROM notices"))


def test_a_table_that_stays_in_use_leaves_the_schema_as_it_was(fresh: Database, held: threading.Event) -> None:
    upgrading = Upgrading(fresh, Patience(lock_milliseconds=100, tries=2, pause_seconds=0.1))
    upgrading.run()
    assert isinstance(upgrading.error, SchemaError)
    assert "请稍后再运行" in str(upgrading.error)
    assert upgrading.tries == 2
    with fresh.engine.connect() as connection:
        columns = connection.execute(
            text("SELECT count(*) FROM information_schema.columns WHERE table_name='notices' AND column_name='spare'")
        )
        assert columns.scalar_one() == 0


def make_online(engine: Engine, faults: list[Exception]) -> None:
    """As a migration does it."""
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"transaction_per_migration": True})
            with context.begin_transaction(_per_migration=True), Operations.context(context):
                add_index("ix_filled_word", "filled", ["word"])
                op.execute("INSERT INTO filled (word) VALUES ('after')")
            connection.commit()
    except Exception as error:
        faults.append(error)


def test_an_index_is_made_while_others_write(fresh: Database) -> None:
    with fresh.engine.begin() as connection:
        connection.execute(text("CREATE TABLE filled (id bigserial PRIMARY KEY, word text)"))
        connection.execute(text("INSERT INTO filled (word) SELECT md5(i::text) FROM generate_series(1, 20000) i"))
    faults: list[Exception] = []
    thread = threading.Thread(target=make_online, args=(fresh.engine, faults))
    with fresh.engine.begin() as writer:
        writer.execute(text("INSERT INTO filled (word) VALUES ('open')"))  # the index waits for this to end
        thread.start()
        wait_for(lambda: is_building(fresh.engine))
        with fresh.engine.begin() as another:  # and nobody waits for the index
            another.execute(text("SET LOCAL lock_timeout = '30s'"))
            another.execute(text("INSERT INTO filled (word) VALUES ('meanwhile')"))
        assert thread.is_alive()
    thread.join(60)
    assert faults == []
    with fresh.engine.connect() as connection:
        valid = connection.execute(
            text("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_filled_word'::regclass")
        )
        assert valid.scalar_one() is True
        words = connection.execute(text("SELECT word FROM filled WHERE word IN ('open', 'meanwhile', 'after')"))
        assert len(words.all()) == 3


def is_building(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(connection.execute(text("SELECT 1 FROM pg_stat_progress_create_index")).first())


def test_on_sqlite_an_index_is_made_as_ever(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'd.db'}", VAULT)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE filled (id integer PRIMARY KEY, word text)"))
        with Operations.context(MigrationContext.configure(connection)):
            add_index("ix_filled_word", "filled", ["word"], unique=True)
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'index'")).scalars().all()
    assert names == ["ix_filled_word"]
