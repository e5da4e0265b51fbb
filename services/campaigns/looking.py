"""Everything that the checks look at, read from the tables; and the article as it is shown."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.campaigns import CampaignRules
from models.article import Article, ArticlePicture, Campaign, SensitiveWord
from models.enterprise import Enterprise, EnterpriseName
from services.campaigns.article_facts import ArticleFacts, CampaignFacts, FirmFacts, LinkFacts, PictureFacts
from services.campaigns.articles import list_firms, list_links, list_pictures
from services.campaigns.checks import Finding, check
from services.campaigns.consents import consent_findings
from services.campaigns.firms import find_negative_in_force
from services.campaigns.markup import Shown, clean, find_pictures, show_picture, show_words, spell_link, to_wechat
from services.campaigns.words import Listed, merge_words, shipped_words
from services.campaigns.years import find_logo, find_running

NOT_UPLOADED = "https://mmbiz.qpic.cn/"  # WeChat's own host; as long as a real address while one is not known
USUAL_LENGTH = 150


def list_words(session: Session) -> list[Listed]:
    """The sensitive words of this bureau: those of the program, changed by its own."""
    own = [Listed(row.word, row.advice, row.source, row.is_used) for row in session.scalars(select(SensitiveWord))]
    return merge_words(shipped_words(), own)


def facts_of(session: Session, article: Article, today: date) -> ArticleFacts:
    """What is known of an article today."""
    pictures = list_pictures(session, article.id)
    running = find_running(session, today)
    campaign = session.get(Campaign, article.campaign_id) if article.campaign_id else None
    return ArticleFacts(
        type=article.type,
        title=article.title,
        digest=article.digest,
        author=article.author,
        body=article.body,
        source=article.source,
        markup=compose_wechat(session, article, pictures),
        campaign=campaign_facts(session, campaign),
        running=campaign_facts(session, running),
        bears_theme=article.bears_theme,
        bears_logo=article.bears_logo,
        pictures=tuple(PictureFacts(one.id, one.alt, one.size_bytes, one.is_cover) for one in pictures),
        firms=tuple(firm_facts(session, article, today)),
        links=tuple(LinkFacts(one.url, one.state, one.note) for one in list_links(session, article.id)),
        words=tuple(list_words(session)),
    )


def campaign_facts(session: Session, campaign: Campaign | None) -> CampaignFacts | None:
    """As the checks see a campaign."""
    if campaign is None:
        return None
    return CampaignFacts(campaign.name, campaign.theme, find_logo(session, campaign.id) is not None)


def firm_facts(session: Session, article: Article, today: date) -> list[FirmFacts]:
    """The firms that it names, with the names under which they may stand in the text."""
    named = {row.enterprise_id: row.polarity for row in list_firms(session, article.id)}
    if not named:
        return []
    in_force = find_negative_in_force(session, named, today)
    firms = session.scalars(select(Enterprise).where(Enterprise.id.in_(named)).order_by(Enterprise.id))
    others: dict[int, list[str]] = {}
    for other in session.scalars(select(EnterpriseName).where(EnterpriseName.enterprise_id.in_(named))):
        others.setdefault(other.enterprise_id, []).append(other.name)
    return [FirmFacts(one.name, named[one.id], one.id in in_force, tuple(others.get(one.id, ()))) for one in firms]


def look_over(session: Session, article: Article, today: date, rules: CampaignRules) -> list[Finding]:
    """What stands against the article today."""
    return [*check(facts_of(session, article, today), rules.limits), *consent_findings(session, article.id)]


def compose_wechat(session: Session, article: Article, pictures: list[ArticlePicture] | None = None) -> str:
    """The content of a draft. A picture that is not at WeChat yet stands with an address of usual length."""
    known = list_pictures(session, article.id) if pictures is None else pictures
    shown = {one.id: Shown(wechat_address(one), one.alt) for one in known}
    return to_wechat(article.body, shown, compose_head(session, article))


def wechat_address(picture: ArticlePicture) -> str:
    """Where WeChat has it."""
    return picture.wechat_url or NOT_UPLOADED.ljust(USUAL_LENGTH, "0")


def compose_head(session: Session, article: Article) -> str:
    """Logo and theme of the campaign, above the text."""
    campaign = session.get(Campaign, article.campaign_id) if article.campaign_id else None
    if campaign is None:
        return ""
    logo = find_logo(session, campaign.id) if article.bears_logo else None
    picture = show_picture(Shown(wechat_address(logo), logo.alt)) if logo else ""
    theme = f"<p><strong>{show_words(theme_line(campaign), spell_link)}</strong></p>" if article.bears_theme else ""
    return clean(picture + theme)


def theme_line(campaign: Campaign) -> str:
    """2026年诚信兴商宣传月 · 主题：…"""
    return f"{campaign.year}年{campaign.name} · 主题：{campaign.theme}"


def find_not_uploaded(session: Session, article: Article) -> list[ArticlePicture]:
    """Pictures in its text, its cover, the logo that it bears, which WeChat does not have yet: a draft waits."""
    pictures, named = list_pictures(session, article.id), find_pictures(article.body)
    missing = [
        one
        for one in pictures
        if (one.id in named and not one.wechat_url) or (one.is_cover and not one.wechat_media_id)
    ]
    logo = find_logo(session, article.campaign_id) if article.campaign_id and article.bears_logo else None
    return missing + ([logo] if logo and not logo.wechat_url else [])
