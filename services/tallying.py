"""Counts what one asker does within a window: in Redis where there is one that answers, else in a table.

When Redis dies the table begins at nothing, and Redis again when it comes back: a guesser has at most twice the tries.
"""

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.answer import CheckAttempt
from models.case_file import QueryAttempt
from models.database import tallies_of, vault_of
from models.tallies import TalliesAwayError, Tally

Row = QueryAttempt | CheckAttempt


@dataclass(frozen=True)
class TallyBook:
    """One kind of counting; only the blind index of who is counted is kept."""

    table: type[QueryAttempt] | type[CheckAttempt]
    field: str  # of the blind index

    def read(self, session: Session, key: str, now: datetime, within: timedelta) -> Tally | None:
        """The present window; None where nothing is counted in it."""
        index, tallies = vault_of(session).index(key, self.field), tallies_of(session)
        found: Tally | None = None
        try:
            found = tallies.read(self.name_of(index)) if tallies else self.read_row(session, index)
        except TalliesAwayError:
            found = self.read_row(session, index)
        return found if found and now - found.began_at < within else None

    def add(self, session: Session, key: str, now: datetime, within: timedelta) -> None:
        """One more; an old window is begun anew. In Redis it counts even when the transaction is rolled back."""
        index, tallies = vault_of(session).index(key, self.field), tallies_of(session)
        if tallies:
            with contextlib.suppress(TalliesAwayError):
                tallies.add(self.name_of(index), now, within)
                return
        self.add_row(session, index, now, within)

    def forget(self, session: Session, before: datetime) -> int:
        """Delete rows whose window began then or before; how many. Redis forgets by itself."""
        return int(session.execute(delete(self.table).where(self.table.began_at <= before)).rowcount)  # type: ignore[attr-defined]

    def name_of(self, index: bytes) -> str:
        """In Redis."""
        return f"tally:{self.field}:{index.hex()}"

    def read_row(self, session: Session, index: bytes) -> Tally | None:
        """From the table."""
        row = self.find_row(session, index)
        return Tally(row.began_at, row.failed_count) if row else None

    def add_row(self, session: Session, index: bytes, now: datetime, within: timedelta) -> None:
        """In the table, with the row locked until the commit."""
        row = self.find_row(session, index, locks=True)
        if row is None:
            with contextlib.suppress(IntegrityError), session.begin_nested():  # counted elsewhere at the same moment
                session.add(self.table(key=index, began_at=now, failed_count=0))
            row = self.find_row(session, index, locks=True)
        if row is not None:
            if now - row.began_at >= within:
                row.began_at, row.failed_count = now, 0
            row.failed_count += 1

    def find_row(self, session: Session, index: bytes, *, locks: bool = False) -> Row | None:
        """The row of whom is counted."""
        table: type[Any] = self.table
        row: Row | None = session.get(table, index, with_for_update=locks or None, populate_existing=locks)
        return row
