"""Whether the process lives and whether it can answer."""

from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from models.database import Database


def create_health(database: Database) -> Blueprint:
    """GET /healthz: the process is alive; GET /readyz: the database answers, else 503."""
    pages = Blueprint("health", __name__)

    @pages.get("/healthz")
    def healthz() -> dict[str, str]:
        """Alive; asks nothing of anybody."""
        return {"status": "alive"}

    @pages.get("/readyz")
    def readyz() -> tuple[dict[str, str], int]:
        """Ready when a question to the database comes back."""
        try:
            with database.read() as session:
                session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return {"status": "database does not answer"}, 503
        return {"status": "ready"}, 200

    return pages
