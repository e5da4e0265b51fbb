"""What was in the archive before its life came stays as it was: in force, or ended."""

from pathlib import Path

from alembic import command
from sqlalchemy import text

from models.database import Database
from models.migration import alembic_config
from tests.conftest import VAULT

ROW = (
    "INSERT INTO {table} (enterprise_id, {own}, authority, source_unit, decided_on, published_from, withdrawn_on,"
    " withdrawn_reason, data_on)"
    " VALUES (1, {values}, '局', '局', '2026-04-10', '2026-04-10', {on}, {reason}, '2026-05-01')"
)
OWN = {
    "records": (
        "type, polarity, info_class, title, content, details",
        "'penalty','negative','administrative','t','','{}'",
    ),
    "listings": ("kind, list_name, legal_basis, document_number, reason", "'black','名单','依据','文号',''"),
}
ENDS = [
    ("NULL", "NULL"),
    ("'2026-05-01'", "'已完成信用修复'"),
    ("'2026-05-01'", "'撤销'"),
    ("'2099-01-01'", "'将来移出'"),
]


def test_published_stays_published_and_what_had_ended_says_how(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'd.db'}", VAULT)
    with database.engine.connect() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
        connection.execute(text("INSERT INTO enterprises (id, name, name_hash, status, data_on, revision)"
                                " VALUES (1, '企业', 1, 'in_force', '2026-05-01', 1)"))  # fmt: skip
        for table, (own, values) in OWN.items():
            for on, reason in ENDS:
                connection.execute(text(ROW.format(table=table, own=own, values=values, on=on, reason=reason)))
        connection.commit()
        command.upgrade(config, "0007")
        connection.commit()
        found = {table: connection.scalars(text(f"SELECT life FROM {table} ORDER BY id")).all() for table in OWN}
    assert found == {
        "records": ["published", "repaired", "withdrawn", "published"],
        "listings": ["published", "repaired", "removed", "published"],
    }
    database.close()
