"""A clock that a dialogue can turn."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# Friday, 20 November 2026, 18:00 in Shanghai.
EVENING = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@dataclass
class Clock:
    """Stands still until it is turned."""

    moment: datetime = EVENING

    def __call__(self) -> datetime:
        return self.moment

    def turn(self, minutes: int) -> None:
        self.moment += timedelta(minutes=minutes)
