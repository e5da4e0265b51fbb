"""What migrations of a filled database use, so that nobody waits for them."""

from collections.abc import Sequence

from alembic import op


def add_index(name: str, table: str, columns: Sequence[str], *, unique: bool = False) -> None:
    """An index on a table with many rows: PostgreSQL makes it while the table is written.

    It may take long and locks nobody out, so it waits as long as it must. What an attempt that was broken off left
    behind is not valid and goes first.
    """
    if op.get_bind().dialect.name != "postgresql":
        op.create_index(name, table, list(columns), unique=unique)
        return
    with op.get_context().autocommit_block():
        before = op.get_bind().exec_driver_sql("SHOW lock_timeout").scalar_one()
        op.execute("SET lock_timeout = 0")
        op.drop_index(name, table_name=table, if_exists=True, postgresql_concurrently=True)
        op.create_index(name, table, list(columns), unique=unique, postgresql_concurrently=True)
        op.execute(f"SET lock_timeout = '{before}'")
