"""取消 anywhere: whatever was going on is forgotten."""

from bot.replies import Text
from bot.router import Router, Turn
from bot.wording import render

router = Router("cancel")

WORDS = r"取消|退出|返回|算了|不查了|不要了|不用了|结束|停止|重来|重新开始|cancel|quit|exit|back|stop"


@router.on_text(WORDS)
def cancel(turn: Turn) -> Text:
    """Clear the conversation."""
    was_open = turn.conversation.is_open
    turn.conversation.clear()
    return Text(render("cancelled", was_open=was_open))
