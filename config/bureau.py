"""The bureau's own words, from bureau.toml."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from config.settings import SettingsError

BUREAU_FILE = Path(__file__).with_name("bureau.toml")


class OfficialSite(BaseModel):
    """A site with the authoritative copy of some kind of data."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    url: str
    about: str


class Bureau(BaseModel):
    """What differs between bureaus and is shown to citizens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    account_name: str
    province: str = ""
    city: str = ""
    hours: str
    address: str
    hotline_name: str
    hotline: str
    privacy_contact: str
    official_sites: list[OfficialSite]


def load_bureau(path: Path = BUREAU_FILE) -> Bureau:
    """Read bureau.toml; SettingsError names the line or the word that is wrong."""
    try:
        return Bureau.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name} 格式有误：{error}") from None
    except ValidationError as error:
        wrong = "；".join(f"{'.'.join(map(str, item['loc']))}：{item['msg']}" for item in error.errors())
        raise SettingsError(f"{path.name} 内容有误：{wrong}") from None
