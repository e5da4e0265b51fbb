"""Invented associations, a campaign year that runs today, and articles in every state, made by the real steps."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.campaigns import CampaignRules, load_campaign_rules
from models.article import Article, ArticleLink, ArticlePicture, Campaign
from models.association import Association, AssociationMember, LibraryFile
from models.campaign_words import (
    AssociationKind,
    CommitmentKind,
    HonourLevel,
    Level,
    LinkState,
    WorkKind,
)
from models.enterprise import Enterprise, Status
from models.record import Polarity
from models.staff import StaffAccount
from services.associations import deciding, statements, works
from services.associations.home import AssociationWords, Contact, save_association
from services.associations.statements import Praise, Promise
from services.audit import SYSTEM, Actor
from services.calendar.working_days import day_of
from services.campaigns.articles import name_firm, start_article
from services.campaigns.library import Drawn, Looked, keep_file, keep_picture
from services.campaigns.steps import Taken, take_step
from services.campaigns.workflow import OUTSIDERS, Hand
from services.campaigns.years import CampaignWords, save_campaign, seed_days
from services.demo.articles import ARTICLES, Story
from services.demo.heroes import HONOURED, LISTED
from services.evidence.store import EvidenceStore
from services.staff.accounts import find_account

MEMBERS_COUNT = 14
PROMISE = "本企业承诺：明码标价、货真价实；预付款项专款专用，说退就退；接受社会监督，失信愿依法承担责任。"
GREEN, RED, SAND = (7, 121, 74), (184, 64, 58), (239, 232, 219)


@dataclass(frozen=True)
class DemoAssociation:
    """One of the four, and how long it has been silent."""

    words: AssociationWords
    idle_days: int


FOUR = (
    DemoAssociation(
        AssociationWords(
            "示范市餐饮行业协会",
            Level.CITY,
            AssociationKind.TRADE,
            "示范市",
            "由示范市餐饮企业自愿组成，推行明厨亮灶和放心消费承诺。（演示）",
            is_pilot=True,
            contact=Contact("冯海燕", "0731-80000001"),
        ),
        2,
    ),
    DemoAssociation(
        AssociationWords(
            "示范市零售商业协会",
            Level.CITY,
            AssociationKind.TRADE,
            "示范市",
            "由商场、超市和便利店组成，推行线下无理由退货。（演示）",
            contact=Contact("蒋立新", "0731-80000002"),
        ),
        96,
    ),
    DemoAssociation(
        AssociationWords(
            "广东示范湖南商会",
            Level.PROVINCE,
            AssociationKind.AWAY,
            "广州市",
            "在粤湘商的商会。（演示）",
            is_pilot=True,
        ),
        31,
    ),
    DemoAssociation(
        AssociationWords(
            "湖南示范福建商会", Level.PROVINCE, AssociationKind.GUEST, "长沙市", "在湘闽商的商会。（演示）"
        ),
        8,
    ),
)


@dataclass(frozen=True)
class Cast:
    """Who plays."""

    session: Session
    store: EvidenceStore
    rules: CampaignRules
    now: datetime

    def person(self, login: str) -> StaffAccount:
        """The account of a login."""
        found = find_account(self.session, login)
        if found is None:
            raise LookupError(login)
        return found

    def actor(self, login: str) -> Actor:
        """For the audit log."""
        account = self.person(login)
        return Actor(account.name, account.id)

    def key(self, login: str) -> str:
        """As rows name them."""
        return f"staff:{self.person(login).id}"


def load_demo_campaigns(session: Session, store: EvidenceStore, now: datetime) -> int:
    """Everything of the room; how many articles. Where there is an association, nothing is added."""
    seed_days(session)
    if session.scalar(select(Association.id).limit(1)) is not None:
        return 0
    cast = Cast(session, store, load_campaign_rules(), now)
    associations = [add_association(cast, one) for one in FOUR]
    campaign = add_campaign(cast)
    add_members(cast, associations)
    add_statements(cast, associations[0], campaign)
    for story in ARTICLES:
        tell_story(cast, story, associations[0], campaign)
    for row, one in zip(associations, FOUR, strict=True):
        row.updated_at = now - timedelta(days=one.idle_days)
    session.flush()
    return len(ARTICLES)


def add_association(cast: Cast, one: DemoAssociation) -> Association:
    """With its name and contact."""
    return save_association(cast.session, None, one.words, SYSTEM, cast.now - timedelta(days=200))


def add_campaign(cast: Cast) -> Campaign:
    """It began twelve days ago and has a logo; the theme is that of 2020, as an example."""
    today = day_of(cast.now)
    said = CampaignWords(
        year=(today - timedelta(days=12)).year,
        name="诚信兴商宣传月",
        theme="诚实经营、守信服务",
        starts_on=today - timedelta(days=12),
        ends_on=today + timedelta(days=18),
        units=("示范市商务局", "示范市市场监管局", "示范市消费者协会", "示范市餐饮行业协会"),
        summary_due_on=today + timedelta(days=26),
        about="主题取自2020年的通知，仅作演示；实际以当年通知为准。",
        is_sample=True,
    )
    campaign = save_campaign(cast.session, None, said, SYSTEM, cast.now)
    logo = ArticlePicture(
        campaign_id=campaign.id, alt="诚信兴商宣传月活动标识（演示）", added_by="system", added_at=cast.now
    )
    keep_picture(cast.session, cast.store, draw_logo(), logo)
    return campaign


def add_members(cast: Cast, associations: Sequence[Association]) -> None:
    """Firms in force, dealt out in turn; the honoured one and the listed one belong to the first."""
    session, today = cast.session, day_of(cast.now)
    firms = select(Enterprise).where(Enterprise.status == Status.IN_FORCE, Enterprise.credit_code.is_not(None))
    dealt = list(session.scalars(firms.order_by(Enterprise.id).limit(MEMBERS_COUNT * len(associations))))
    heroes = session.scalars(select(Enterprise).where(Enterprise.name.in_((HONOURED, LISTED)))).all()
    chosen = {row.id: dealt[at :: len(associations)] for at, row in enumerate(associations)}
    chosen[associations[0].id] += [one for one in heroes if one not in chosen[associations[0].id]]
    for association_id, members in chosen.items():
        for at, firm in enumerate(members):
            session.add(
                AssociationMember(
                    association_id=association_id,
                    enterprise_id=firm.id,
                    joined_on=today - timedelta(days=30 + 11 * at),
                    added_by="system",
                    added_at=cast.now,
                )
            )
    session.flush()


def add_statements(cast: Cast, association: Association, campaign: Campaign) -> None:
    """Commitments and an honour, most of them decided."""
    session, today, by = cast.session, day_of(cast.now), cast.key("xiehui")
    members = session.scalars(
        select(AssociationMember).where(AssociationMember.association_id == association.id).order_by("id")
    ).all()
    for at, member in enumerate(members[:8]):
        file = keep_sheet(cast, association, by)
        kind = CommitmentKind.GENERAL if at % 3 else CommitmentKind.PRODUCT
        said = Promise(member.enterprise_id, kind, PROMISE, today - timedelta(days=9 - at), None, campaign.id, file.id)
        row = statements.hand_in_commitment(session, association, said, cast.actor("xiehui"), by, now=cast.now)
        if at < 6:
            actor, key = cast.actor("xuanchuan"), cast.key("xuanchuan")
            deciding.decide(session, row, actor, key, is_approved=True, reason="", now=cast.now)
    honoured = session.scalar(select(Enterprise.id).where(Enterprise.name == HONOURED))
    if honoured is not None:
        praise = Praise(
            honoured,
            "年度诚信门店",
            "示范市餐饮行业协会诚信企业评价办法（演示）",
            today - timedelta(days=20),
            HonourLevel.STORE,
            "示餐协〔2026〕3号",
            today + timedelta(days=345),
        )
        honour = statements.hand_in_honour(session, association, praise, cast.actor("xiehui"), by, now=cast.now)
        deciding.decide(
            session, honour, cast.actor("xuanchuan"), cast.key("xuanchuan"), is_approved=True, reason="", now=cast.now
        )
    words = "组织二十三家会员企业学习预付卡管理规定，逐家签订承诺书。"
    works.add_work(
        session,
        association,
        WorkKind.LOG,
        today - timedelta(days=2),
        words,
        file_id=None,
        actor=cast.actor("xiehui"),
        by=by,
        now=cast.now,
    )


def keep_sheet(cast: Cast, association: Association, by: str) -> LibraryFile:
    """A drawn sheet in place of a signed one."""
    drawn = draw_scene(GREEN, SAND).content
    looked = Looked(drawn, "image/jpeg", drawn, "image/jpeg", "承诺书（演示）.jpg")
    return keep_file(cast.session, cast.store, looked, association_id=association.id, by=by, now=cast.now)


def tell_story(cast: Cast, story: Story, association: Association, campaign: Campaign) -> None:
    """One article, as far as it has come."""
    session, began = cast.session, cast.now - timedelta(days=story.days)
    owner = association.id if story.is_of_association else None
    written = story.written(campaign.id)
    article = start_article(session, written, owner, cast.key(story.writer), now=began)
    picture = ArticlePicture(
        article_id=article.id, is_cover=True, alt=story.alt, added_by=cast.key(story.writer), added_at=began
    )
    keep_picture(session, cast.store, draw_scene(story.colour, SAND), picture)
    article.body = article.body.replace("[图]", f"[图{picture.id}]")
    if story.names_listed:
        listed = session.scalar(select(Enterprise.id).where(Enterprise.name == LISTED))
        if listed is not None:
            name_firm(session, article, listed, Polarity.NEGATIVE)
    for link in session.scalars(select(ArticleLink).where(ArticleLink.article_id == article.id)):
        link.state, link.checked_at, link.check_after = LinkState.ALIVE, began, None
    for at, (action, login, comment) in enumerate(story.steps, 1):
        walk(cast, article, Taken(action, article.version, comment), login, began + timedelta(hours=2 * at))


def walk(cast: Cast, article: Article, taken: Taken, login: str, at: datetime) -> None:
    """One step, by the real rules."""
    account = cast.person(login)
    own = article.association_id if account.roles & OUTSIDERS else None
    hand, actor = Hand(cast.key(login), account.roles, own), cast.actor(login)
    take_step(cast.session, article, taken, hand, actor, now=at, rules=cast.rules)


def draw_logo() -> Drawn:
    """Two rings that hold each other; no words, so that no font is needed."""
    image = Image.new("RGB", (400, 400), "white")
    pen = ImageDraw.Draw(image)
    pen.ellipse((40, 100, 240, 300), outline=RED, width=26)
    pen.ellipse((160, 100, 360, 300), outline=GREEN, width=26)
    return encode(image)


def draw_scene(colour: tuple[int, int, int], ground: tuple[int, int, int]) -> Drawn:
    """A street of shops under a sun."""
    image = Image.new("RGB", (900, 383), ground)
    pen = ImageDraw.Draw(image)
    pen.ellipse((700, 40, 790, 130), fill=(244, 190, 82))
    for at in range(5):
        left, top = 40 + at * 165, 130 + (at % 3) * 24
        pen.rectangle((left, top, left + 140, 330), fill="white", outline=colour, width=5)
        pen.rectangle((left, top, left + 140, top + 38), fill=colour)
        pen.rectangle((left + 50, 250, left + 90, 330), fill=colour)
    pen.rectangle((0, 330, 900, 383), fill=(206, 199, 186))
    return encode(image)


def encode(image: Image.Image) -> Drawn:
    """As JPEG."""
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return Drawn(out.getvalue(), *image.size)
