"""Scanned codes: the QR of a business licence holds the credit code in an address or in plain words."""

import re

from bot.messages import Event
from bot.replies import Reply, Text
from bot.router import PASS, Pass, Router, Turn
from bot.wording import render
from handlers.credit import answer_search
from services.enterprises.asking import read_licence, read_names
from services.enterprises.codes import find_codes

router = Router("scan")

ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


@router.on_event(Event.SCANCODE_WAITMSG)
def answer_scan(turn: Turn) -> Reply | Pass:
    """The firm whose code or name was scanned."""
    return answer_scanned(turn, turn.message.content)


@router.on_text(lambda turn: bool(ADDRESS.match(turn.text)))
def answer_pasted(turn: Turn) -> Reply | Pass:
    """An address pasted as text, perhaps with words beside it."""
    words = ADDRESS.sub("", turn.text)
    return PASS if read_names(words) else answer_scanned(turn, turn.text)


def answer_scanned(turn: Turn, content: str) -> Reply | Pass:
    """By the code, else by the name, else what to scan."""
    if find_codes(content):
        return answer_search(turn, content)
    if name := read_licence(content):
        return answer_search(turn, name)
    return Text(render("credit_scan_unknown" if turn.message.event else "credit_link_unknown"))
