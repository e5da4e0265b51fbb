"""Texts that clerks begin from, in replies.toml; a bureau changes them as it likes."""

import tomllib
from pathlib import Path

from pydantic import Field, ValidationError

from config.reading import Part
from config.settings import SettingsError

REPLIES_FILE = Path(__file__).with_name("replies.toml")


class Reply(Part):
    """One text: for which step, and what it is called on its button."""

    step: str = Field(alias="for")
    title: str
    text: str

    def fill(self, respondent: str, category: str) -> str:
        """With what the page knows of the case; 【…】 is left to the clerk."""
        return self.text.replace("{企业}", respondent or "商家").replace("{类别}", category)


def load_replies(path: Path = REPLIES_FILE) -> list[Reply]:
    """All texts in order; SettingsError names what is wrong."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        return [Reply.model_validate(one) for one in found["replies"]]
    except (tomllib.TOMLDecodeError, KeyError, ValidationError) as error:
        raise SettingsError(f"{path.name} 有误：{error}") from None
