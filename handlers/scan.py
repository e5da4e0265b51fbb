"""Scanned codes: the QR of a business licence holds the credit code in an address or in plain words."""

import re

from bot.messages import Event
from bot.replies import Reply, Text
from bot.router import Pass, Router, Turn
from bot.wording import render
from handlers.credit import answer_search
from services.enterprises.codes import find_codes

router = Router("scan")

# 名称:……; 统一社会信用代码:…… as older licences print it.
NAME_LINE = re.compile(r"(?:企业)?名称\s*[:：]\s*([^;；,，\n\r]{3,100})")
ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


@router.on_event(Event.SCANCODE_WAITMSG)
def answer_scan(turn: Turn) -> Reply | Pass:
    """The firm whose code or name was scanned."""
    return answer_scanned(turn, turn.message.content)


@router.on_text(lambda turn: bool(ADDRESS.match(turn.text)) or bool(NAME_LINE.search(turn.text)))
def answer_pasted(turn: Turn) -> Reply | Pass:
    """The same, pasted as text."""
    return answer_scanned(turn, turn.text)


def answer_scanned(turn: Turn, content: str) -> Reply | Pass:
    """By the code, else by the name, else what to scan."""
    codes = find_codes(content)
    if codes:
        return answer_search(turn, codes[0])
    name = NAME_LINE.search(content)
    if name:
        return answer_search(turn, name[1])
    return Text(render("credit_scan_unknown"))
