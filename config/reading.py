"""How the bureau's own files are read: strictly, and what is wrong is named."""

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from config.settings import SettingsError


class Part(BaseModel):
    """A table of such a file: no word that nobody knows, and not changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Rules = TypeVar("Rules", bound=Part)


def read_rules(path: Path, kind: type[Rules]) -> Rules:
    """The whole file; SettingsError names the line or the word that is wrong."""
    try:
        return kind.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} 格式有误：{error}") from None
    except ValidationError as error:
        wrong = "；".join(f"{'.'.join(map(str, item['loc']))}：{item['msg']}" for item in error.errors())
        raise SettingsError(f"{path.name} 内容有误：{wrong}") from None
