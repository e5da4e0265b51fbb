"""The words of cases from wording.toml: for the citizen, for staff, for who is refused."""

import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from models.case_words import Action, Rung, State
from services.cases.deciding import Refusal
from services.cases.guards import Guard

FILE = Path(__file__).with_name("wording.toml")
WORDS: dict[str, dict[str, Any]] = tomllib.loads(FILE.read_text(encoding="utf-8"))
# What each action's texts may name; what a case does not have is "".
NAMES = (
    "number kind due text note unit ground receiver legal_basis remote_number result score parent_number "
    "outcome way consent side given category urgency handler"
).split()
TAMED = str.maketrans({"<": "＜", ">": "＞"})  # a foreign text must not become a link in the chat
ENVIRONMENT = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - plain text, tamed below


@cache
def compile_text(text: str) -> Any:
    """A template, compiled once."""
    return ENVIRONMENT.from_string(text)


def fill_in(text: str, /, **values: object) -> str:
    """A text with its values; sentences do not end twice."""
    tamed = {name: str("" if value is None else value).translate(TAMED) for name, value in values.items()}
    filled: str = compile_text(text).render(**tamed)
    for double in ("。。", "！。", "？。", "；。"):
        filled = filled.replace(double, double[0])
    return filled.strip()


def name_of(table: str, word: StrEnum | str | None) -> str:
    """The Chinese of a word: name_of("states", State.CLOSED)."""
    return str(WORDS[table][str(word)]) if word else ""


def shown_state(state: State) -> str:
    """The state as the citizen reads it."""
    return str(WORDS["shown"].get(state, WORDS["states"][state]))


def tell(action: Action, audience: str, values: dict[str, object]) -> str:
    """What an action says to `citizen` or `staff`."""
    return fill_in(WORDS["actions"][action][audience], **(dict.fromkeys(NAMES, "") | values))


def explain(refusal: Refusal, state: State) -> str:
    """Why a step was refused, for who wanted to take it."""
    detail = WORDS["fields"].get(refusal.detail, refusal.detail)
    table = WORDS["guards"] if refusal.code in set(Guard) else WORDS["refusals"]
    return fill_in(table[refusal.code], state=WORDS["states"][state], detail=detail)


def alert_text(rung: Rung, **values: object) -> str:
    """What an alert says to staff."""
    return fill_in(WORDS["rungs"][rung], **values)
