"""Words that are written in the moment of sending: news of followed firms."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.replies import MAX_BYTES
from bot.wording import render
from config.answers import load_answer_rules
from models.notice import Notice
from services.calendar.telling import moment_words
from services.credit.words import BLOCK_WORDS
from services.watching.marks import News
from services.watching.telling import compose_news

FIELDS = load_answer_rules().following.template_fields
MOST_FIRMS, MOST_ENTRIES = 5, 3  # told in one message
LONGEST = 600  # characters
LONGEST_FIELD = 20  # characters of a thing


@dataclass(frozen=True)
class Composed:
    """The same news as a customer-service message, and as the fields of a subscription notice."""

    payload: dict[str, Any]
    fields: dict[str, str]


def compose(session: Session, notice: Notice, now: datetime) -> Composed | None:
    """What a composed notice says now; None when nothing is left to tell. BusyError as in compose_news."""
    news = compose_news(session, notice, now)
    if not news:
        return None
    return Composed({"msgtype": "text", "text": {"content": write_news(news)}}, write_fields(news, now))


def write_news(news: list[News]) -> str:
    """At most 600 characters: fewer details, then fewer firms, where there is much to tell."""
    text = ""
    for firms, entries in ((MOST_FIRMS, MOST_ENTRIES), (MOST_FIRMS, 1), (2, 1), (1, 0)):
        text = render("watch_news", shown=news[:firms], more_count=len(news) - firms, most=entries, words=BLOCK_WORDS)
        if len(text) <= LONGEST and len(text.encode()) <= MAX_BYTES:
            break
    return text


def write_fields(news: list[News], now: datetime) -> dict[str, str]:
    """The fields of the bureau's template, each short enough for WeChat."""
    more = f"等{len(news)}家" if len(news) > 1 else ""
    values = {
        "firms": cut(news[0].name, LONGEST_FIELD - len(more)) + more,
        "change": cut(render("watch_change", one=news[0], words=BLOCK_WORDS), LONGEST_FIELD),
        "time": moment_words(now),
    }
    return {field: values[what] for field, what in FIELDS.items()}


def cut(text: str, most: int) -> str:
    """At most so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
