"""The words of associations and campaigns from wording.toml."""

import tomllib
from enum import StrEnum
from pathlib import Path

FILE = Path(__file__).with_name("wording.toml")
WORDS: dict[str, dict[str, str]] = tomllib.loads(FILE.read_text(encoding="utf-8"))


def word_of(table: str, word: StrEnum | str | None) -> str:
    """The Chinese of a word: word_of("columns", Column.NEWS); "" for none."""
    return WORDS[table][str(word)] if word else ""
