"""The 活动统计表 compared cell by cell with a count done another way, over events drawn by a seed."""

import io
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from docx import Document
from sqlalchemy.orm import Session

from config.taking_part import load_taking_part
from models.activity import ActivityKind, EntryKind
from models.article import Article, Campaign
from models.campaign_words import ArticleState, ArticleType, Column
from models.counting import CountedKind
from models.database import Database
from services.campaigns.activities import call_off
from services.campaigns.publicity import EntryWords, add_entry, strike_out
from services.campaigns.sign_ups import Comer, add_check_in
from services.counting.contacts import note_contacts
from services.counting.documents import make_docx, make_xlsx, read_xlsx
from services.counting.figures import Dimension, Measure, Period, collect, pivot
from services.counting.rows import BY_CODE, ROWS, Cell, spell
from services.counting.table import (
    Sheet,
    TableError,
    change_number,
    line_of,
    missing_units,
    own_sheet,
    read_table,
    roll_up,
    set_units,
    submissions_of,
    take_in,
)
from tests.taking_part import add_activity, add_campaign

NOW = datetime(2026, 10, 8, 2, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 9, 1), date(2026, 9, 30)
RULES = load_taking_part().counting


@dataclass
class Tally:
    """The other way: added up while the events are made, knowing nothing of the tables."""

    numbers: Counter[str] = field(default_factory=Counter)
    ways: set[str] = field(default_factory=set)
    consults: set[tuple[str, date]] = field(default_factory=set)


def moment(drawn: random.Random) -> datetime:
    """Some minute of September in China."""
    return datetime(2026, 8, 31, 16, tzinfo=UTC) + timedelta(minutes=drawn.randrange(30 * 24 * 60))


UNITS = {
    EntryKind.MATERIAL: "material0", EntryKind.PAPER: "paper0", EntryKind.TELEVISION: "television0",
    EntryKind.RADIO: "radio0", EntryKind.SITE: "site0", EntryKind.VIDEO: "video0", EntryKind.LIVE: "live1",
    EntryKind.CONSULT: "consult0",
}  # fmt: skip


def make_events(session: Session, campaign: Campaign, seed: int) -> Tally:
    """A month of everything, with much that must not count."""
    drawn, tally = random.Random(seed), Tally()
    for make in (make_activity, make_entry, make_article, make_contact):
        for number in range({make_contact: 400, make_entry: 60}.get(make, 30)):
            make(session, campaign.id, drawn, tally, number)
    tally.numbers["consult0"] += len(tally.consults)
    tally.numbers["coverage0"] = tally.numbers["meeting1"] + tally.numbers["material0"]
    return tally


def make_activity(session: Session, campaign_id: int, drawn: random.Random, tally: Tally, number: int) -> None:
    kind, at, mine = drawn.choice(list(ActivityKind)), moment(drawn), drawn.random() < 0.8
    row = add_activity(session, at, days=0, kind=kind, title=f"活动{number}", campaign_id=campaign_id if mine else None)
    came = drawn.randrange(6)
    for person in range(came):
        for _ in range(drawn.choice((1, 2))):  # whoever checks in twice is there once
            add_check_in(session, row, Comer(bytes([person]) * 32, "h5"), None, at)
    row.headcount = drawn.choice((None, drawn.randrange(300)))
    if drawn.random() < 0.15:
        call_off(row, "下雨取消", "staff:2", at)
    elif mine:
        name = "live" if kind is ActivityKind.LIVE else "meeting"
        tally.numbers[f"{name}0"] += 1
        tally.numbers[f"{name}1"] += came if row.headcount is None else row.headcount


def make_entry(session: Session, campaign_id: int, drawn: random.Random, tally: Tally, number: int) -> None:
    kind, count, way = drawn.choice(list(EntryKind)), drawn.randrange(1, 500), drawn.choice(("展板", "折页", "海报"))
    mine, struck = drawn.random() < 0.8, drawn.random() < 0.15
    said = EntryWords(kind, f"台账{number}", moment(drawn).date(), count, way)
    said = replace(said, campaign_id=campaign_id if mine else None)
    entry = add_entry(session, said, association_id=None, by="staff:1", now=NOW)
    if struck:
        strike_out(entry, "重复", NOW)
    elif mine:
        tally.numbers[UNITS[kind]] += count
        tally.numbers["live0"] += kind is EntryKind.LIVE
        tally.ways |= {way} if kind is EntryKind.MATERIAL else set()


