"""The material, media, live and consultation logs: entered by hand, struck out with a reason, never deleted."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.activity import EntryKind, PublicityEntry
from models.article import Campaign
from services.calendar.working_days import day_of
from services.campaigns.activities import MOST_PEOPLE, ActivityError, require_reason

MOST_SHOWN = 300
# What it is called, what is counted, what the way is.
ENTRY_WORDS: dict[EntryKind, tuple[str, str, str]] = {
    EntryKind.MATERIAL: ("宣传资料", "份", "方式，如展板、折页、海报"),
    EntryKind.PAPER: ("纸媒新闻", "篇", "报刊名称"),
    EntryKind.TELEVISION: ("电视新闻", "条", "电视台、栏目"),
    EntryKind.RADIO: ("电台广播", "次", "电台、栏目"),
    EntryKind.SITE: ("网站新闻", "条", "网站名称"),
    EntryKind.VIDEO: ("视频", "条", "发布平台"),
    EntryKind.LIVE: ("直播", "人次观看", "直播平台"),
    EntryKind.CONSULT: ("现场咨询", "人次", "在哪里设点"),
}


@dataclass(frozen=True)
class EntryWords:
    """One line as it is entered."""

    kind: EntryKind
    title: str
    happened_on: date
    count: int
    way: str = ""
    address: str = ""
    region: str = ""
    campaign_id: int | None = None


def add_entry(
    session: Session, said: EntryWords, *, association_id: int | None, by: str, now: datetime
) -> PublicityEntry:
    """Add a line; ActivityError names the field."""
    if not said.title.strip() or len(said.title) > 120:
        raise ActivityError("请填写标题或内容，最多 120 个字", "title")
    if said.kind is EntryKind.MATERIAL and not said.way.strip():
        raise ActivityError("统计表要写方式，请填写，例：折页", "way")
    if not 1 <= said.count <= MOST_PEOPLE:
        raise ActivityError("数量请填 1 以上的数", "count")
    if said.happened_on > day_of(now):
        raise ActivityError("日期还没有到，请发生后再登记", "happened_on")
    if said.address and not said.address.startswith(("https://", "http://")):
        raise ActivityError("网址以 https:// 开头", "address")
    if said.campaign_id is not None and session.get(Campaign, said.campaign_id) is None:
        raise ActivityError("没有这个宣传活动", "campaign_id")
    row = PublicityEntry(
        kind=said.kind,
        campaign_id=said.campaign_id,
        association_id=association_id,
        happened_on=said.happened_on,
        title=said.title.strip(),
        way=said.way.strip()[:60],
        address=said.address.strip()[:300],
        region=said.region.strip()[:40],
        count=said.count,
        added_by=by,
        added_at=now,
        withdrawn_reason="",
    )
    session.add(row)
    session.flush()
    return row


def strike_out(row: PublicityEntry, reason: str, now: datetime) -> None:
    """Entered by mistake: it stays to be seen, and counts no more."""
    if row.withdrawn_at is None:
        row.withdrawn_reason, row.withdrawn_at = require_reason(reason)[:200], now


def list_entries(session: Session, association_id: int | None, campaign_id: int | None = None) -> list[PublicityEntry]:
    """Newest first; an association's own, or all."""
    wanted = select(PublicityEntry).order_by(PublicityEntry.happened_on.desc(), PublicityEntry.id.desc())
    if association_id is not None:
        wanted = wanted.where(PublicityEntry.association_id == association_id)
    if campaign_id is not None:
        wanted = wanted.where(PublicityEntry.campaign_id == campaign_id)
    return list(session.scalars(wanted.limit(MOST_SHOWN)))
