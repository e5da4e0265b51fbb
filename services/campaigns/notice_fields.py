"""The lines of a subscription notice filled in from a send, each within WeChat's length for its kind (pure)."""

import re
from collections.abc import Sequence
from datetime import datetime

from services.calendar.telling import date_words, moment_words
from services.calendar.working_days import day_of

FIELD = re.compile(r"\{\{(\w+?)(\d*)\.DATA\}\}")
# Characters that each kind takes (wechat.md 1.7; lengths of category templates).
LENGTHS = {"thing": 20, "phrase": 5, "name": 10, "const": 20, "short_thing": 5, "character_string": 32, "letter": 32}


def fill_fields(content: str, words: Sequence[str], moment: datetime) -> dict[str, str]:
    """`content` as WeChat lists it (活动：{{thing1.DATA}} …); `words`: the title first, then what else there is.

    Texts take the words in order; times are the send's hour; a phrase says 已发布.
    """
    left = [word for word in words if word]
    filled = {}
    for kind, number in FIELD.findall(content):
        filled[f"{kind}{number}"] = fill_one(kind, left, moment)
    return filled


def fill_one(kind: str, left: list[str], moment: datetime) -> str:
    """One line; uses up a word where the kind is text."""
    if kind == "time":
        return moment_words(moment)
    if kind == "date":
        return date_words(day_of(moment))
    if kind == "phrase":
        return "已发布"
    if kind in {"number", "symbol", "amount", "character_string", "letter"}:
        return "1"
    said = left.pop(0) if left else "请点开查看"
    return shorten(said, LENGTHS.get(kind, 20))


def shorten(text: str, most: int) -> str:
    """At most so many characters, with an ellipsis where it is cut."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"
