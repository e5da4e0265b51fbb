"""docs/campaigns.md holds the way of an article as the code has it; the glossary holds the words of the room."""

from pathlib import Path

import pytest

from models import campaign_words
from services.campaigns.printing import print_table
from services.campaigns.wording import WORDS
from services.campaigns.workflow import Guard

DOCS = Path(__file__).parents[2] / "docs"
DOCUMENT = (DOCS / "campaigns.md").read_text(encoding="utf-8")
GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")
SETS = {
    "levels": campaign_words.Level,
    "kinds": campaign_words.AssociationKind,
    "reviews": campaign_words.Review,
    "commitments": campaign_words.CommitmentKind,
    "performances": campaign_words.Performance,
    "honours": campaign_words.HonourLevel,
    "works": campaign_words.WorkKind,
    "columns": campaign_words.Column,
    "types": campaign_words.ArticleType,
    "states": campaign_words.ArticleState,
    "actions": campaign_words.ArticleAction,
    "links": campaign_words.LinkState,
    "days": campaign_words.DayKind,
    "alerts": campaign_words.AlertKind,
}


def test_the_printed_table_is_that_of_the_code() -> None:
    assert print_table() in DOCUMENT


@pytest.mark.parametrize("table", SETS)
def test_every_word_has_its_chinese_and_stands_in_the_glossary(table: str) -> None:
    closed = SETS[table]
    assert set(WORDS[table]) == {item.value for item in closed}
    chinese = " · ".join(WORDS[table][item.value] for item in closed)
    codes = " · ".join(item.value for item in closed)
    assert f"| {chinese} | {closed.__name__} {codes} |" in GLOSSARY


def test_every_guard_says_why() -> None:
    assert {guard.value for guard in Guard} <= set(WORDS["refusals"])