def make_article(session: Session, campaign_id: int, drawn: random.Random, tally: Tally, number: int) -> None:
    state, kind, mine = drawn.choice(list(ArticleState)), drawn.choice(list(ArticleType)), drawn.random() < 0.8
    at, is_out = moment(drawn), state is ArticleState.APPROVED
    row = Article(campaign_id=campaign_id if mine else None, column=Column.NEWS, type=kind, title=f"文章{number}")
    row.state, row.added_by, row.created_at, row.updated_at = state, "staff:1", at, at
    row.published_at = at if is_out else None
    session.add(row)
    session.flush()
    if mine and is_out:
        tally.numbers["video0" if kind is ArticleType.VIDEO else "site0"] += 1


def make_contact(session: Session, _campaign: int, drawn: random.Random, tally: Tally, _number: int) -> None:
    who, at = f"openid{drawn.randrange(20)}", moment(drawn) + timedelta(days=drawn.choice((0, 0, 0, 31)))
    kind = drawn.choice((CountedKind.CONSULT, CountedKind.LOOK_UP))
    note_contacts(session, [kind], who, at)
    day = (at + timedelta(hours=8)).date()
    if kind is CountedKind.CONSULT and FIRST <= day <= LAST:
        tally.consults.add((who, day))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_cell_equals_a_count_done_another_way(database: Database, seed: int) -> None:
    with database.write() as session:
        campaign = add_campaign(session, NOW, FIRST, LAST)
        tally = make_events(session, campaign, seed)
        lines, addends = read_table(session, campaign, RULES, NOW)
    for line in lines:
        wanted = tuple(tally.numbers[f"{line.row.code}{place}"] for place in range(len(line.row.units)))
        assert line.shown.numbers == wanted, line.row.title
        told = [sum(one.numbers[place] or 0 for one in addends[line.row.code]) for place in range(len(wanted))]
        assert tuple(told) == wanted, line.row.title
    assert set(line_of(lines, "material").shown.ways) == tally.ways
    sources = [one.source for one in addends["meeting"] + addends["live"] + addends["site"] + addends["video"]]
    assert len(sources) == len(set(sources))  # nothing counts twice


def test_a_change_keeps_what_was_counted_and_can_be_given_back(sqlite: Database) -> None:
    with sqlite.write() as session:
        campaign = add_campaign(session, NOW, FIRST, LAST)
        lines, _ = read_table(session, campaign, RULES, NOW)
        paper = line_of(lines, "paper")
        with pytest.raises(TableError, match="原因"):
            change_number(session, paper, campaign, 0, value=9, reason=" ", by="staff:1", now=NOW)
        change_number(session, paper, campaign, 0, value=9, reason="补录省报报道", by="staff:1", now=NOW)
        changed = line_of(read_table(session, campaign, RULES, NOW)[0], "paper")
        assert (changed.counted, changed.shown) == (Cell((0,)), Cell((9,)))
        assert changed.changes[0].reason == "补录省报报道"
        change_number(session, changed, campaign, 0, value=None, reason="已登记台账", by="staff:1", now=NOW)
        again = line_of(read_table(session, campaign, RULES, NOW)[0], "paper")
        assert (again.shown, again.changes) == (Cell((0,)), ())


