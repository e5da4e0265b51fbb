"""The clock's work on followed firms: take over members, find changes, write notices."""

from collections.abc import Callable
from datetime import datetime, timedelta

from config.answers import Following
from models.database import Database
from services.watching.looking import look
from services.watching.members import follow_members
from services.watching.serving import serve

MOST_LOOKS = 50  # in one step
MOST_BATCHES = 40  # in one step; then other jobs have their turn


class WatchClock:
    """May run in several processes: firms and followers are locked by whoever has them."""

    def __init__(self, database: Database, rules: Following, clock: Callable[[], datetime]) -> None:
        self.database, self.rules, self.clock = database, rules, clock

    def step(self) -> int:
        """Compare firms, then serve followers batch by batch; how many batches."""
        with self.database.write() as session:
            follow_members(session, self.clock())
        for _ in range(MOST_LOOKS):
            if self.look_on() < self.rules.looks_at_once:
                break
        for count in range(MOST_BATCHES):
            if not self.serve_one():
                return count
        return MOST_BATCHES

    def look_on(self) -> int:
        """Compare some firms in one transaction; how many."""
        with self.database.write() as session:
            settle = timedelta(minutes=self.rules.settle_minutes)
            return look(session, self.clock(), self.rules.looks_at_once, settle)

    def serve_one(self) -> bool:
        """One batch in one transaction."""
        with self.database.write() as session:
            return serve(session, self.clock(), self.rules.batch)
