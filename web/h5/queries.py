"""What a citizen typed, made harmless before it is searched or shown."""

import unicodedata
from dataclasses import dataclass

QUERY_LENGTH = 100  # characters; longer text is cut, and the citizen is told
READ_LENGTH = 2_000  # characters looked at, invisible ones included

# Controls, format characters (bidi overrides, zero width), surrogates, private use, line separators.
UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


@dataclass(frozen=True)
class Query:
    """Text fit to be searched and shown."""

    text: str
    was_cut: bool = False


def clean_query(raw: str) -> Query:
    """Without invisible characters, spaces in one piece, at most QUERY_LENGTH characters."""
    text = " ".join("".join(map(make_visible, raw[:READ_LENGTH])).split())
    return Query(text[:QUERY_LENGTH].rstrip(), was_cut=len(text) > QUERY_LENGTH or len(raw) > READ_LENGTH)


def make_visible(letter: str) -> str:
    """The character itself, nothing for a hidden mark, a space for a control."""
    category = unicodedata.category(letter)
    if category == "Cf":
        return ""
    return " " if category in UNSAFE_CATEGORIES else letter
