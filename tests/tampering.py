"""What whoever owns the database can do to the audit log, against the triggers that refuse it."""

from sqlalchemy import text

from models.database import Database

TRIGGERS = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'")


def tamper(database: Database, statement: str) -> None:
    """Run a statement with the triggers taken away for the moment."""
    with database.write() as session:
        if not database.is_sqlite:
            session.execute(text("SET LOCAL session_replication_role = replica"))
            session.execute(text(statement))
            return
        kept = session.execute(TRIGGERS).all()
        for one in kept:
            session.execute(text(f"DROP TRIGGER {one.name}"))
        session.execute(text(statement))
        for one in kept:
            session.execute(text(one.sql))
