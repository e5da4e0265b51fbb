"""docs/cases.md holds the tables as the code has them, and names functions that exist."""

import importlib
import re
from enum import StrEnum
from itertools import chain
from pathlib import Path

import pytest

from models import case_words
from models.role import Role
from services.cases.printing import print_all
from services.cases.wording import name_of

DOCS = Path(__file__).parents[2] / "docs"
DOCUMENT = (DOCS / "cases.md").read_text(encoding="utf-8")
GLOSSARY = (DOCS / "glossary.md").read_text(encoding="utf-8")
SETS: dict[str, list[type[StrEnum]]] = {
    "kinds": [case_words.CaseKind],
    "states": [case_words.State],
    "roles": [case_words.Outsider, Role],
    "timers": [case_words.Timer],
    "grounds": [case_words.Ground],
    "results": [case_words.Result],
    "channels": [case_words.Channel],
    "urgencies": [case_words.Urgency],
    "consents": [case_words.ConsentKind],
    "sides": [case_words.Side],
    "proposals": [case_words.Proposal],
    "outcomes": [case_words.ContactOutcome],
    "audiences": [case_words.Audience],
    "causes": [case_words.BurstCause],
}


def gloss(table: str) -> str:
    """A closed set as the glossary has it: all Chinese words, then all codes."""
    items = list(chain.from_iterable(SETS[table]))
    names = " and ".join(kind.__name__ for kind in SETS[table])
    return f"| {' · '.join(name_of(table, item) for item in items)} | {names} {' · '.join(items)} |"


def test_the_printed_tables_are_those_of_the_code() -> None:
    assert DOCUMENT.endswith(print_all()), "run `chengxin cases table` and put its output at the end of docs/cases.md"


def test_functions_that_doors_are_told_to_call_exist() -> None:
    named = re.findall(r"`(\w+)\.(\w+)\(", DOCUMENT)
    assert len(named) > 12
    for module, function in named:
        assert hasattr(importlib.import_module(f"services.cases.{module}"), function), f"{module}.{function}"


@pytest.mark.parametrize("table", SETS)
def test_the_glossary_has_every_word_beside_its_code(table: str) -> None:
    assert gloss(table) in GLOSSARY
