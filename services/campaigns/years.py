"""Campaign years and their calendar as data: which one runs, what comes next, what was never entered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.article import ArticlePicture, Campaign, CampaignDay
from models.audit import Act
from models.campaign_words import DayKind
from services.audit import Actor, record
from services.errors import UserError

# docs: the notices and the days they name; a bureau changes them on the console.
SEED: tuple[tuple[int | None, int, int | None, DayKind, str, str], ...] = (
    (None, 3, 15, DayKind.DAY, "国际消费者权益日", "国际消费者联盟组织1983年确定"),
    (None, 5, 10, DayKind.DAY, "中国品牌日", "国务院2017年批复"),
    (None, 6, 14, DayKind.DAY, "信用记录关爱日", "中国人民银行，2008年起"),
    (2026, 9, None, DayKind.MONTH, "诚信兴商宣传月", "商务部等部门当年通知（2020年为10月）"),
    (None, 9, 20, DayKind.DAY, "公民道德宣传日", "2016年宣传月通知"),
    (None, 9, 28, DayKind.DAY, "信用消费进万家主题日", "2016年起每年9月28日"),
    (None, 9, None, DayKind.MONTH, "全国“质量月”", "市场监管总局等部门"),
    (None, 11, None, DayKind.MONTH, "全国优化消费环境月", "市场监管总局等13部门，2025年"),
    (None, 12, 4, DayKind.DAY, "国家宪法日", "全国人大常委会2014年决定"),
    (None, 3, 31, DayKind.DEADLINE, "一季度工作进度", "按季度上报（郑商〔2013〕222号）"),
    (None, 6, 30, DayKind.DEADLINE, "二季度工作进度", "按季度上报（郑商〔2013〕222号）"),
    (None, 9, 30, DayKind.DEADLINE, "三季度工作进度", "按季度上报（郑商〔2013〕222号）"),
    (None, 12, 31, DayKind.DEADLINE, "四季度工作进度、推荐“先进”“合格”商协会", "郑商〔2013〕222号；湘商秩〔2020〕1号"),
)
LONGEST_THEME = LONGEST_NAME = 60


@dataclass(frozen=True)
class Coming:
    """An entry of the calendar in a year."""

    entry_id: int | None  # None: a deadline of a campaign
    title: str
    kind: DayKind
    first: date
    last: date
    source: str

    @property
    def is_month(self) -> bool:
        """It lasts for a whole month."""
        return self.first != self.last


def seed_days(session: Session) -> int:
    """Fill an empty calendar with the days of the notices; how many. One that has entries stays as it is."""
    if session.scalar(select(CampaignDay.id).limit(1)):
        return 0
    for year, month, day, kind, title, source in SEED:
        session.add(CampaignDay(year=year, month=month, day=day, kind=kind, title=title, source=source))
    session.flush()
    return len(SEED)


def days_of_year(days: Iterable[CampaignDay], campaigns: Iterable[Campaign], year: int) -> list[Coming]:
    """The calendar of a year, deadlines of its campaigns among it, in order (pure)."""
    found = [
        Coming(day.id, day.title, day.kind, *span_of(year, day.month, day.day), day.source)
        for day in days
        if day.is_used and day.year in {None, year} and has_day(year, day.month, day.day)
    ]
    for one in campaigns:
        if one.summary_due_on and one.summary_due_on.year == year:
            title, due = f"{one.name}总结和活动统计表", one.summary_due_on
            found.append(Coming(None, title, DayKind.DEADLINE, due, due, "当年通知"))
    return sorted(found, key=lambda one: (one.first, one.last, one.title))


def span_of(year: int, month: int, day: int | None) -> tuple[date, date]:
    """A day, or the first and last day of a month."""
    if day is not None:
        return date(year, month, day), date(year, month, day)
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)


def has_day(year: int, month: int, day: int | None) -> bool:
    """29 February is not in every year."""
    try:
        date(year, month, day or 1)
    except ValueError:
        return False
    return True


def list_days(session: Session) -> list[CampaignDay]:
    """All entries, by date."""
    order = (CampaignDay.month, CampaignDay.day, CampaignDay.id)
    return list(session.scalars(select(CampaignDay).order_by(*order)))


def coming_days(session: Session, today: date, ahead: int = 60) -> list[Coming]:
    """What is now or begins within so many days."""
    days, campaigns = list_days(session), list_campaigns(session)
    until = today + timedelta(days=ahead)
    both = [one for year in {today.year, until.year} for one in days_of_year(days, campaigns, year)]
    return sorted((one for one in both if one.first <= until and one.last >= today), key=lambda one: one.first)


def list_campaigns(session: Session) -> list[Campaign]:
    """All campaigns, newest first."""
    return list(session.scalars(select(Campaign).order_by(Campaign.starts_on.desc(), Campaign.id.desc())))


def find_running(session: Session, today: date) -> Campaign | None:
    """The campaign that runs on a day; of two the one that began last."""
    now = select(Campaign).where(Campaign.starts_on <= today, Campaign.ends_on >= today)
    return session.scalars(now.order_by(Campaign.starts_on.desc(), Campaign.id.desc())).first()


def find_logo(session: Session, campaign_id: int) -> ArticlePicture | None:
    """The logo that its articles bear: the newest that was put there."""
    logos = select(ArticlePicture).where(ArticlePicture.campaign_id == campaign_id)
    return session.scalars(logos.order_by(ArticlePicture.id.desc())).first()


@dataclass(frozen=True)
class CampaignWords:
    """What staff say of a campaign."""

    year: int
    name: str
    theme: str
    starts_on: date
    ends_on: date
    units: tuple[str, ...] = ()
    summary_due_on: date | None = None
    about: str = ""
    is_sample: bool = False


def find_faults(said: CampaignWords) -> dict[str, str]:
    """Field → what is wrong with it (pure)."""
    faults = {}
    if not said.name:
        faults["name"] = "请填写活动名称，例：诚信兴商宣传月"
    if not said.theme:
        faults["theme"] = "请填写活动主题：文章都要带上它"
    for field, words in (("name", said.name), ("theme", said.theme)):
        if len(words) > LONGEST_THEME:
            faults[field] = f"最多 {LONGEST_THEME} 个字"
    if said.ends_on < said.starts_on:
        faults["ends_on"] = "结束日期早于开始日期"
    if said.starts_on.year != said.year:
        faults["year"] = "年份和开始日期不一致"
    if said.summary_due_on and said.summary_due_on < said.starts_on:
        faults["summary_due_on"] = "总结的截止日期早于活动开始"
    return faults


class CampaignError(UserError):
    """What is wrong with a campaign, by field."""

    def __init__(self, faults: dict[str, str]) -> None:
        super().__init__("；".join(faults.values()))
        self.faults = faults


def save_campaign(
    session: Session, campaign: Campaign | None, said: CampaignWords, actor: Actor, now: datetime
) -> Campaign:
    """Add or change a campaign; CampaignError names the fields. Written down, last in the transaction."""
    faults = find_faults(said)
    same = session.scalar(select(Campaign).where(Campaign.year == said.year, Campaign.name == said.name))
    if same is not None and same is not campaign:
        faults["name"] = f"{said.year} 年已有“{said.name}”"
    if faults:
        raise CampaignError(faults)
    is_new = campaign is None
    row = campaign or Campaign(created_at=now)
    row.year, row.name, row.theme = said.year, said.name, said.theme
    row.starts_on, row.ends_on, row.summary_due_on = said.starts_on, said.ends_on, said.summary_due_on
    row.units, row.about, row.is_sample, row.updated_at = list(said.units), said.about, said.is_sample, now
    session.add(row)
    session.flush()
    details = {"做了什么": "新增活动" if is_new else "修改活动", "主题": said.theme}
    record(session, actor, Act.CAMPAIGN_CHANGED, now, subject=f"{said.year}年{said.name}", details=details)
    return row
