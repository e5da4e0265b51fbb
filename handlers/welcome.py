"""A greeting for who follows the account or scans its code."""

from bot.messages import Event
from bot.replies import Text
from bot.router import Router, Turn
from bot.wording import render

router = Router("welcome")


@router.on_event(Event.SUBSCRIBE, Event.SCAN)
def greet(turn: Turn) -> Text:
    """What one can do here, three lines to tap, and what is kept of a citizen."""
    return Text(render("welcome", bureau=turn.desk.bureau, is_new=turn.message.event is Event.SUBSCRIBE))
