"""The glossary holds every closed set of the archive, with the words that citizens read."""

from enum import StrEnum
from pathlib import Path

import pytest

from models.answer import AnswerDoor
from models.enterprise import NameKind, Status
from models.hotline import SendingKind, SendingState, StatusOutcome
from models.importing import ImportKind, QuarantineReason, QuarantineState, RunState
from models.listing import Kind
from models.paper import Form
from models.record import InfoClass, Polarity, RecordType, Severity
from models.role import Role
from services.credit.answers import CheckState
from services.credit.blocks import BlockState
from services.credit.stickers import StoreState
from services.credit.words import BLOCK_WORDS, NAME_WORDS, SECTION_WORDS
from services.enterprises.finding import Reason, Verdict
from services.evidence.kinds import EvidenceKind
from services.evidence.trouble import Trouble as EvidenceTrouble
from services.hotline.wording import Stage
from services.photos.reading import Trouble
from services.privacy import PersonalKind
from services.staff.words import ROLE_WORDS
from services.watching.following import Outcome

GLOSSARY = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in GLOSSARY.splitlines() if line[:1] == "|"]
CLOSED_SETS = [
    AnswerDoor,
    BlockState,
    CheckState,
    StoreState,
    Outcome,
    Form,
    EvidenceKind,
    EvidenceTrouble,
    ImportKind,
    InfoClass,
    Kind,
    NameKind,
    PersonalKind,
    Polarity,
    QuarantineReason,
    QuarantineState,
    Reason,
    RecordType,
    Role,
    RunState,
    Severity,
    SendingKind,
    SendingState,
    Stage,
    Status,
    StatusOutcome,
    Trouble,
    Verdict,
]


@pytest.mark.parametrize("closed", CLOSED_SETS)
def test_every_word_of_a_closed_set_is_there(closed: type[StrEnum]) -> None:
    missing = [item.value for item in closed if item.value not in GLOSSARY]
    assert missing == []


@pytest.mark.parametrize("words", [BLOCK_WORDS, SECTION_WORDS, ROLE_WORDS])
def test_the_chinese_beside_a_word_is_what_citizens_read(words: dict[str, str]) -> None:
    beside = {row[1].split(" ")[0]: row[0] for row in ROWS}
    assert {key: beside[str(key)] for key in words} == words


def test_other_names_are_called_as_in_the_answers() -> None:
    assert all(word in GLOSSARY for word in NAME_WORDS.values())
