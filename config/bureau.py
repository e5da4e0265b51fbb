"""The bureau's own words, from bureau.toml."""

from pathlib import Path

from config.reading import Part, read_rules

BUREAU_FILE = Path(__file__).with_name("bureau.toml")


class OfficialSite(Part):
    """A site with the authoritative copy of some kind of data."""

    name: str
    url: str
    about: str


class Bureau(Part):
    """What differs between bureaus and is shown to citizens."""

    name: str
    account_name: str
    province: str = ""
    city: str = ""
    hours: str
    address: str
    hotline_name: str
    hotline: str
    privacy_contact: str
    document_prefix: str = ""  # 机关代字, the letters before the form's in document numbers
    official_sites: list[OfficialSite]


def load_bureau(path: Path = BUREAU_FILE) -> Bureau:
    """Read bureau.toml; SettingsError names the line or the word that is wrong."""
    return read_rules(path, Bureau)
