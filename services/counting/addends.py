"""What each cell of the 活动统计表 is made of: every addend once, with where it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config.taking_part import CountingRules
from models.activity import Activity, ActivityKind, ActivityState, EntryKind, PublicityEntry
from models.article import Article, Campaign
from models.campaign_words import ArticleState, ArticleType
from models.case import Case
from models.case_words import CaseKind
from models.counting import CountedEvent, CountedKind
from services.calendar.telling import day_words
from services.calendar.working_days import day_of, end_of, start_of
from services.campaigns.activities import turnouts
from services.campaigns.publicity import ENTRY_WORDS
from services.counting.reads import ArticleReaders, readers_of
from services.counting.rows import ROWS, Cell, Row, add_numbers

CHAT = "公众号答复的咨询"


@dataclass(frozen=True)
class Addend:
    """One thing that a cell counts; None: it happened, and its number is not known."""

    numbers: tuple[int | None, ...]
    words: str
    source: str  # activity:12, entry:7, article:3, or a table
    way: str = ""


Addends = dict[str, list[Addend]]


def gather(session: Session, campaign: Campaign, rules: CountingRules, now: datetime) -> Addends:
    """By row; only what has happened."""
    entries = entries_of(session, campaign.id)
    meetings, broadcasts = held(session, campaign.id, now)
    linked = {entry.activity_id for entry in entries if entry.kind is EntryKind.LIVE}
    found: Addends = {
        "meeting": meetings,
        "material": from_entries(entries, EntryKind.MATERIAL),
        "paper": from_entries(entries, EntryKind.PAPER),
        "television": from_entries(entries, EntryKind.TELEVISION),
        "radio": from_entries(entries, EntryKind.RADIO),
        "site": from_articles(session, campaign.id, is_video=False) + from_entries(entries, EntryKind.SITE),
        "video": from_articles(session, campaign.id, is_video=True) + from_entries(entries, EntryKind.VIDEO),
        "live": [one for number, one in broadcasts if number not in linked] + live_entries(entries),
        "consult": consults(session, campaign, rules) + from_entries(entries, EntryKind.CONSULT),
    }
    found["coverage"] = coverage(found, rules, reads_of(session, campaign.id, now))
    return found


def cell_of(row: Row, addends: Iterable[Addend]) -> Cell:
    """Added up; no addend is 0."""
    found = list(addends)
    numbers = tuple(add_numbers([one.numbers[place] for one in found]) for place in range(len(row.units)))
    return Cell(numbers, tuple(dict.fromkeys(one.way for one in found if one.way)) if row.has_ways else ())


def entries_of(session: Session, campaign_id: int) -> list[PublicityEntry]:
    """Lines of the logs that are not struck out."""
    wanted = select(PublicityEntry).where(
        PublicityEntry.campaign_id == campaign_id, PublicityEntry.withdrawn_at.is_(None)
    )
    return list(session.scalars(wanted.order_by(PublicityEntry.happened_on, PublicityEntry.id)))


def held(session: Session, campaign_id: int, now: datetime) -> tuple[list[Addend], list[tuple[int, Addend]]]:
    """Published activities that have begun: those that people went to, and broadcasts."""
    wanted = select(Activity).where(
        Activity.campaign_id == campaign_id, Activity.state == ActivityState.PUBLISHED, Activity.begins_at <= now
    )
    rows = list(session.scalars(wanted.order_by(Activity.begins_at, Activity.id)))
    counts = turnouts(session, rows)
    names = {row.id: f"{day_words(day_of(row.begins_at))} {row.title}" for row in rows}
    addends = [(row, Addend((1, counts[row.id].counted), names[row.id], f"activity:{row.id}")) for row in rows]
    meetings = [addend for row, addend in addends if row.kind is not ActivityKind.LIVE]
    return meetings, [(row.id, addend) for row, addend in addends if row.kind is ActivityKind.LIVE]


def from_entries(entries: Iterable[PublicityEntry], kind: EntryKind) -> list[Addend]:
    """Lines of one log."""
    return [Addend((one.count,), tell_entry(one), f"entry:{one.id}", one.way) for one in entries if one.kind is kind]


def tell_entry(one: PublicityEntry) -> str:
    """9月12日 诚信折页（折页）."""
    return f"{day_words(one.happened_on)} {one.title}（{one.way or ENTRY_WORDS[one.kind][0]}）"


def live_entries(entries: Iterable[PublicityEntry]) -> list[Addend]:
    """One line is one broadcast with its viewers."""
    return [Addend((1, one.count), tell_entry(one), f"entry:{one.id}") for one in entries if one.kind is EntryKind.LIVE]


def from_articles(session: Session, campaign_id: int, *, is_video: bool) -> list[Addend]:
    """Articles of the campaign that were published here; each once, however often it was sent."""
    is_kind = Article.type == ArticleType.VIDEO if is_video else Article.type != ArticleType.VIDEO
    wanted = select(Article).where(
        Article.campaign_id == campaign_id,
        Article.state == ArticleState.APPROVED,
        Article.published_at.is_not(None),
        is_kind,
    )
    return [
        Addend((1,), f"{day_words(day_of(one.published_at))} {one.title}（本平台）", f"article:{one.id}")
        for one in session.scalars(wanted.order_by(Article.published_at, Article.id))
        if one.published_at is not None
    ]


def consults(session: Session, campaign: Campaign, rules: CountingRules) -> list[Addend]:
    """Questions answered in the chat, once a person and day (R32), and 咨询 that were filed."""
    first, last = campaign.starts_on, campaign.ends_on
    measure = func.count() if rules.consults_once_a_day else func.sum(CountedEvent.count)
    wanted = select(CountedEvent.happened_on, measure).where(
        CountedEvent.kind == CountedKind.CONSULT, CountedEvent.happened_on.between(first, last)
    )
    rows = session.execute(wanted.group_by(CountedEvent.happened_on).order_by(CountedEvent.happened_on))
    found = [Addend((int(row[1]),), f"{day_words(row[0])} {CHAT}", "counted_events") for row in rows]
    begin, end = start_of(first), end_of(last)
    asked = select(func.count()).select_from(Case)
    asked = asked.where(Case.kind == CaseKind.INQUIRY, Case.submitted_at >= begin, Case.submitted_at < end)
    if count := session.scalar(asked):
        found.append(Addend((count,), "登记办理的咨询事项", "cases"))
    return found


def reads_of(session: Session, campaign_id: int, now: datetime) -> list[Addend]:
    """Articles that went out at WeChat: a reader counts once a day and article; 未载明 where WeChat told nothing."""
    found = []
    for one in readers_of(session, campaign_id, now):
        words = f"《{one.title}》在微信的阅读人次{tell_gap(one)}"
        found.append(Addend((one.readers,), words, f"article:{one.article_id}"))
    return found


def tell_gap(one: ArticleReaders) -> str:
    """Why a number is missing or not whole; "" when it is."""
    if not one.untold:
        return "" if one.readers is not None else "（微信次日上午给出）"
    return f"（{one.untold}天没有数据{'：' if one.said else ''}{one.said}）"


def coverage(found: Addends, rules: CountingRules, reads: list[Addend]) -> list[Addend]:
    """The sum that the rules name."""
    places = {
        "meeting": ("meeting", 1, "活动人次"),
        "material": ("material", 0, "宣传资料份数"),
        "live": ("live", 1, "直播观看人次"),
    }
    addends = []
    for part in rules.coverage:
        if part == "reads":
            addends += reads or [Addend((0,), "文章阅读人次（本次活动还没有文章在微信发出）", "reads")]
            continue
        code, place, words = places[part]
        number = add_numbers([one.numbers[place] for one in found[code]])
        addends.append(Addend((number,), words, f"row:{code}"))
    return addends


def counted(found: Addends) -> dict[str, Cell]:
    """The cells as the system counts them."""
    return {row.code: cell_of(row, found[row.code]) for row in ROWS}
