"""Runs migrations on the connection it is given, or on the database of the settings."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, Enum

from config.settings import load_settings
from models import Base
from models.base import UtcDateTime
from models.database import Database
from models.vault import Vault


def render_type(kind: str, thing: object, autogen: AutogenContext) -> str | Literal[False]:  # noqa: ARG001
    """Print our own types as the plain columns they are, so that old migrations need no models."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, Enum):
        return f"sa.String(length={thing.length})"
    return False


def run(connection: Connection) -> None:
    """SQLite migrates in one transaction; PostgreSQL in one for each step, which lets go of its tables at once."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_type,
        transaction_per_migration=connection.dialect.name == "postgresql",
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    database = Database(load_settings().database, Vault("migrations need no key"))
    with database.engine.connect() as own:
        run(own)
        own.commit()
