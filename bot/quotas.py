"""WeChat's rules on when and how often we may write to a citizen (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot.messages import Event, Inbound, Kind
from models.follower import Trigger
from services.calendar.working_days import SHANGHAI

# Clocks differ and a call takes time: the last seconds of a window are not used.
SAFETY = timedelta(seconds=5)


@dataclass(frozen=True)
class Allowance:
    """How many customer-service messages a contact allows, and for how long."""

    count: int
    lasts: timedelta


ALLOWANCES = {
    Trigger.MESSAGE: Allowance(5, timedelta(hours=48)),
    Trigger.MENU: Allowance(3, timedelta(minutes=1)),
    Trigger.FOLLOW: Allowance(3, timedelta(minutes=1)),
    Trigger.SCAN: Allowance(3, timedelta(minutes=1)),
}
TRIGGERS = {
    Event.SUBSCRIBE: Trigger.FOLLOW,
    Event.SCAN: Trigger.SCAN,
    Event.CLICK: Trigger.MENU,
    Event.SCANCODE_PUSH: Trigger.MENU,
    Event.SCANCODE_WAITMSG: Trigger.MENU,
}


class Window(Protocol):
    """What the rules need of models/follower.py:ContactWindow."""

    @property
    def trigger(self) -> Trigger: ...
    @property
    def opened_at(self) -> datetime: ...
    @property
    def used_count(self) -> int: ...


W = TypeVar("W", bound=Window)


def trigger_of(message: Inbound) -> Trigger | None:
    """The window that a message or event opens, if any."""
    if message.kind is not Kind.EVENT:
        return Trigger.MENU if message.menu_id else Trigger.MESSAGE  # a tapped line counts as a menu
    return TRIGGERS.get(message.event) if message.event else None


def closes_at(window: Window) -> datetime:
    """When we stop using the window."""
    return window.opened_at + ALLOWANCES[window.trigger].lasts - SAFETY


def pick_window(windows: Iterable[W], now: datetime) -> W | None:
    """The open window with something left that closes first; None when none is open."""
    usable = [
        window for window in windows if now < closes_at(window) and window.used_count < ALLOWANCES[window.trigger].count
    ]
    return min(usable, key=closes_at, default=None)


def next_day(now: datetime) -> datetime:
    """00:00 in Shanghai, when daily quotas begin again."""
    midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=1)


def next_minute(now: datetime) -> datetime:
    """When a per-minute quota begins again."""
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)
