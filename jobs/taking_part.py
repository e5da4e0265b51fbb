"""The clock's work on activities and reports: reminders before deadlines, names that are no longer needed."""

from collections.abc import Callable
from datetime import datetime

from config.taking_part import TakingPartRules
from models.database import Database
from services.counting.reminders import forget_sign_ups, remind


class TakingPartClock:
    """May run in several processes: what one has written the others find."""

    def __init__(self, database: Database, rules: TakingPartRules, clock: Callable[[], datetime]) -> None:
        self.database, self.rules, self.clock = database, rules, clock

    def remind(self) -> int:
        """Alerts of campaign staff; how many were written."""
        with self.database.write() as session:
            return remind(session, self.rules.counting.remind_days, self.clock())

    def clean_up(self) -> int:
        """How many sign-ups lost their name and telephone."""
        with self.database.write() as session:
            return forget_sign_ups(session, self.clock())
