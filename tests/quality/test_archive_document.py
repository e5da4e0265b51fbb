"""docs/archive.md and the glossary hold the archive's table and words as the code has them."""

from enum import StrEnum
from pathlib import Path

import pytest

from models import archive_words
from services.credit.life import REFUSALS, TABLE, Rule
from services.credit.printing import print_life
from services.credit.repair import Missing, Route
from services.credit.standing import Why
from services.credit.terms import Duty
from services.credit.words import (
    ARCHIVE_ACTION_WORDS,
    LIFE_WORDS,
    MISSING_WORDS,
    OBJECTION_WORDS,
    ROUTE_WORDS,
    TAG_WORDS,
    WHY_WORDS,
)

DOCS = Path(__file__).parents[2] / "docs"
GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")
NAMED: list[tuple[type[StrEnum], dict[StrEnum, str]]] = [
    (archive_words.Life, LIFE_WORDS),  # type: ignore[list-item]
    (archive_words.ArchiveAction, ARCHIVE_ACTION_WORDS),  # type: ignore[list-item]
    (archive_words.ObjectionState, OBJECTION_WORDS),  # type: ignore[list-item]
    (archive_words.TagKind, TAG_WORDS),  # type: ignore[list-item]
    (Why, WHY_WORDS),  # type: ignore[list-item]
    (Missing, MISSING_WORDS),  # type: ignore[list-item]
    (Route, ROUTE_WORDS),  # type: ignore[list-item]
]


def test_the_printed_table_is_the_code_s() -> None:
    assert print_life() in (DOCS / "archive.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("closed", "words"), NAMED)
def test_every_word_has_its_chinese_and_stands_in_the_glossary(
    closed: type[StrEnum], words: dict[StrEnum, str]
) -> None:
    assert set(words) == set(closed)
    assert [one.value for one in (*closed, *archive_words.Subject, *Duty) if one.value not in GLOSSARY] == []


def test_every_rule_says_why_it_refuses() -> None:
    assert {rule for move in TABLE for rule in move.rules} == set(Rule)
    assert set(Rule) <= set(REFUSALS)
