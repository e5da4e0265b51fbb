"""Migrations: one head, in sequence, equal to the models, and they can be taken back."""

import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from models import Base
from models.database import Database
from models.migration import SchemaError, alembic_config, check_schema, head_revision, upgrade_database
from tests.conftest import VAULT


def test_migrations_equal_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_are_one_sequence() -> None:
    scripts = list(ScriptDirectory.from_config(alembic_config()).walk_revisions())
    numbers = [script.revision for script in reversed(scripts)]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_downgrade_takes_everything_back(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'd.db'}", VAULT)
    upgrade_database(database)
    with database.engine.connect() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()
    assert inspect(database.engine).get_table_names() == ["alembic_version"]


def test_two_processes_may_upgrade_at_once(tmp_path: Path) -> None:
    faults: list[Exception] = []

    def upgrade() -> None:
        try:
            upgrade_database(Database(f"sqlite:///{tmp_path / 'd.db'}", VAULT))
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=upgrade) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'd.db'}", VAULT)
    upgrade_database(database)
    with database.engine.execution_options(begin_immediate=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaError, match="9999"):
        upgrade_database(database)
    with pytest.raises(SchemaError):
        check_schema(database)
    assert head_revision() != "9999"
