"""Changing the secret key: every sealed value and blind index is made anew; files have keys of their own in rows."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, LargeBinary, Table, bindparam, select, update
from sqlalchemy.orm import Session

from models import Base
from models.database import Database, vault_of
from models.vault import Vault, VaultError

BATCH = 500
SEALED = "_sealed"
# Blind indexes and the sealed value they are made from; counters of failures are not worth it and run out.
INDEXES = {
    ("followers", "openid_sealed"): "openid_index",
    ("case_parties", "phone_sealed"): "phone_index",
    ("activity_sign_ups", "phone_sealed"): "phone_index",
    ("campaign_testers", "wechat_sealed"): "wechat_index",
}


def sealed_tables() -> Iterator[tuple[Table, list[str]]]:
    """Tables with the names of their sealed columns; a test sees that such columns are named so."""
    for table in Base.metadata.sorted_tables:
        names = [column.name for column in table.columns if column.name.endswith(SEALED)]
        if names and all(isinstance(table.columns[name].type, LargeBinary) for name in names):
            yield table, names


def reseal(vault: Vault, sealed: bytes, table: str, column: str) -> tuple[bytes, str]:
    """The value sealed by the newest key, and the field it is bound to: table.column with or without _sealed."""
    for field in (f"{table}.{column.removesuffix(SEALED)}", f"{table}.{column}"):
        try:
            return vault.seal_bytes(vault.open_bytes(sealed, field), field), field
        except VaultError:
            continue
    raise VaultError(f"{table}.{column} opens with none of the keys")


def reseal_database(database: Database, batch: int = BATCH) -> dict[str, int]:
    """Seal all rows anew; how many by table. Cut short, it is simply started again. The service must stand still.

    VaultError, with that batch unchanged, if a value opens with none of the keys.
    """
    counts: dict[str, int] = {}
    for table, names in sealed_tables():
        with database.read() as session:
            keys = [tuple(row) for row in session.execute(select(*table.primary_key.columns))]
        for start in range(0, len(keys), batch):
            with database.write() as session:
                for key in keys[start : start + batch]:
                    counts[table.name] = counts.get(table.name, 0) + reseal_row(session, table, names, key)
    return counts


def reseal_row(session: Session, table: Table, names: list[str], key: tuple[object, ...]) -> int:
    """One row; 0 if it is gone or has nothing sealed."""
    vault = vault_of(session)
    here: list[ColumnElement[bool]] = [
        column == bindparam(f"key_{at}", value)
        for at, (column, value) in enumerate(zip(table.primary_key.columns, key, strict=True))
    ]
    row = session.execute(select(*(table.columns[name] for name in names)).where(*here)).first()
    values: dict[str, bytes] = {}
    for name, sealed in zip(names, row or (), strict=False):
        if sealed is None:
            continue
        values[name], field = reseal(vault, sealed, table.name, name)
        if index := INDEXES.get((table.name, name)):
            values[index] = vault.index(vault.open(values[name], field), field)
    if values:
        session.execute(update(table).where(*here).values(**values))
    return int(bool(values))
