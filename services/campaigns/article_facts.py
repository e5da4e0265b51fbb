"""What the checks look at: an article, and what is known about all it names; plain values."""

from dataclasses import dataclass

from models.campaign_words import ArticleType, LinkState
from services.campaigns.words import Listed


@dataclass(frozen=True)
class CampaignFacts:
    """The campaign that an article belongs to."""

    name: str
    theme: str
    has_logo: bool


@dataclass(frozen=True)
class PictureFacts:
    """A picture of the article."""

    picture_id: int
    alt: str
    size_bytes: int
    is_cover: bool = False


@dataclass(frozen=True)
class FirmFacts:
    """A firm that the author says is named."""

    name: str
    polarity: str  # of models/record.py:Polarity
    has_negative: bool  # a negative record or listing is in force and public
    names: tuple[str, ...] = ()  # under which it may stand in the text


@dataclass(frozen=True)
class LinkFacts:
    """A link of the text."""

    url: str
    state: LinkState
    note: str = ""


@dataclass(frozen=True)
class ArticleFacts:
    """Everything that is looked at."""

    type: ArticleType
    title: str
    digest: str
    author: str
    body: str
    source: str
    markup: str  # as it goes to WeChat
    campaign: CampaignFacts | None = None
    running: CampaignFacts | None = None  # today's campaign, whether the article belongs to it or not
    bears_theme: bool = False
    bears_logo: bool = False
    pictures: tuple[PictureFacts, ...] = ()
    firms: tuple[FirmFacts, ...] = ()
    links: tuple[LinkFacts, ...] = ()
    words: tuple[Listed, ...] = ()