def test_the_documents_have_ten_rows_and_merged_headings(sqlite: Database) -> None:
    with sqlite.write() as session:
        campaign = add_campaign(session, NOW, FIRST, LAST)
        make_events(session, campaign, 4)
        sheet = own_sheet(read_table(session, campaign, RULES, NOW)[0], campaign, "示范市商务局")
    page = openpyxl.load_workbook(io.BytesIO(make_xlsx(sheet)))["活动统计表"]
    assert page["A1"].value == "2026年“诚信兴商宣传月”活动统计表"
    assert {str(area) for area in page.merged_cells.ranges} == {
        "A1:D1", "A2:D2", "A3:A10", "B3:B4", "B5:B7", "B8:B10", "A11:B12",
    }  # fmt: skip
    assert [page.cell(3 + place, 3).value for place in range(10)] == [row.title for row in ROWS]
    assert [page.cell(3 + place, 4).value for place in range(10)] == [spell(row, sheet.cells[row.code]) for row in ROWS]
    table = Document(io.BytesIO(make_docx(sheet, NOW))).tables[0]
    assert [row.cells[2].text for row in table.rows] == [row.title for row in ROWS]
    assert [row.cells[3].text for row in table.rows] == [spell(row, sheet.cells[row.code]) for row in ROWS]
    assert table.cell(0, 0)._tc is table.cell(7, 0)._tc
    assert table.cell(8, 0)._tc is table.cell(9, 1)._tc


def test_tables_of_other_bureaus_add_up_and_who_is_missing_is_named(sqlite: Database) -> None:
    with sqlite.write() as session:
        campaign = add_campaign(session, NOW, FIRST, LAST)
        make_events(session, campaign, 5)
        own = own_sheet(read_table(session, campaign, RULES, NOW)[0], campaign, "示范市商务局")
        set_units(session, campaign.id, ["甲县商务局", "乙县商务局", "甲县商务局", ""])
        theirs = read_xlsx(make_xlsx(Sheet(2026, "甲县商务局", own.cells)))
        assert theirs.cells == own.cells
        for number in (1, 1, 2):  # the same file again changes nothing, another one replaces it
            take_in(session, campaign, theirs, bytes([number]) * 32, "staff:1", now=NOW)
        assert [one.unit for one in submissions_of(session, campaign.id)] == ["甲县商务局"]
        assert missing_units(session, campaign.id) == ["乙县商务局"]
        whole = roll_up(own, submissions_of(session, campaign.id))
        for row in ROWS:
            assert whole.cells[row.code].numbers == tuple(2 * (n or 0) for n in own.cells[row.code].numbers), row.title
        with pytest.raises(TableError, match="2025年"):
            take_in(session, campaign, Sheet(2025, "乙县商务局", own.cells), b"x" * 32, "staff:1", now=NOW)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda page: page.delete_rows(5), "缺少“纸媒新闻"),
        (lambda page: page.cell(5, 4, "三十多"), "看不明白；例：12篇"),
        (lambda page: page.cell(2, 1, "填报单位："), "写上单位名称"),
        (lambda page: page.cell(1, 1, "统计表"), "没有找到标题"),
    ],
)
def test_a_table_that_cannot_be_read_says_where(change: Callable[[Any], object], words: str) -> None:
    sheet = read_xlsx(make_xlsx(empty_sheet()))
    assert sheet == empty_sheet()
    book = openpyxl.load_workbook(io.BytesIO(make_xlsx(sheet)))
    page = book["活动统计表"]
    for area in list(page.merged_cells.ranges):
        page.unmerge_cells(str(area))
    change(page)
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(TableError, match=words):
        read_xlsx(stream.getvalue())
    with pytest.raises(TableError, match="打不开"):
        read_xlsx(b"PK\x03\x04 not a workbook")


def empty_sheet() -> Sheet:
    return Sheet(2026, "甲县商务局", {row.code: Cell((0,) * len(row.units)) for row in ROWS})


def test_figures_by_day_and_channel_are_the_same_events(sqlite: Database) -> None:
    with sqlite.write() as session:
        campaign = add_campaign(session, NOW, FIRST, LAST)
        tally = make_events(session, campaign, 6)
        found = collect(session, Period(FIRST, LAST, campaign.id))
    measures, days = pivot(found, Dimension.DAY)
    place = measures.index(Measure.CONSULT)
    assert sum(counts[place] for _, counts in days) == len(tally.consults)
    assert [day for day, _ in days] == sorted(day for day, _ in days)
    _, channels = pivot(found, Dimension.CHANNEL)
    assert sum(map(sum, (counts for _, counts in days))) == sum(map(sum, (counts for _, counts in channels)))
    assert BY_CODE["meeting"].units == ("场次", "人次")
