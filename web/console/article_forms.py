"""What the editor sends: the article as typed, the picture and the firm beside it; nothing typed is refused."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from flask import request

from models.campaign_words import ArticleType, Column
from services.campaigns.articles import Written

Word = TypeVar("Word", bound=StrEnum)
NEWLINES = ("\r\n", "\r")


@dataclass(frozen=True)
class Typed:
    """One sending of the editor's form."""

    written: Written
    seen: int  # the version that the page was made from
    does: str  # the button: save, picture, find, firm, look


def read_typed() -> Typed:
    """The form as it came; unknown words become the first of their set."""
    form = request.form
    campaign = form.get("campaign", "")
    written = Written(
        column=read_word(Column, form.get("column", "")),
        type=read_word(ArticleType, form.get("type", "")),
        title=line_of("title"),
        digest=line_of("digest"),
        author=line_of("author"),
        body=text_of("body"),
        source=line_of("source"),
        campaign_id=int(campaign) if campaign.isdecimal() and len(campaign) < 10 else None,
        bears_theme=bool(form.get("bears_theme")),
        bears_logo=bool(form.get("bears_logo")),
    )
    seen = form.get("version", "0")
    return Typed(written, int(seen) if seen.isdecimal() and len(seen) < 10 else 0, form.get("do", "save"))


def read_word(words: type[Word], said: str) -> Word:
    """The word, or the first one."""
    return next((one for one in words if one.value == said), next(iter(words)))


def line_of(name: str) -> str:
    """A field of one line."""
    return " ".join(text_of(name).split())


def text_of(name: str) -> str:
    """A field as typed, newlines of one kind, without characters that no page shows."""
    text = request.form.get(name, "")
    for newline in NEWLINES:
        text = text.replace(newline, "\n")
    return "".join(letter for letter in text if letter in "\n\t" or letter.isprintable())
