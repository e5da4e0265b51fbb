"""Publicity and associations as data, from campaigns.toml: guards of time and WeChat's limits of a draft."""

from pathlib import Path

from pydantic import Field

from config.reading import Part, read_rules

CAMPAIGNS_FILE = Path(__file__).with_name("campaigns.toml")


class DraftLimits(Part):
    """What WeChat takes, in characters or bytes."""

    title: int = Field(ge=1, le=64)
    author: int = Field(ge=1, le=16)
    digest: int = Field(ge=1, le=128)
    content: int = Field(ge=1, lt=20_000)
    content_bytes: int = Field(ge=1, lt=1 << 20)
    picture_bytes: int = Field(ge=10_000, le=1 << 20)
    pictures: int = Field(ge=1, le=100)


class CampaignRules(Part):
    """The whole file."""

    post_days: int = Field(ge=2)
    warn_days: list[int] = Field(min_length=1)
    stale_days: int = Field(ge=1)
    link_seconds: float = Field(gt=0, le=60)
    link_days: int = Field(ge=1)
    limits: DraftLimits


def load_campaign_rules(path: Path = CAMPAIGNS_FILE) -> CampaignRules:
    """Read campaigns.toml; SettingsError names what is wrong."""
    return read_rules(path, CampaignRules)
