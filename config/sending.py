"""When and how publicity goes out, from sending.toml: quiet hours, lateness, the month's slots, the pace."""

from datetime import time, timedelta
from pathlib import Path

from pydantic import Field

from config.reading import Part, read_rules

SENDING_FILE = Path(__file__).with_name("sending.toml")


class SendingRules(Part):
    """The whole file."""

    quiet_from: time
    quiet_until: time
    most_late_hours: float = Field(gt=0, le=12)
    most_a_month: int = Field(ge=1, le=4)
    most_articles: int = Field(ge=1, le=8)
    confirm_minutes: int = Field(ge=1, le=60)
    slot_days: list[int] = Field(min_length=1, max_length=4)
    slot_hour: time
    per_second: float = Field(gt=0)
    at_once: int = Field(ge=1, le=100)

    @property
    def most_late(self) -> timedelta:
        """How late a send may still go out."""
        return timedelta(hours=self.most_late_hours)

    @property
    def confirm_within(self) -> timedelta:
        """How long WeChat waits for the administrator."""
        return timedelta(minutes=self.confirm_minutes)


def load_sending_rules(path: Path = SENDING_FILE) -> SendingRules:
    """Read sending.toml; SettingsError names what is wrong."""
    return read_rules(path, SendingRules)
