"""A bureau that publishes, for tests: an association with its staff, the bureau's, a campaign, articles ready to go."""

import io
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from PIL import Image
from sqlalchemy.orm import Session

from config.campaigns import CampaignRules, load_campaign_rules
from models.article import Article, ArticlePicture, Campaign
from models.association import Association
from models.campaign_words import ArticleAction, AssociationKind, Column, Level
from models.database import Database
from models.role import Role
from services.associations.home import AssociationWords, save_association
from services.audit import Actor
from services.campaigns.articles import Written, start_article
from services.campaigns.library import Drawn, keep_picture, library_of
from services.campaigns.steps import Taken, take_step
from services.campaigns.workflow import OUTSIDERS, Hand
from services.campaigns.years import CampaignWords, save_campaign
from tests.console import hire

UNIT = "示范市餐饮行业协会"
BOSS = Actor("测试")
PEOPLE = {
    "xiehui": (Role.ASSOCIATION, UNIT),
    "huizhang": (Role.ASSOCIATION_HEAD, UNIT),
    "xuanchuan": (Role.CAMPAIGN, ""),
    "lin": (Role.CAMPAIGN, ""),
    "fabu": (Role.PUBLISHER, ""),
    "bieren": (Role.ASSOCIATION, "示范市零售商业协会"),
}
WAY = (
    (ArticleAction.SUBMIT, "xiehui"),
    (ArticleAction.PASS_HEAD, "huizhang"),
    (ArticleAction.PASS_BUREAU, "xuanchuan"),
    (ArticleAction.APPROVE, "fabu"),
)


def draw(size: tuple[int, int] = (90, 60)) -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, (200, 60, 60)).save(out, "JPEG")
    return out.getvalue()


@dataclass
class Press:
    """Everybody, and what they do."""

    database: Database
    folder: Path
    now: datetime
    ids: dict[str, int] = field(default_factory=dict)
    rules: CampaignRules = field(default_factory=load_campaign_rules)

    def __post_init__(self) -> None:
        self.library = library_of(self.folder)
        for login, (role, unit) in PEOPLE.items():
            self.ids[login] = hire(self.database, self.now, login, role, name=login, unit=unit)
        with self.database.write() as session:
            kinds = (AssociationKind.TRADE, AssociationKind.TRADE)
            names = (UNIT, PEOPLE["bieren"][1])
            self.associations = [
                save_association(session, None, AssociationWords(name, Level.CITY, kind), BOSS, self.now).id
                for name, kind in zip(names, kinds, strict=True)
            ]

    @property
    def today(self) -> date:
        return self.now.date()

    def key(self, login: str) -> str:
        return f"staff:{self.ids[login]}"

    def hand(self, login: str) -> Hand:
        role, unit = PEOPLE[login]
        own = self.associations[0 if unit == UNIT else 1] if role in OUTSIDERS else None
        return Hand(self.key(login), frozenset({role}), own)

    def association(self, session: Session) -> Association:
        return session.get_one(Association, self.associations[0])

    def start_campaign(self, session: Session, *, has_logo: bool = True) -> Campaign:
        """It runs today."""
        said = CampaignWords(
            year=self.today.year,
            name="诚信兴商宣传月",
            theme="诚实经营、守信服务",
            starts_on=self.today - timedelta(days=3),
            ends_on=self.today + timedelta(days=20),
        )
        campaign = save_campaign(session, None, said, BOSS, self.now)
        if has_logo:
            logo = ArticlePicture(campaign_id=campaign.id, alt="标识", added_by="staff:1", added_at=self.now)
            keep_picture(session, self.library, Drawn(draw(), 90, 60), logo)
        return campaign

    def write(self, session: Session, body: str = "说明怎么退卡。", *, by: str = "xiehui", **parts: object) -> Article:
        """A draft with a cover."""
        written = Written(**({"column": Column.NEWS, "title": "签下承诺", "digest": "摘要", "body": body} | parts))  # type: ignore[arg-type]
        article = start_article(session, written, self.hand(by).association_id, self.key(by), now=self.now)
        cover = ArticlePicture(
            article_id=article.id, is_cover=True, alt="现场", added_by=self.key(by), added_at=self.now
        )
        keep_picture(session, self.library, Drawn(draw(), 90, 60), cover)
        return article

    def take(self, session: Session, article: Article, action: ArticleAction, login: str, comment: str = "") -> None:
        """One step; what must be confirmed is not."""
        taken = Taken(action, article.version, comment)
        take_step(session, article, taken, self.hand(login), BOSS, now=self.now, rules=self.rules)

    def publish(self, session: Session, article: Article, last: int = 4) -> Article:
        """All steps, or the first ones."""
        for action, login in WAY[:last]:
            self.take(session, article, action, login)
        return article
