"""When and how often an account may write to a user by customer-service message."""

from simulator.state import User, Window
from simulator.world import World

MESSAGE_LEFT, MESSAGE_SECONDS = 5, 48 * 3600
ACTION_LEFT, ACTION_SECONDS = 3, 60


def open_by_message(world: World, user: User) -> None:
    """The user wrote: five messages within 48 hours."""
    user.message_window = Window(until=world.clock.now() + MESSAGE_SECONDS, left=MESSAGE_LEFT)


def open_by_action(world: World, user: User) -> None:
    """The user tapped a menu or a menu line, followed, or scanned: three messages within a minute."""
    user.action_window = Window(until=world.clock.now() + ACTION_SECONDS, left=ACTION_LEFT)


def take(world: World, user: User) -> int:
    """Use up one message; 0, or the error code: 45015 no window, 45047 window used up."""
    now = world.clock.now()
    windows = [w for w in (user.action_window, user.message_window) if now < w.until]
    if not user.followed or not windows:
        return 45015
    for window in windows:
        if window.left:
            window.left -= 1
            return 0
    return 45047
