"""How long answers can be checked, and how firms are followed, from answers.toml."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from config.reading import Part, read_rules

ANSWERS_FILE = Path(__file__).with_name("answers.toml")


class Answers(Part):
    """Retention and limits of checking."""

    keep_days: int = Field(ge=30, le=3650)
    check_attempts: int = Field(ge=3)
    check_minutes: int = Field(ge=1)
    papers_per_asker: int = Field(ge=1)


class Following(Part):
    """Limits of following, and the subscription notice for who is out of reach."""

    most_firms: int = Field(ge=1, le=500)
    settle_minutes: int = Field(ge=0)
    batch: int = Field(ge=1)
    looks_at_once: int = Field(ge=1)
    template_id: str = Field(max_length=64)
    template_fields: dict[str, Literal["firms", "change", "time"]]


class AnswerRules(Part):
    """The whole file."""

    answers: Answers
    following: Following


def load_answer_rules(path: Path = ANSWERS_FILE) -> AnswerRules:
    """Read answers.toml; SettingsError names what is wrong."""
    return read_rules(path, AnswerRules)
