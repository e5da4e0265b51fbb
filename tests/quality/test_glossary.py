"""The glossary holds every closed set of the archive, with the words that citizens read."""

from enum import StrEnum
from pathlib import Path

import pytest

from models.enterprise import NameKind, Status
from models.listing import Kind
from models.record import InfoClass, Polarity, RecordType, Severity
from services.credit.blocks import BlockState
from services.credit.words import BLOCK_WORDS, NAME_WORDS, SECTION_WORDS
from services.enterprises.finding import Reason, Verdict
from services.photos.reading import Trouble

GLOSSARY = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in GLOSSARY.splitlines() if line[:1] == "|"]
CLOSED_SETS = [
    BlockState,
    InfoClass,
    Kind,
    NameKind,
    Polarity,
    Reason,
    RecordType,
    Severity,
    Status,
    Trouble,
    Verdict,
]


@pytest.mark.parametrize("closed", CLOSED_SETS)
def test_every_word_of_a_closed_set_is_there(closed: type[StrEnum]) -> None:
    missing = [item.value for item in closed if item.value not in GLOSSARY]
    assert missing == []


@pytest.mark.parametrize("words", [BLOCK_WORDS, SECTION_WORDS])
def test_the_chinese_beside_a_word_is_what_citizens_read(words: dict[str, str]) -> None:
    beside = {row[1].split(" ")[0]: row[0] for row in ROWS}
    assert {key: beside[str(key)] for key in words} == words


def test_other_names_are_called_as_in_the_answers() -> None:
    assert all(word in GLOSSARY for word in NAME_WORDS.values())
